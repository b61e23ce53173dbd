package dev.eider.runtime.collect.known;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Finds which of many texts another one contains. At each place the next three characters are
 * looked up in a table, so a search takes about a microsecond however many texts there are.
 */
final class NamedTexts {

  private static final int KEY = 3;
  private static final String COMPATIBLE = "compatible; ";

  /**
   * A text to find.
   *
   * @param next another one that begins with the same three characters, or null
   */
  private record Entry(String name, String text, boolean atBeginning, @Nullable Entry next) {}

  private Entry[] table = new Entry[64];
  private int size;

  /**
   * Adds one.
   *
   * @param text at least three characters
   * @param atBeginning whether it counts only at the beginning, or after {@code compatible; }
   */
  void add(String name, String text, boolean atBeginning) {
    if (text.length() < KEY) {
      throw new IllegalArgumentException("'" + text + "' is too short to be told from others");
    }
    if (++size > table.length / 4) {
      Entry[] old = table;
      table = new Entry[old.length * 4];
      for (Entry entry : old) {
        for (Entry at = entry; at != null; at = at.next) {
          put(at.name, at.text, at.atBeginning);
        }
      }
    }
    put(name, text, atBeginning);
  }

  private void put(String name, String text, boolean atBeginning) {
    int slot = slot(text, 0);
    table[slot] = new Entry(name, text, atBeginning, table[slot]);
  }

  /** Name of the longest text in it, which is the most telling one, or empty. */
  String in(String whole) {
    String name = "";
    int longest = 0;
    for (int i = 0; i <= whole.length() - KEY; i++) {
      for (Entry entry = table[slot(whole, i)]; entry != null; entry = entry.next) {
        int length = entry.text.length();
        if (length > longest
            && whole.startsWith(entry.text, i)
            && (!entry.atBeginning || isBeginning(whole, i))) {
          name = entry.name;
          longest = length;
        }
      }
    }
    return name;
  }

  private static boolean isBeginning(String whole, int at) {
    return at == 0 || whole.startsWith(COMPATIBLE, at - COMPATIBLE.length());
  }

  private int slot(String text, int at) {
    int hash = (text.charAt(at) * 31 + text.charAt(at + 1)) * 31 + text.charAt(at + 2);
    return (hash * 0x9E3779B9 >>> 8) & (table.length - 1);
  }

  @Override
  public String toString() {
    return size + " texts in " + Arrays.stream(table).filter(e -> e != null).count() + " slots";
  }
}
