package dev.eider.runtime.erasure;

import dev.eider.runtime.backup.BackupPlace;
import dev.eider.runtime.disk.Disk;
import dev.eider.runtime.lake.ErasureSubject;
import dev.eider.runtime.state.StateDirectory;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * Which erasures there were: a file each in {@code state/erasure} on the volume and in {@code
 * erasures} beside the backups, and a receipt for each that is done. Files are only added, so both
 * places are merged by copying what one of them lacks.
 */
public final class Ledger {

  /** The folder beside the backups. */
  static final String FOLDER = "erasures";

  private static final String ENTRY = ".entry.json";
  private static final String RECEIPT = ".receipt.json";
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,252}");

  private final Path folder;
  private final StateDirectory state;

  private Ledger(Path folder, StateDirectory state) {
    this.folder = folder;
    this.state = state;
  }

  /** The one of a data directory. */
  public static Ledger open(Path data, Disk disk) throws IOException {
    Path folder = data.resolve("state/erasure");
    return new Ledger(folder, StateDirectory.open(folder, disk));
  }

  LedgerKey key() throws IOException {
    return LedgerKey.made(state);
  }

  /** The key, if this data directory has it. */
  Optional<LedgerKey> knownKey() throws IOException {
    return LedgerKey.there(state);
  }

  /** All erasures, the oldest first. */
  List<Entry> entries() throws IOException {
    List<Entry> entries = new ArrayList<>();
    for (String name : names()) {
      if (name.endsWith(ENTRY)) {
        entries.add(LedgerJson.read(name, state.read(name).orElseThrow(), Entry.class));
      }
    }
    entries.sort(Comparator.comparing(Entry::at).thenComparing(Entry::id));
    return entries;
  }

  /** The names of all erasures. */
  public Set<String> ids() throws IOException {
    Set<String> ids = new TreeSet<>();
    for (Entry entry : entries()) {
      ids.add(entry.id());
    }
    return ids;
  }

  Optional<Entry> entry(String id) throws IOException {
    Optional<byte[]> there = state.read(requireName(id) + ENTRY);
    return there.isEmpty()
        ? Optional.empty()
        : Optional.of(LedgerJson.read(id, there.get(), Entry.class));
  }

  Optional<Receipt> receipt(String id) throws IOException {
    Optional<byte[]> there = state.read(requireName(id) + RECEIPT);
    return there.isEmpty()
        ? Optional.empty()
        : Optional.of(LedgerJson.read(id, there.get(), Receipt.class));
  }

  void add(Entry entry, Optional<BackupPlace> beside) throws IOException {
    write(requireName(entry.id()) + ENTRY, LedgerJson.write(entry), beside);
  }

  void add(Receipt receipt, Optional<BackupPlace> beside) throws IOException {
    write(requireName(receipt.id()) + RECEIPT, LedgerJson.write(receipt), beside);
  }

  private void write(String name, byte[] content, Optional<BackupPlace> beside) throws IOException {
    state.write(name, content);
    if (beside.isPresent()) {
      copy(beside.get(), name, content);
    }
  }

  private static void copy(BackupPlace to, String name, byte[] content) throws IOException {
    to.write(FOLDER + "/" + name, content.length, new ByteArrayInputStream(content));
  }

  /** Brings what one place has and the other lacks to the other. */
  public void merge(BackupPlace beside) throws IOException {
    Set<String> there = new HashSet<>();
    for (String name : beside.list(FOLDER).keySet()) {
      there.add(name.substring(FOLDER.length() + 1));
    }
    Set<String> here = new HashSet<>(names());
    for (String name : there) {
      if (!here.contains(name) && isOurs(name)) {
        try (InputStream in = beside.read(FOLDER + "/" + name)) {
          state.write(name, in.readAllBytes());
        }
      }
    }
    for (String name : here) {
      if (!there.contains(name)) {
        copy(beside, name, state.read(name).orElseThrow());
      }
    }
  }

  private List<String> names() throws IOException {
    try (var files = Files.list(folder)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(Ledger::isOurs)
          .sorted()
          .toList();
    }
  }

  private static boolean isOurs(String name) {
    return (name.endsWith(ENTRY) || name.endsWith(RECEIPT)) && ID.matcher(name).matches();
  }

  private static String requireName(String id) {
    if (!ID.matcher(id).matches()) {
      throw new IllegalArgumentException("an erasure's name has letters, digits, dots and dashes");
    }
    return id;
  }

  /** Tells every value that a part of a site's rows has. */
  @FunctionalInterface
  interface Values {
    void tell(String siteId, ErasureSubject.Part part, Consumer<String> each);
  }

  /**
   * Finds whom entries mean in rows, by making hashes of all that it holds.
   *
   * @return the subject of each; empty where they hold nothing of it
   */
  Map<String, Optional<ErasureSubject>> find(Values rows, List<Entry> entries, LedgerKey key) {
    Map<String, Set<Look>> bySite = new TreeMap<>();
    Set<String> wanted = new HashSet<>();
    for (Entry entry : entries) {
      wanted.addAll(entry.visitors());
      wanted.add(entry.value());
      wanted.addAll(entry.filter().values());
      entry
          .sites()
          .forEach(
              (site, dimension) ->
                  bySite
                      .computeIfAbsent(site, each -> new HashSet<>())
                      .addAll(looks(entry, dimension)));
    }
    Map<String, String> values = new HashMap<>();
    bySite.forEach(
        (site, looks) ->
            looks.forEach(
                look ->
                    rows.tell(
                        site,
                        look.part(),
                        value -> {
                          String hash = look.hash(key, value);
                          if (wanted.contains(hash)) {
                            values.put(hash, value);
                          }
                        })));
    Map<String, Optional<ErasureSubject>> found = new HashMap<>();
    entries.forEach(entry -> found.put(entry.id(), entry.subject(values)));
    return found;
  }

  private static List<Look> looks(Entry entry, int dimension) {
    List<Look> looks = new ArrayList<>();
    if (!entry.visitors().isEmpty()) {
      looks.add(new Look(new ErasureSubject.Part.Visitor()));
    }
    if (!entry.property().isEmpty()) {
      looks.add(
          new Look(
              new ErasureSubject.Part.Named(
                  entry.property(),
                  dimension == 0 ? OptionalInt.empty() : OptionalInt.of(dimension))));
    }
    entry
        .filter()
        .keySet()
        .forEach(name -> looks.add(new Look(new ErasureSubject.Part.Filter(name))));
    return looks;
  }

  /** A part of a site's rows to be looked at, once for all entries. */
  private record Look(ErasureSubject.Part part) {

    String hash(LedgerKey key, String value) {
      return switch (part) {
        case ErasureSubject.Part.Visitor visitor -> key.visitor(value);
        case ErasureSubject.Part.Named named -> key.property(named.name(), value);
        case ErasureSubject.Part.Filter filter -> key.filter(filter.name(), value);
      };
    }
  }
}
