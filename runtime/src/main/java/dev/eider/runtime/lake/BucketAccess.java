package dev.eider.runtime.lake;

import dev.eider.runtime.config.S3Settings;
import dev.eider.runtime.store.BucketStore;
import java.io.IOException;
import java.net.URI;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives one DuckDB instance access to the bucket, and gives it again whenever keys have changed:
 * temporary ones end, Secrets are rotated.
 */
final class BucketAccess {

  private static final Logger LOG = LoggerFactory.getLogger(BucketAccess.class);

  /** Keys are asked for at most this often; those of a folder are read, others come from memory. */
  private static final long FRESH_NANOS = 1_000_000_000L;

  /** Seconds without an answer after which a request is given up. */
  private static final int TIMEOUT = 15;

  private static final int RETRIES = 2;

  private final BucketStore store;
  private BucketStore.@Nullable Access given;
  private long askedNanos;

  BucketAccess(BucketStore store) {
    this.store = store;
  }

  /** Once, before the lake is attached. */
  synchronized void prepare(Connection connection, LakeSettings settings) throws SQLException {
    equip(connection, settings);
    S3Settings bucket = store.settings();
    LOG.info(
        "bucket {}, region {}, at {}{}: keys from {}",
        bucket.bucket(),
        bucket.region(),
        bucket.endpoint().map(URI::toString).orElse("AWS"),
        bucket.pathStyle() ? ", path style" : "",
        bucket.credentials().map(Object::toString).orElse("what AWS's SDK finds"));
    given = give(connection);
    askedNanos = System.nanoTime();
  }

  /**
   * Gives an instance that lives for one question access with the keys of now. They are in its
   * memory only.
   */
  void lend(Connection other, LakeSettings settings) throws SQLException {
    equip(other, settings);
    give(other);
  }

  private void equip(Connection connection, LakeSettings settings) throws SQLException {
    Sql.run(
        connection,
        "LOAD " + Sql.text(settings.extensions().resolve("httpfs.duckdb_extension").toString()));
    Sql.run(connection, "SET GLOBAL http_timeout = " + TIMEOUT);
    Sql.run(connection, "SET GLOBAL http_retries = " + RETRIES);
    // Parts of 5 MB: those of 77 that would be usual do not fit into little memory.
    Sql.run(connection, "SET GLOBAL s3_uploader_max_filesize = '50GB'");
    Optional<String> ca = store.settings().ca().map(Object::toString);
    if (ca.isPresent()) {
      Sql.run(connection, "SET GLOBAL ca_cert_file = " + Sql.text(ca.get()));
    }
  }

  private BucketStore.Access give(Connection connection) throws SQLException {
    try {
      BucketStore.Access access = store.access();
      give(connection, access);
      return access;
    } catch (IOException e) {
      throw new LakeException("the lake's bucket: " + e.getMessage(), e);
    }
  }

  /** Whenever a connection is about to be used. */
  synchronized void renew(Connection connection) throws SQLException {
    if (System.nanoTime() - askedNanos < FRESH_NANOS) {
      return;
    }
    try {
      BucketStore.Access now = store.access();
      if (!now.equals(given)) {
        give(connection, now);
        given = now;
        LOG.info("the lake's bucket is used with new keys");
      }
      askedNanos = System.nanoTime();
    } catch (IOException e) {
      // Those that were given may still be good; if not, the next request says so.
      LOG.warn("no new keys for the lake's bucket: {}", e.getMessage());
    }
  }

  private void give(Connection connection, BucketStore.Access access) throws SQLException {
    S3Settings settings = store.settings();
    String endpoint =
        settings
            .endpoint()
            .map(
                uri ->
                    ", ENDPOINT %s, USE_SSL %s"
                        .formatted(Sql.text(authority(uri)), uri.getScheme().equals("https")))
            .orElse("");
    try {
      Sql.run(
          connection,
          "CREATE OR REPLACE SECRET lake_data (TYPE s3, KEY_ID %s, SECRET %s, SESSION_TOKEN %s, REGION %s, URL_STYLE '%s'%s, SCOPE %s)"
              .formatted(
                  Sql.text(access.keyId()),
                  Sql.text(access.secret()),
                  Sql.text(access.token()),
                  Sql.text(settings.region()),
                  settings.pathStyle() ? "path" : "vhost",
                  endpoint,
                  Sql.text("s3://" + settings.bucket())));
    } catch (SQLException e) {
      // Not the message nor the cause: they may repeat the statement.
      throw new LakeException("DuckDB did not take the keys of bucket " + settings.bucket());
    }
  }

  private static String authority(URI endpoint) {
    return endpoint.getPort() < 0
        ? endpoint.getHost()
        : endpoint.getHost() + ":" + endpoint.getPort();
  }
}
