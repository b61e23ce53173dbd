package dev.eider.runtime.backup;

import dev.eider.runtime.lake.HitKeepExport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Bare Parquet files of events in a folder and below it. Files of a lake's other tables are left
 * out: all that is in them follows from events.
 *
 * @param name what people know the folder by
 * @param files sorted; of HitKeep's backup those that are read
 * @param hitKeep what it is where HitKeep wrote it
 */
public record ParquetTree(
    Path folder, String name, List<Path> files, Optional<HitKeepExport> hitKeep) {

  /** Folders of these names, right below {@code main}. */
  private static final Set<String> NOT_OF_EVENTS =
      Set.of(
          "sessions", "superseded", "rollups", "rollup_days", "journal_marks", "schema_versions");

  public ParquetTree {
    files = List.copyOf(files);
  }

  /**
   * Looks for them.
   *
   * @throws BackupException when there are none
   */
  public static ParquetTree in(Path folder) throws IOException {
    Path whole = folder.toAbsolutePath().normalize();
    if (!Files.isDirectory(whole)) {
      throw new BackupException(whole + " is no folder");
    }
    Optional<HitKeepExport> hitKeep = HitKeepExport.in(whole);
    if (hitKeep.isPresent()) {
      return new ParquetTree(whole, whole.toString(), hitKeep.get().snapshots(), hitKeep);
    }
    try (Stream<Path> all = Files.walk(whole)) {
      List<Path> files =
          all.filter(Files::isRegularFile).filter(ParquetTree::isOfEvents).sorted().toList();
      if (files.isEmpty()) {
        throw new BackupException("%s has no Parquet files of events in it".formatted(whole));
      }
      return new ParquetTree(whole, whole.toString(), files, Optional.empty());
    }
  }

  /**
   * The files as a lake takes them.
   *
   * @param scratch a folder for those that have to be written anew; made where it is needed
   */
  List<Path> ready(Path scratch) throws IOException {
    if (hitKeep.isEmpty()) {
      return files;
    }
    return hitKeep.get().convert(Files.createDirectories(scratch));
  }

  /** The same, for people that know it by another name. */
  ParquetTree named(String other) {
    return new ParquetTree(folder, other, files, hitKeep);
  }

  /** By its name. */
  static boolean isOfEvents(Path file) {
    if (!file.toString().toLowerCase(Locale.ROOT).endsWith(".parquet")) {
      return false;
    }
    for (int i = 1; i < file.getNameCount(); i++) {
      if (file.getName(i - 1).toString().equals("main")
          && NOT_OF_EVENTS.contains(file.getName(i).toString())) {
        return false;
      }
    }
    return true;
  }
}
