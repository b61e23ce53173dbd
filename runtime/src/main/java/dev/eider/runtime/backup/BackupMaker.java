package dev.eider.runtime.backup;

import dev.eider.runtime.disk.DiskFullException;
import dev.eider.runtime.lake.Lake;
import dev.eider.runtime.lake.LakeExport;
import dev.eider.runtime.lake.Steps;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * Makes backups. Files that an earlier one has brought to the place are not brought again: a name
 * is never used for other content.
 */
final class BackupMaker {

  /** The folder of what backups share. */
  static final String DATA = "data";

  /**
   * Below the state, what no backup has: salts are to be forgotten, a token is its owner's, and the
   * ledger of erasures lies beside the backups, its key only here.
   */
  private static final List<String> LEFT_OUT = List.of("salts", "admin-token", "erasure");

  /** The id of a backup that is begun at a time; ids sort like these. */
  static final DateTimeFormatter ID =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss.SSS'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

  private final Backups backups;
  private final Lake lake;
  private final Path state;

  /**
   * Copies a lake.
   *
   * @param state the folder of the small things beside it
   */
  BackupMaker(Backups backups, Lake lake, Path state) {
    this.backups = backups;
    this.lake = lake;
    this.state = state;
  }

  /**
   * What was made.
   *
   * @param copied the names of data files that had to be copied
   * @param bytesCopied their size
   */
  record Made(Manifest manifest, Set<String> copied, long bytesCopied) {

    Made {
      copied = Set.copyOf(copied);
    }

    /** The same, after another try. */
    Made and(Made before) {
      Set<String> all = new HashSet<>(copied);
      all.addAll(before.copied);
      return new Made(manifest, all, bytesCopied + before.bytesCopied);
    }
  }

  /**
   * Makes one of all that is in the lake by now.
   *
   * @param begun the time; every event accepted before is in the lake already
   */
  Made make(Instant begun, Steps steps) throws IOException {
    BackupPlace place = backups.place();
    Map<String, Manifest.File> known = known();
    String id = ID.format(begun);
    String folder = Manifest.folder(id) + "/";
    try (LakeExport export = lake.export(steps)) {
      steps.begin("sum up the rows");
      List<Manifest.Site> sites =
          lake.sums(export.snapshot()).stream().map(Manifest.Site::of).toList();
      List<LakeExport.File> files = export.files();
      List<LakeExport.File> missing =
          files.stream()
              .filter(
                  file ->
                      !known.containsKey(file.path())
                          || known.get(file.path()).bytes() != file.bytes())
              .toList();
      long bytesCopied = missing.stream().mapToLong(LakeExport.File::bytes).sum();
      requireRoom(place, bytesCopied);
      Map<String, Manifest.File> brought = new ConcurrentHashMap<>();
      Abreast.all(
          missing.size(),
          i -> {
            synchronized (steps) {
              steps.begin("copy file %d of %d".formatted(i + 1, missing.size()));
            }
            brought.put(missing.get(i).path(), copy(place, export, missing.get(i)));
          });
      known.putAll(brought);
      List<Manifest.File> data = files.stream().map(file -> known.get(file.path())).toList();
      steps.begin("copy catalog and state");
      List<Manifest.File> own = new ArrayList<>();
      own.add(copy(place, folder, Manifest.CATALOG, export.catalog()));
      own.add(write(place, folder, "schema.sql", SchemaSql.of(export)));
      for (Path file : state()) {
        own.add(copy(place, folder, Manifest.STATE + state.relativize(file), file));
      }
      Manifest manifest =
          new Manifest(
              Manifest.FORMAT,
              id,
              begun,
              export.schemaVersion(),
              export.snapshot(),
              sites,
              own,
              data);
      byte[] json = manifest.json();
      place.write(folder + "manifest.json", json.length, new ByteArrayInputStream(json));
      return new Made(manifest, brought.keySet(), bytesCopied);
    }
  }

  private static void requireRoom(BackupPlace place, long bytes) throws IOException {
    OptionalLong free = place.freeBytes();
    if (free.isPresent() && free.getAsLong() < bytes) {
      throw new DiskFullException(
          "%s has room for %,d bytes, and this backup has %,d that are not there yet. Nothing was copied: make room, or keep fewer backups"
              .formatted(place.name(), free.getAsLong(), bytes));
    }
  }

  /** What earlier backups have brought there and is there still, as long as it was. */
  private Map<String, Manifest.File> known() throws IOException {
    Map<String, Manifest.File> known = new HashMap<>();
    Map<String, Long> there = backups.place().list(DATA);
    for (Manifest manifest : backups.all().whole()) {
      for (Manifest.File file : manifest.data()) {
        if (there.getOrDefault(DATA + "/" + file.path(), -1L) == file.bytes()) {
          known.put(file.path(), file);
        }
      }
    }
    return known;
  }

  static Manifest.File copy(BackupPlace place, LakeExport export, LakeExport.File file)
      throws IOException {
    try (InputStream in = export.open(file)) {
      Copied copied =
          Copied.by(in, from -> place.write(DATA + "/" + file.path(), file.bytes(), from));
      if (copied.bytes() != file.bytes()) {
        throw new BackupException(
            "%s has %d bytes and not the %d that were written: the lake's file is damaged, and no backup was made. A compaction sets it aside and says what can be done"
                .formatted(file.path(), copied.bytes(), file.bytes()));
      }
      return new Manifest.File(
          file.path(), file.siteId(), file.rows(), file.bytes(), copied.sha256());
    }
  }

  static Manifest.File copy(BackupPlace place, String folder, String name, Path file)
      throws IOException {
    return write(place, folder + name, name, Files.size(file), Files.newInputStream(file));
  }

  static Manifest.File write(BackupPlace place, String folder, String name, String text)
      throws IOException {
    byte[] content = text.getBytes(StandardCharsets.UTF_8);
    return write(place, folder + name, name, content.length, new ByteArrayInputStream(content));
  }

  private static Manifest.File write(
      BackupPlace place, String to, String name, long bytes, InputStream content)
      throws IOException {
    Copied copied = Copied.by(content, from -> place.write(to, bytes, from));
    return new Manifest.File(name, "", 0, bytes, copied.sha256());
  }

  private List<Path> state() throws IOException {
    if (!Files.isDirectory(state)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(state)) {
      return files
          .filter(Files::isRegularFile)
          .filter(file -> !LEFT_OUT.contains(state.relativize(file).getName(0).toString()))
          .sorted()
          .toList();
    }
  }
}
