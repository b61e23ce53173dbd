package dev.eider.runtime.lake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eider.runtime.disk.Disk;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileCatalogTest {

  private static final int ROWS = 200_000;

  @TempDir Path data;
  private FileCatalog catalog;
  private Path log;

  @BeforeEach
  void prepare() throws Exception {
    LakeLayout layout = new LakeLayout(data);
    Files.createDirectories(layout.lake());
    catalog = new FileCatalog(layout, Disk.real());
    log = Path.of(layout.catalog() + ".wal");
  }

  @Test
  void aLongLogIsTakenInAndAShortOneLeft() throws Exception {
    try (Connection connection = open()) {
      Sql.run(connection, "CREATE TABLE %s.t AS SELECT 'one' AS word".formatted(Catalog.ATTACHED));
      long little = Files.size(log);
      catalog.shortenLog(connection);
      assertThat(log).hasSize(little);

      fill(connection);
      assertThat(Files.size(log)).isGreaterThan(FileCatalog.LONGEST_LOG);
      catalog.shortenLog(connection);
      assertThat(log.toFile().length()).isLessThan(little + 100);
      assertThat(rows(connection)).isEqualTo(ROWS + 1);
    }
    try (Connection connection = open()) {
      assertThat(rows(connection)).isEqualTo(ROWS + 1);
    }
  }

  @Test
  void aLogThatCannotBeTakenInNowIsTakenInLater() throws Exception {
    try (Connection connection = open()) {
      Sql.run(connection, "CREATE TABLE %s.t AS SELECT 'one' AS word".formatted(Catalog.ATTACHED));
      fill(connection);
      Sql.run(connection, "BEGIN");
      Sql.run(connection, "INSERT INTO %s.t VALUES ('two')".formatted(Catalog.ATTACHED));
      catalog.shortenLog(connection);
      assertThat(Files.size(log)).isGreaterThan(FileCatalog.LONGEST_LOG);
      Sql.run(connection, "ROLLBACK");
      catalog.shortenLog(connection);
      assertThat(log.toFile().length()).isLessThan(FileCatalog.LONGEST_LOG);
      assertThat(rows(connection)).isEqualTo(ROWS + 1);
    }
  }

  private static void fill(Connection connection) throws SQLException {
    // Less than a row group each: whole ones go past the log.
    for (int i = 0; i < 2; i++) {
      Sql.run(
          connection,
          "INSERT INTO %s.t SELECT repeat(md5(range::VARCHAR), 4) FROM range(%d)"
              .formatted(Catalog.ATTACHED, ROWS / 2));
    }
  }

  private static long rows(Connection connection) throws SQLException {
    return Sql.number(connection, "SELECT count(*) FROM %s.t".formatted(Catalog.ATTACHED));
  }

  private Connection open() throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("checkpoint_threshold", "1TB");
    Connection connection = DriverManager.getConnection("jdbc:duckdb:", properties);
    Sql.run(connection, "ATTACH %s AS %s".formatted(Sql.text(catalog.source()), Catalog.ATTACHED));
    return connection;
  }
}
