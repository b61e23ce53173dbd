package dev.eider.runtime.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** The server with the client that matters most: DuckDB. */
class S3ServerTest {

  private static final Path HTTPFS = Path.of("target/extensions/httpfs.duckdb_extension");

  @Test
  void keepsObjectsAsFilesAlsoOverARestart() throws Exception {
    try (S3Server server = S3Server.started();
        Connection duckdb = client(server.endpoint(), server.keys())) {
      String bucket = server.bucket();
      write(duckdb, bucket);
      assertThat(server.sizes(bucket)).containsOnlyKeys("folder/one.csv");
      server.stop();
      assertThatThrownBy(() -> read(duckdb, bucket)).isInstanceOf(SQLException.class);
      server.start();
      assertThat(read(duckdb, bucket)).isEqualTo(45);
      assertThat(server.file(bucket, "folder/one.csv"))
          .hasContent("i\n0\n1\n2\n3\n4\n5\n6\n7\n8\n9");
    }
  }

  @Test
  void isTrustedOverTlsOnlyByThoseWhoKnowItsAuthority() throws Exception {
    try (S3Server server = S3Server.overTls();
        Connection duckdb = client(server.endpoint(), server.keys())) {
      String bucket = server.bucket();
      assertThatThrownBy(() -> write(duckdb, bucket)).hasMessageContaining("SSL peer certificate");
      run(duckdb, "SET GLOBAL ca_cert_file = '%s'".formatted(server.authority()));
      write(duckdb, bucket);
      assertThat(read(duckdb, bucket)).isEqualTo(45);
    }
  }

  @Test
  void temporaryKeysEnd() throws Exception {
    try (S3Server server = S3Server.withTemporaryKeys()) {
      String bucket = server.bucket();
      S3Keys brief = server.temporaryKeys(Duration.ofSeconds(2));
      try (Connection duckdb = client(server.endpoint(), brief)) {
        write(duckdb, bucket);
        Awaitility.await()
            .untilAsserted(
                () ->
                    assertThatThrownBy(() -> read(duckdb, bucket))
                        .hasMessageContaining("HTTP 403"));
        secret(duckdb, server.endpoint(), server.temporaryKeys(Duration.ofHours(1)));
        assertThat(read(duckdb, bucket)).isEqualTo(45);
        secret(duckdb, server.endpoint(), new S3Keys(brief.id(), brief.secret(), ""));
        assertThatCode(() -> read(duckdb, bucket)).hasMessageContaining("HTTP 403");
      }
    }
  }

  private static void write(Connection duckdb, String bucket) throws SQLException {
    run(
        duckdb,
        "COPY (SELECT range::int AS i FROM range(10)) TO 's3://%s/folder/one.csv'"
            .formatted(bucket));
  }

  private static long read(Connection duckdb, String bucket) throws SQLException {
    try (Statement statement = duckdb.createStatement();
        ResultSet found =
            statement.executeQuery(
                "SELECT sum(i) FROM read_csv('s3://%s/folder/one.csv')".formatted(bucket))) {
      found.next();
      return found.getLong(1);
    }
  }

  private static Connection client(String endpoint, S3Keys keys) throws SQLException {
    Connection duckdb = DriverManager.getConnection("jdbc:duckdb:");
    run(duckdb, "LOAD '%s'".formatted(HTTPFS.toAbsolutePath()));
    run(duckdb, "SET GLOBAL http_retries = 0");
    run(duckdb, "SET GLOBAL enable_external_file_cache = false");
    secret(duckdb, endpoint, keys);
    return duckdb;
  }

  private static void secret(Connection duckdb, String endpoint, S3Keys keys) throws SQLException {
    URI at = URI.create(endpoint);
    run(
        duckdb,
        "CREATE OR REPLACE SECRET s (TYPE s3, KEY_ID '%s', SECRET '%s', SESSION_TOKEN '%s', REGION '%s', ENDPOINT '%s', URL_STYLE 'path', USE_SSL %s)"
            .formatted(
                keys.id(),
                keys.secret(),
                keys.token(),
                S3Server.REGION,
                at.getAuthority(),
                at.getScheme().equals("https")));
  }

  private static void run(Connection duckdb, String sql) throws SQLException {
    try (Statement statement = duckdb.createStatement()) {
      statement.execute(sql);
    }
  }
}
