package dev.eider.runtime.lake;

import dev.eider.runtime.store.BucketStore;
import dev.eider.runtime.store.Store;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Makes sure that a new lake gets a folder of its own in its bucket. */
final class BucketClaim {

  private BucketClaim() {}

  /**
   * Takes the folder; on a volume there is nothing to take.
   *
   * @throws LakeException when another lake is there
   */
  static void take(Store store, LakeSettings settings) {
    if (!(store instanceof BucketStore bucket)) {
      return;
    }
    try {
      boolean free =
          bucket.claim(
              BucketStore.CLAIM,
              "{\"lake\": \"%s\"}\n"
                  .formatted(settings.place().lakeId())
                  .getBytes(StandardCharsets.UTF_8));
      // A process that died right here has claimed it and written nothing.
      if (free || !bucket.hasFolder("main")) {
        return;
      }
    } catch (IOException e) {
      throw new LakeException("the lake's bucket: " + e.getMessage(), e);
    }
    String where =
        settings.place().catalog().isPresent()
            ? "the database that --catalog names has none: restore its dump, or name the right one"
            : "its last copy is %s in the same folder of the bucket; it goes to %s"
                .formatted(CatalogCopier.KEPT, new LakeLayout(settings.data()).catalog());
    throw new LakeException(
        "%s holds a lake already, and its catalog is not here. Bring the catalog back (%s), or take another prefix"
            .formatted(settings.place().dataName(), where));
  }
}
