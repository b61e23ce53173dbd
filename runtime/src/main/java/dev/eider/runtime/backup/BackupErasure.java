package dev.eider.runtime.backup;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.eider.runtime.disk.Disk;
import dev.eider.runtime.lake.Lake;
import dev.eider.runtime.lake.LakeExport;
import dev.eider.runtime.lake.LakeSettings;
import dev.eider.runtime.lake.Steps;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * Takes an erasure to the backups that were made before it.
 *
 * <p>Each is brought to a folder aside and opened as a lake. One that holds what is erased is made
 * anew without it under another id, and only then the old one goes; or it is just deleted. One that
 * does not is noted as free of it, in {@code erased.json} beside its manifest, and not looked at
 * again. So it may be interrupted anywhere, and goes on where it was.
 */
public final class BackupErasure {

  private static final String ERASED = "/erased.json";
  private static final String AGAIN = "-e";
  private static final long LEAST_MEMORY = 64L << 20;
  private static final JsonMapper JSON = new JsonMapper();

  private final Backups backups;
  private final Path extensions;
  private final Disk disk;

  /** Where files are brought to, once for all backups. */
  private final Path pool;

  private final Path aside;

  /**
   * Of a place.
   *
   * @param data a data directory, in whose folder for temporary files there is room for one backup
   * @param extensions folder of DuckDB's extensions
   */
  public BackupErasure(Backups backups, Path data, Path extensions, Disk disk) {
    this.backups = backups;
    this.extensions = extensions;
    this.disk = disk;
    this.pool = data.resolve("tmp/erasure/files");
    this.aside = data.resolve("tmp/erasure/lake");
  }

  /** What is done with a backup that was opened as a lake. */
  public interface Erasing {

    /** Whether it holds some of what is erased. */
    boolean isIn(Lake lake);

    /** Whether a file of the backup's own has some of it, as bytes. */
    boolean isIn(byte[] content);

    /** Erases it. */
    void eraseFrom(Lake lake, Steps steps);
  }

  /**
   * What was done.
   *
   * @param rewritten backups that were made anew
   * @param deleted backups that were deleted
   * @param versions old versions of objects that are gone
   */
  public record Done(long rewritten, long deleted, long versions) {}

  /**
   * Does it.
   *
   * @param erasure its name
   * @param free backups that are known to be free of it
   * @param expire whether backups that hold some are deleted and not made anew
   * @throws BackupException when there are backups that cannot be read; the others are done
   */
  public Done run(
      String erasure, Predicate<Manifest> free, boolean expire, Erasing erasing, Steps steps)
      throws IOException {
    List<Manifest> going = new ArrayList<>();
    long rewritten = 0;
    Backups.Found found = backups.all();
    try {
      for (Manifest manifest : found.whole()) {
        Set<String> erased = erasedFrom(manifest);
        if (free.test(manifest) || erased.contains(erasure)) {
          continue;
        }
        steps.begin("look into backup " + manifest.id());
        erased.add(erasure);
        bring(manifest, steps);
        if (!isIn(manifest, erasing)) {
          note(manifest.id(), erased);
        } else if (expire) {
          going.add(manifest);
        } else {
          remake(manifest, erased, erasing, steps);
          going.add(manifest);
          rewritten++;
        }
        remove(aside);
      }
    } finally {
      remove(aside.getParent());
    }
    steps.begin("delete %d backups".formatted(going.size()));
    // What a killed one has left may hold what is erased, however lately it was begun.
    backups.remove(going, Instant.now());
    if (!found.damaged().isEmpty()) {
      throw new BackupException(
          "backups that cannot be read may hold what is erased: delete them and ask again. %s"
              .formatted(String.join("; ", found.reasons())));
    }
    long versions = backups.place().forgetVersions();
    return new Done(rewritten, going.size() - rewritten, versions);
  }

  /** The erasures that a backup is known to be free of. */
  public Set<String> erasedFrom(Manifest manifest) throws IOException {
    String name = Manifest.folder(manifest.id()) + ERASED;
    if (!backups.place().list(Manifest.folder(manifest.id())).containsKey(name)) {
      return new TreeSet<>();
    }
    try (InputStream in = backups.place().read(name)) {
      return JSON.readValue(in.readAllBytes(), new TypeReference<TreeSet<String>>() {});
    }
  }

  private void note(String id, Set<String> erased) throws IOException {
    byte[] json = JSON.writeValueAsBytes(erased);
    backups
        .place()
        .write(Manifest.folder(id) + ERASED, json.length, new ByteArrayInputStream(json));
  }

  private boolean isIn(Manifest manifest, Erasing erasing) throws IOException {
    // Before it is opened, which changes it.
    if (erasing.isIn(Files.readAllBytes(catalog()))) {
      return true;
    }
    try (Lake lake = open()) {
      return erasing.isIn(lake);
    }
  }

  private Path catalog() {
    return aside.resolve("lake").resolve(Manifest.CATALOG);
  }

  private Lake open() {
    LakeSettings settings = LakeSettings.of(aside, extensions);
    // The lake that goes on beside it has the most.
    return Lake.open(
        settings.withMemoryLimit(Math.max(settings.memoryLimit() / 4, LEAST_MEMORY)).withThreads(1),
        disk);
  }

