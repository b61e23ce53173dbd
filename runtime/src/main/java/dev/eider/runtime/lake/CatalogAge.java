package dev.eider.runtime.lake;

import java.io.IOException;
import java.util.List;
import java.util.Set;

/**
 * Tells an older catalog, brought back by a snapshot of a volume or by a person, from the lake's.
 */
record CatalogAge(LakeParts parts) {

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
            "%s is an older catalog than this lake's: it does not know %s, nor %d files that were committed, of which one is %s. Bring the newer one back, or bring back a backup (eider restore --from PLACE), or build a lake in a new data directory from the files (eider restore --parquet %s). Whoever wants to go on without these events deletes %s; nothing was changed"
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
