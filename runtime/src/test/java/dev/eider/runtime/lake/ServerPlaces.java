package dev.eider.runtime.lake;

import dev.eider.runtime.config.LakePlace;
import dev.eider.runtime.config.S3Settings;
import dev.eider.runtime.server.S3Keys;
import dev.eider.runtime.server.S3Server;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Optional;

/** Lakes on the servers of tests. */
final class ServerPlaces {

  static final String LAKE_ID = "team.blog";
  static final String PREFIX = "lakes/test";

  private ServerPlaces() {}

  /**
   * A bucket.
   *
   * @param endpoint of the server, or of a proxy before it
   * @param credentials where the keys are as files
   */
  static S3Settings bucket(String bucket, String endpoint, Path credentials, Optional<Path> ca) {
    return new S3Settings(
        bucket,
        PREFIX,
        S3Server.REGION,
        Optional.of(URI.create(endpoint)),
        true,
        Optional.of(credentials),
        ca);
  }

  /** Files in a bucket, the catalog in a file. */
  static LakePlace inBucket(String bucket, String endpoint, S3Keys keys, Path credentials)
      throws IOException {
    keys.write(credentials);
    return new LakePlace(
        Optional.of(bucket(bucket, endpoint, credentials, Optional.empty())),
        Optional.empty(),
        LAKE_ID);
  }

  /** What the names of the lake's files in its bucket begin with. */
  static String data() {
    return PREFIX + "/" + LAKE_ID + "/data/";
  }

  /** Makes DuckDB as impatient as a test is. */
  static void hasten(Lake lake) throws SQLException {
    set(lake, "http_timeout = 1");
    set(lake, "http_retries = 1");
  }

  /** Makes DuckDB ask the bucket each time: files that it has read lately it knows by heart. */
  static void forget(Lake lake) throws SQLException {
    set(lake, "enable_external_file_cache = false");
  }

  /** Uploads in parts of 5 MB, where they would be of 80. */
  static void inSmallParts(Lake lake) throws SQLException {
    set(lake, "s3_uploader_max_filesize = '50GB'");
  }

  private static void set(Lake lake, String setting) throws SQLException {
    try (LakeView view = lake.view("any")) {
      Sql.run(view.connection(), "SET GLOBAL " + setting);
    }
  }
}
