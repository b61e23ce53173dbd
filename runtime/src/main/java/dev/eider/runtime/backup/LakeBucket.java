package dev.eider.runtime.backup;

import dev.eider.runtime.config.LakePlace;
import dev.eider.runtime.config.S3Settings;
import dev.eider.runtime.store.Bucket;
import dev.eider.runtime.store.BucketStore;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** The folder in a bucket that a lake is restored to; nobody else's may be there. */
final class LakeBucket implements AutoCloseable {

  private static final String CLAIM = BucketStore.CLAIM;

  private final Bucket bucket;

  private LakeBucket(Bucket bucket) {
    this.bucket = bucket;
  }

  /**
   * Takes it.
   *
   * @param token names the restore: one that was interrupted goes on
   * @throws BackupException when another lake is there
   */
  static LakeBucket take(S3Settings s3, LakePlace place, String token) throws IOException {
    byte[] claim =
        "{\"lake\": \"%s\", \"restore\": \"%s\"}\n"
            .formatted(place.lakeId(), token)
            .getBytes(StandardCharsets.UTF_8);
    boolean free;
    try (BucketStore store = new BucketStore(s3, place)) {
      free = store.claim(CLAIM, claim);
    }
    Bucket bucket = new Bucket(s3.at(place.folder(s3)));
    if (!free && !token(bucket).contains(token)) {
      bucket.close();
      throw new BackupException(
          "%s holds a lake already: restore to another by --lake-id. Nothing was touched"
              .formatted(place.dataName()));
    }
    return new LakeBucket(bucket);
  }

  private static String token(Bucket bucket) throws IOException {
    try (InputStream in = bucket.read(CLAIM)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** Writes a data file of the lake. */
  void write(Manifest.File file, InputStream content) throws IOException {
    bucket.write(BackupMaker.DATA + "/" + file.path(), file.bytes(), content);
  }

  @Override
  public void close() {
    bucket.close();
  }
}
