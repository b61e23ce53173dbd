package dev.eider.runtime.backup;

import dev.eider.runtime.store.Bucket;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;

/** Backups in a bucket. */
final class BucketPlace implements BackupPlace {

  private final String name;
  private final Bucket bucket;

  BucketPlace(String name, Bucket bucket) {
    this.name = name;
    this.bucket = bucket;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Map<String, Long> list(String folder) throws IOException {
    return bucket.list(folder + "/");
  }

  @Override
  public InputStream read(String file) throws IOException {
    return bucket.read(file);
  }

  @Override
  public void write(String file, long bytes, InputStream content) throws IOException {
    bucket.write(file, bytes, content);
  }

  @Override
  public void delete(String file) throws IOException {
    bucket.delete(file);
  }

  /** Only of backups and archives: others may use the bucket, too. */
  @Override
  public long forgetVersions() throws IOException {
    return bucket.forgetVersions(BackupMaker.DATA + "/")
        + bucket.forgetVersions("backups/")
        + bucket.forgetVersions("archive/");
  }

  @Override
  public void close() {
    bucket.close();
  }
}
