package dev.eider.runtime.store;

import dev.eider.runtime.config.S3Settings;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ListObjectVersionsResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** What a bucket with versioning keeps of objects that were deleted or replaced. */
final class Versions {

  private Versions() {}

  private record Version(String key, String id) {}

  /**
   * Deletes all of it.
   *
   * @param folder what the keys begin with
   * @return how many versions that were
   * @throws IOException also when it may not be deleted, as where objects are locked
   */
  static long forget(S3Client client, S3Settings settings, String folder) throws IOException {
    List<Version> old =
        BucketStore.on(
            settings, "listing versions of " + folder, () -> old(client, settings, folder));
    for (Version version : old) {
      BucketStore.on(
          settings,
          "deleting a version of " + version.key(),
          () ->
              client.deleteObject(
                  request ->
                      request
                          .bucket(settings.bucket())
                          .key(version.key())
                          .versionId(version.id())));
    }
    return old.size();
  }

  private static List<Version> old(S3Client client, S3Settings settings, String folder) {
    List<Version> old = new ArrayList<>();
    try {
      for (ListObjectVersionsResponse page :
          client.listObjectVersionsPaginator(
              request -> request.bucket(settings.bucket()).prefix(folder))) {
        page.versions().stream()
            .filter(version -> !version.isLatest())
            .forEach(version -> old.add(new Version(version.key(), version.versionId())));
        // Last, so that nothing comes to light again that they hide.
        page.deleteMarkers()
            .forEach(marker -> old.add(new Version(marker.key(), marker.versionId())));
      }
    } catch (S3Exception e) {
      // A store that does not know of versions keeps none.
      if (e.statusCode() == 501) {
        return List.of();
      }
      throw e;
    }
    return old;
  }
}