  private void remake(Manifest old, Set<String> erased, Erasing erasing, Steps steps)
      throws IOException {
    BackupPlace place = backups.place();
    String id = nextId(old.id());
    String folder = Manifest.folder(id) + "/";
    Map<String, Manifest.File> known = new HashMap<>();
    old.data().forEach(file -> known.put(file.path(), file));
    try (Lake lake = open()) {
      erasing.eraseFrom(lake, steps);
      try (LakeExport export = lake.export(steps)) {
        List<Manifest.Site> sites =
            lake.sums(export.snapshot()).stream().map(Manifest.Site::of).toList();
        List<Manifest.File> data = new ArrayList<>();
        for (LakeExport.File file : export.files()) {
          Manifest.File there = known.get(file.path());
          data.add(there == null ? BackupMaker.copy(place, export, file) : there);
        }
        List<Manifest.File> own = new ArrayList<>();
        own.add(BackupMaker.copy(place, folder, Manifest.CATALOG, export.catalog()));
        own.add(BackupMaker.write(place, folder, "schema.sql", SchemaSql.of(export)));
        for (Manifest.File file : old.own()) {
          if (file.path().startsWith(Manifest.STATE)) {
            own.add(copyState(old, folder, file));
          }
        }
        note(id, erased);
        byte[] json =
            new Manifest(
                    Manifest.FORMAT,
                    id,
                    old.madeAt(),
                    export.schemaVersion(),
                    export.snapshot(),
                    sites,
                    own,
                    data)
                .json();
        place.write(folder + "manifest.json", json.length, new ByteArrayInputStream(json));
      }
    }
  }

  private Manifest.File copyState(Manifest old, String folder, Manifest.File file)
      throws IOException {
    try (InputStream in = backups.place().read(Manifest.folder(old.id()) + "/" + file.path())) {
      Copied copied =
          Copied.by(in, from -> backups.place().write(folder + file.path(), file.bytes(), from));
      requireSame(old, file, copied);
      return file;
    }
  }

  /** The same time, and how often it was made anew. */
  private static String nextId(String id) {
    int at = id.lastIndexOf(AGAIN);
    return at < 0
        ? id + AGAIN + 1
        : id.substring(0, at) + AGAIN + (Integer.parseInt(id.substring(at + AGAIN.length())) + 1);
  }

  /** Whether a backup is the one that once had an id, made anew since. */
  static boolean isOf(Manifest manifest, String id) {
    return manifest.id().equals(id) || manifest.id().matches(Pattern.quote(id) + "-e\\d+");
  }

  private void bring(Manifest manifest, Steps steps) throws IOException {
    remove(aside);
    Path lake = aside.resolve("lake");
    Files.createDirectories(lake.resolve("data"));
    List<Manifest.File> files = manifest.data();
    for (Manifest.File file : files) {
      Path kept = inside(pool, file.path());
      if (!Files.exists(kept)) {
        steps.begin("bring a file of %d".formatted(files.size()));
        bring(manifest, BackupMaker.DATA + "/" + file.path(), file, kept);
      }
      Path link = inside(lake.resolve("data"), file.path());
      Files.createDirectories(link.getParent());
      Files.createLink(link, kept);
    }
    for (Manifest.File file : manifest.own()) {
      if (file.path().equals(Manifest.CATALOG)) {
        bring(manifest, Manifest.folder(manifest.id()) + "/" + file.path(), file, catalog());
      }
    }
  }

  private static Path inside(Path folder, String name) throws BackupException {
    Path target = folder.resolve(name).normalize();
    if (!target.startsWith(folder)) {
      throw new BackupException(
          "a manifest names the file '%s', which would lie outside of the lake".formatted(name));
    }
    return target;
  }

  private void bring(Manifest manifest, String from, Manifest.File file, Path to)
      throws IOException {
    Files.createDirectories(to.getParent());
    Path half = to.resolveSibling(to.getFileName() + ".partial");
    try (InputStream in = backups.place().read(from)) {
      requireSame(
          manifest,
          file,
          Copied.by(in, each -> Files.copy(each, half, StandardCopyOption.REPLACE_EXISTING)));
    }
    OwnerOnly.permit(half);
    Files.move(half, to, StandardCopyOption.ATOMIC_MOVE);
  }

  private void requireSame(Manifest manifest, Manifest.File file, Copied copied)
      throws BackupException {
    if (!copied.is(file)) {
      throw new BackupException(
          "%s of backup %s in %s is damaged, so what is erased cannot be taken out of it: delete that backup and ask again"
              .formatted(file.path(), manifest.id(), backups.place().name()));
    }
  }

  private static void remove(Path folder) throws IOException {
    if (Files.isDirectory(folder)) {
      try (var files = Files.walk(folder)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }

  /** For search in a file's bytes: whether it contains a text, as DuckDB stores it. */
  public static boolean contains(byte[] content, String text) {
    // Every byte is a character of its own here, so nothing is lost or joined.
    String all = new String(content, StandardCharsets.ISO_8859_1);
    return all.contains(
        new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1));
  }
}
