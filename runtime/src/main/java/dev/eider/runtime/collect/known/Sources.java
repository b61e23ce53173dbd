package dev.eider.runtime.collect.known;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Names of the places visitors come from: {@code Google} for {@code www.google.co.uk}, {@code
 * Facebook} for {@code lm.facebook.com} and for the word {@code fb}. Names and kinds are in {@code
 * sources.txt}; a place that is not there is called as its host.
 */
public final class Sources {

  private static final Set<String> SECOND_LEVEL = Set.of("co", "com", "net", "org", "ne", "or");

  /** By host, without {@code www.}. */
  private final Map<String, String> byHost = new HashMap<>();

  /** By a name that stands under many top-level domains, as in {@code google.*}. */
  private final Map<String, String> byName = new HashMap<>();

  /** By what people write into utm_source and ref, lower case. */
  private final Map<String, String> byWord = new HashMap<>();

  private final Map<String, SourceKind> kinds = new HashMap<>();
  private SourceKind heading = SourceKind.OTHER;

  /** Reads the list. */
  public Sources() {
    Lines.forEach("sources.txt", this::add);
  }

  /**
   * Name of a host or of an Android app.
   *
   * @param host lower case, without {@code www.}
   */
  public String ofHost(String host) {
    int from = 0;
    while (true) {
      String name = byHost.get(from == 0 ? host : host.substring(from));
      if (name != null) {
        return name;
      }
      int dot = host.indexOf('.', from);
      if (dot < 0) {
        return ofLabel(host);
      }
      from = dot + 1;
    }
  }

  /**
   * Name of what stands in utm_source, ref or source: a word, a host, or anything else as it is.
   */
  public String ofWord(String word) {
    String lower = word.toLowerCase(Locale.ROOT);
    String name = byWord.get(lower);
    if (name != null) {
      return name;
    }
    return lower.indexOf('.') > 0 && lower.indexOf(' ') < 0
        ? ofHost(lower.startsWith("www.") ? lower.substring(4) : lower)
        : word;
  }

  /** Of what kind a source of this name is. */
  public SourceKind kind(String name) {
    return kinds.getOrDefault(name, SourceKind.OTHER);
  }

  /** {@code google} in {@code www.google.co.uk}, but not in {@code google.example.com}. */
  private String ofLabel(String host) {
    int end = host.lastIndexOf('.');
    if (end < 0) {
      return host;
    }
    int from = host.lastIndexOf('.', end - 1) + 1;
    String label = host.substring(from, end);
    if (SECOND_LEVEL.contains(label) && from > 1) {
      end = from - 1;
      label = host.substring(host.lastIndexOf('.', end - 1) + 1, end);
    }
    return byName.getOrDefault(label, host);
  }

  private void add(String line) {
    if (line.startsWith("[")) {
      heading = SourceKind.valueOf(line.substring(1, line.indexOf(']')).toUpperCase(Locale.ROOT));
      return;
    }
    int colon = line.indexOf(": ");
    String name = line.substring(0, colon);
    kinds.put(name, heading);
    byWord.put(name.toLowerCase(Locale.ROOT), name);
    for (String part : line.substring(colon + 2).split(",", -1)) {
      String key = part.strip();
      String before =
          key.startsWith("=")
              ? byWord.put(key.substring(1), name)
              : key.endsWith(".*")
                  ? byName.put(key.substring(0, key.length() - 2), name)
                  : byHost.put(key, name);
      if (before != null && !before.equals(name)) {
        throw new IllegalStateException(
            "sources.txt says of '%s' that it is %s and %s".formatted(key, before, name));
      }
    }
  }
}
