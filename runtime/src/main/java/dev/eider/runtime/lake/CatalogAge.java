package dev.eider.runtime.lake;

import dev.eider.runtime.store.BucketStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells an older catalog, brought back by a snapshot of a volume or by a person, from the lake's.
 */
record CatalogAge(LakeParts parts) {

  private static final Logger LOG = LoggerFactory.getLogger(CatalogAge.class);

  /**
   * Says which files of a bucket were written after a catalog that was brought back to a new
   * volume, where nothing tells what was committed. As long as nothing is committed by it.
   */
  void tellWhatItDoesNotKnow() {
    if (!(parts.store instanceof BucketStore) || !(parts.catalog instanceof FileCatalog)) {
      return;
    }
    try {
      Instant since = parts.writeAhead.read().since();
      Optional<Instant> newest =
          parts.commits.read("looking how old the catalog is", parts.snapshots::all).stream()
              .map(Snapshot::snapshotTime)
              .max(Comparator.naturalOrder())
              .filter(at -> at.isBefore(since));
      if (newest.isEmpty()) {
        return;
      }
      Set<String> named =
          parts.commits.read("looking which files the catalog names", parts.files::named);
      List<String> unknown =
          parts.store.names().stream()
              .filter(name -> !named.contains(name))
              .filter(name -> isBetween(name, newest.get(), since))
              .sorted()
              .toList();
      if (!unknown.isEmpty()) {
        tell(
            "%s is older than the lake's files: %d files under %s were written after it and are not in it, of which one is %s. What only they have is in no answer: bring a newer catalog back, or build a lake of all of the files in a new data directory (eider restore --parquet %3$s)"
                .formatted(
                    parts.catalog.where(), unknown.size(), parts.store.root(), unknown.getLast()));
      }
    } catch (IOException | LakeException e) {
      LOG.warn("whether the catalog is as new as the lake is not known: {}", e.getMessage());
    }
  }

  private static boolean isBetween(String name, Instant from, Instant until) {
    return WriteAhead.made(LakeFiles.lastPart(name))
        .filter(at -> at.isAfter(from) && at.isBefore(until))
        .isPresent();
  }

  private void tell(String sentence) throws IOException {
    LOG.error("{}", sentence);
    Files.writeString(new LakeLayout(parts.settings.data()).unknownFiles(), sentence + "\n");
  }

  /** What was told, until somebody has removed it. */
  List<String> told() {
    Path note = new LakeLayout(parts.settings.data()).unknownFiles();
    try {
      return Files.exists(note)
          ? List.of(
              "lake: %s (%s; remove it when that was looked into)"
                  .formatted(Files.readString(note).strip(), note))
          : List.of();
    } catch (IOException e) {
      return List.of("lake: %s cannot be read: %s".formatted(note, e.getMessage()));
    }
  }

  /**
   * Looks whether files are there that were committed and that the catalog does not name.
   *
   * @param lost what the journal has let go of, and this catalog's lake does not have
   * @throws LakeException when some are: the catalog is an older one
   */
  void requireNewest(String lost) {
    try {
      Set<String> unknown = parts.writeAhead.read().kept();
      parts.commits.read("looking which files the catalog names", parts.files::named).stream()
          .map(LakeFiles::lastPart)
          .forEach(unknown::remove);
      List<String> there =
          unknown.isEmpty()
              ? List.of()
              : parts.store.names().stream()
                  .filter(name -> unknown.contains(LakeFiles.lastPart(name)))
                  .sorted()
                  .toList();
      if (!there.isEmpty()) {
        throw new LakeException(
            "%s is an older catalog than this lake's: it does not know %s, nor %d files that were committed, of which one is %s. Bring the newer one back, or bring back a backup (eider restore --from PLACE), or build a lake in a new data directory from the files (eider restore --parquet %s). Whoever wants to go on without these events deletes %s"
                .formatted(
                    parts.catalog.where(),
                    lost,
                    there.size(),
                    there.getLast(),
                    parts.store.root(),
                    new LakeLayout(parts.settings.data()).writeAhead()));
      }
    } catch (IOException e) {
      throw new LakeException("the lake's files cannot be looked at: " + e.getMessage(), e);
    }
  }
}
