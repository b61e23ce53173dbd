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
 * erasures} beside the backups, what was found of it before any of it went, and a receipt for each
 * that is done. Files are only added, so both places are merged by copying what one of them lacks.
 * What they mean is told by keys ({@link LedgerKeys}), which are beside the backups only where
 * something seals them.
 */
public final class Ledger {

  /** The folder beside the backups. */
  static final String FOLDER = "erasures";

  private static final String ENTRY = ".entry.json";
  private static final String COUNT = ".count.json";
  private static final String RECEIPT = ".receipt.json";
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,252}");

  private final Path folder;
  private final StateDirectory state;
  private final LedgerKeys keys;

  private Ledger(Path folder, StateDirectory state) {
    this.folder = folder;
    this.state = state;
    this.keys = new LedgerKeys(state);
  }

  /** The one of a data directory. */
  public static Ledger open(Path data, Disk disk) throws IOException {
    Path folder = data.resolve("state/erasure");
    return new Ledger(folder, StateDirectory.open(folder, disk));
  }

  /** The key for new erasures. */
  LedgerKey key() throws IOException {
    return keys.own();
  }

  /** Whether it can be told whom an erasure means. */
  boolean understands(Entry entry) throws IOException {
    return !entry.needsKey() || keys.named(entry.key()).isPresent();
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
    return read(id, ENTRY, Entry.class);
  }

  /** What was found of it before any of it went. */
  Optional<ErasureCount> count(String id) throws IOException {
    return read(id, COUNT, ErasureCount.class);
  }

  Optional<Receipt> receipt(String id) throws IOException {
    return read(id, RECEIPT, Receipt.class);
  }

  private <T> Optional<T> read(String id, String ending, Class<T> type) throws IOException {
    Optional<byte[]> there = state.read(requireName(id) + ending);
    return there.isEmpty() ? Optional.empty() : Optional.of(LedgerJson.read(id, there.get(), type));
  }

  void add(Entry entry, Optional<BackupPlace> beside) throws IOException {
    write(requireName(entry.id()) + ENTRY, LedgerJson.write(entry), beside);
  }

  void add(String id, ErasureCount count, Optional<BackupPlace> beside) throws IOException {
    write(requireName(id) + COUNT, LedgerJson.write(count), beside);
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

  /**
   * Brings what one place has and the other lacks to the other, and takes over the keys of erasures
   * that are not known here.
   */
  public void merge(BackupPlace beside, Seals seals) throws IOException {
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
    keys.bring(keyNames(), seals.over(beside));
  }

  /**
   * Sees to it that the ledger beside the backups is understood without this directory.
   *
   * @return whether anything is there to seal its keys by
   */
  boolean carryKeys(BackupPlace beside, Seals seals) throws IOException {
    List<BackupPlace> sealed = seals.over(beside);
    if (sealed.isEmpty()) {
      return false;
    }
    keys.carry(keyNames(), sealed.getFirst());
    return true;
  }

  private Set<String> keyNames() throws IOException {
    Set<String> names = new TreeSet<>();
    for (Entry entry : entries()) {
      if (entry.needsKey()) {
        names.add(entry.key());
      }
    }
    return names;
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
    return (name.endsWith(ENTRY) || name.endsWith(COUNT) || name.endsWith(RECEIPT))
        && ID.matcher(name).matches();
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
  Map<String, Optional<ErasureSubject>> find(Values rows, List<Entry> entries) throws IOException {
    // A part of a site's rows is looked at once, whatever the number of erasures and of keys.
    Map<String, Map<ErasureSubject.Part, Set<LedgerKey>>> bySite = new TreeMap<>();
    Map<String, LedgerKey> known = new HashMap<>();
    Set<String> wanted = new HashSet<>();
    for (Entry entry : entries) {
      Optional<LedgerKey> key =
          entry.needsKey() ? key(entry.key(), known) : Optional.<LedgerKey>empty();
      if (key.isEmpty()) {
        continue;
      }
      wanted.addAll(entry.visitors());
      wanted.add(entry.value());
      wanted.addAll(entry.filter().values());
      entry
          .sites()
          .forEach(
              (site, dimension) ->
                  parts(entry, dimension)
                      .forEach(
                          part ->
                              bySite
                                  .computeIfAbsent(site, each -> new HashMap<>())
                                  .computeIfAbsent(part, each -> new HashSet<>())
                                  .add(key.get())));
    }
    Map<String, String> values = new HashMap<>();
    bySite.forEach(
        (site, parts) ->
            parts.forEach(
                (part, by) ->
                    rows.tell(
                        site,
                        part,
                        value ->
                            by.forEach(
                                key -> {
                                  String hash = hash(key, part, value);
                                  if (wanted.contains(hash)) {
                                    values.put(hash, value);
                                  }
                                }))));
    Map<String, Optional<ErasureSubject>> found = new HashMap<>();
    entries.forEach(entry -> found.put(entry.id(), entry.subject(values)));
    return found;
  }

  private Optional<LedgerKey> key(String name, Map<String, LedgerKey> known) throws IOException {
    if (!known.containsKey(name)) {
      keys.named(name).ifPresent(key -> known.put(name, key));
    }
    return Optional.ofNullable(known.get(name));
  }

  private static List<ErasureSubject.Part> parts(Entry entry, int dimension) {
    List<ErasureSubject.Part> parts = new ArrayList<>();
    if (!entry.visitors().isEmpty()) {
      parts.add(new ErasureSubject.Part.Visitor());
    }
    if (!entry.property().isEmpty()) {
      parts.add(
          new ErasureSubject.Part.Named(
              entry.property(), dimension == 0 ? OptionalInt.empty() : OptionalInt.of(dimension)));
    }
    entry.filter().keySet().forEach(name -> parts.add(new ErasureSubject.Part.Filter(name)));
    return parts;
  }

  private static String hash(LedgerKey key, ErasureSubject.Part part, String value) {
    return switch (part) {
      case ErasureSubject.Part.Visitor visitor -> key.visitor(value);
      case ErasureSubject.Part.Named named -> key.property(named.name(), value);
      case ErasureSubject.Part.Filter filter -> key.filter(filter.name(), value);
    };
  }
}
