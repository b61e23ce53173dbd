package dev.eider.runtime.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a statement must not be able to do. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SqlAttackTest {

  private Path data;
  private SqlSite site;
  private List<Path> before;

  @BeforeAll
  void open(@TempDir Path folder) throws Exception {
    data = folder;
    site = new SqlSite(data).filled();
    before = files();
  }

  @AfterAll
  void close() throws Exception {
    assertThat(site.leftovers()).isEmpty();
    assertThat(files()).isEqualTo(before);
    site.close();
  }

  private List<Path> files() throws Exception {
    try (Stream<Path> all = Files.walk(data)) {
      return all.filter(path -> !path.startsWith(site.scratch)).sorted().toList();
    }
  }

  private static List<String> refused() {
    return List.of(
        // Statements that are none of reading.
        "COPY events TO '/tmp/eider-attack.csv'",
        "COPY (SELECT 1) TO '/tmp/eider-attack.csv'",
        "EXPORT DATABASE '/tmp/eider-attack'",
        "ATTACH '/tmp/eider-attack.db'",
        "ATTACH 'ducklake:DATA/lake/catalog.ducklake' AS lake",
        "DETACH memory",
        "INSTALL httpfs",
        "LOAD httpfs",
        "SET lock_configuration = false",
        "RESET ALL",
        "PRAGMA database_list",
        "CALL pragma_version()",
        "CREATE TABLE x AS SELECT 1",
        "CREATE SECRET s (TYPE s3, KEY_ID 'a', SECRET 'b')",
        "DROP VIEW events",
        "INSERT INTO events SELECT * FROM events",
        "WITH x AS (DELETE FROM events RETURNING *) SELECT * FROM x",
        "UPDATE events SET site_id = 'x'",
        "EXPLAIN ANALYZE SELECT 1",
        "CHECKPOINT",
        "USE memory",
        "PREPARE p AS SELECT 1",
        "EXECUTE p",
        "BEGIN",
        "VACUUM",
        "PIVOT events ON site_id USING count(*)",
        // More than one, and comments that hide one.
        "SELECT 1; SELECT 2",
        "SELECT 1; COPY events TO '/tmp/eider-attack.csv'",
        "SELECT 1; -- \n DROP VIEW events",
        "/* */ SELECT 1 /* ; */ ; INSTALL httpfs",
        "SELECT 1) LIMIT 1; COPY (SELECT 1) TO '/tmp/eider-attack.csv' --",
        "SELECT ''') LIMIT 1; INSTALL httpfs; --",
        ";",
        "--",
        // Files.
        "FROM '/etc/passwd'",
        "FROM '/etc/passwd.csv'",
        "FROM \"DATA/open/site_id=shop/date=2026-05-04/0001.parquet\"",
        "SELECT * FROM read_text('/etc/passwd')",
        "SELECT * FROM read_blob('/proc/self/environ')",
        "SELECT * FROM read_csv('/etc/passwd')",
        "SELECT * FROM read_csv_auto('/etc/passwd')",
        "SELECT * FROM read_json('/etc/passwd')",
        "SELECT * FROM read_ndjson_objects('/etc/passwd')",
        "SELECT * FROM sniff_csv('/etc/passwd')",
        "SELECT * FROM read_parquet('DATA/open/*/*/*.parquet')",
        "SELECT * FROM parquet_scan('DATA/open/*/*/*.parquet')",
        "SELECT * FROM parquet_metadata('DATA/open/site_id=shop/date=2026-05-04/0001.parquet')",
        "SELECT * FROM read_duckdb('DATA/lake/catalog.ducklake')",
        "SELECT * FROM glob('/etc/*')",
        "SELECT * FROM \"https://example.com/x.csv\"",
        "SELECT * FROM read_csv('https://example.com/x.csv')",
        "WITH \"/etc/passwd\" AS (SELECT 1) FROM \"/etc/passwd\"",
        "SELECT (SELECT content FROM read_text('/etc/passwd'))",
        "SELECT * FROM events WHERE pathname IN (SELECT content FROM read_text('/etc/passwd'))",
        "SELECT list_transform([1], lambda x: (SELECT content FROM read_text('/etc/passwd')))",
        "SELECT * FROM events ORDER BY (SELECT content FROM read_text('/etc/passwd'))",
        "SELECT * FROM events LIMIT (SELECT count(*) FROM read_text('/etc/passwd'))",
        "SELECT * FROM events QUALIFY row_number() OVER (ORDER BY getenv('HOME')) = 1",
        "SELECT count(*) FILTER (WHERE getenv('HOME') <> '') FROM events",
        "SELECT * FROM unnest((SELECT list(content) FROM read_text('/etc/passwd')))",
        "SELECT * FROM (VALUES ((SELECT content FROM read_text('/etc/passwd'))))",
        "SELECT * FROM events PIVOT (max((SELECT content FROM read_text('/etc/passwd'))) FOR"
            + " site_id IN ('blog'))",
        "SELECT 1 UNION ALL SELECT 2 FROM read_text('/etc/passwd')",
        "SELECT * REPLACE ((SELECT content FROM read_text('/etc/passwd')) AS site_id) FROM events",
        "SELECT COLUMNS(lambda c: c = getenv('HOME')) FROM events",
        "SELECT * FROM events a JOIN events b ON a.site_id = getenv('HOME')",
        "DESCRIBE SELECT * FROM read_text('/etc/passwd')",
        "SUMMARIZE FROM read_csv('/etc/passwd')",
        "SELECT * FROM events TABLESAMPLE 10% (bernoulli), read_text('/etc/passwd')",
        // What the instance knows of itself, and statements in texts.
        "SELECT getenv('HOME')",
        "SELECT current_setting('temp_directory')",
        "SELECT getvariable('x')",
        "SELECT * FROM duckdb_settings()",
        "SELECT * FROM duckdb_secrets()",
        "SELECT * FROM duckdb_views()",
        "SELECT * FROM duckdb_views",
        "SELECT * FROM duckdb_logs",
        "SELECT * FROM which_secret('s3://x', 's3')",
        "SELECT * FROM information_schema.tables",
        "SELECT * FROM pg_catalog.pg_class",
        "SELECT * FROM sqlite_master",
        "SELECT * FROM system.information_schema.tables",
        "SELECT * FROM memory.main.events",
        "SELECT * FROM main.eider_events",
        "SELECT * FROM eider_events",
        "SELECT * FROM pragma_table_info('events')",
        "SHOW TABLES",
        "SHOW ALL TABLES",
        "DESCRIBE",
        "SELECT * FROM events AT (VERSION => 1)",
        "FROM query('SELECT 1')",
        "FROM query_table('events')",
        "FROM json_execute_serialized_sql(json_serialize_sql('SELECT 1'))",
        "SELECT json_serialize_sql('SELECT 1')",
        "SELECT * FROM enable_logging()",
        "SELECT write_log('x')",
        "SELECT system.main.getenv('HOME')",
        "SELECT nextval('x')",
        "SELECT * FROM test_all_types()",
        "WITH duckdb_settings AS (SELECT 1) FROM duckdb_settings",
        // Much of little in one step, and waiting.
        "SELECT repeat('x', 2000000000)",
        "SELECT lpad('x', 2000000000, 'x')",
        "SELECT range(1000000000)",
        "SELECT printf('%2000000000d', 1)",
        "SELECT list_resize([1], 1000000000)",
        "SELECT list_reduce(['xx', 'x', 'x'], lambda a, b: a || a)",
        "SELECT bitstring('1', 2000000000)",
        "SELECT sleep_ms(60000)",
        "FROM repeat('x', 1000000000000)");
  }

  @ParameterizedTest
  @MethodSource("refused")
  void isRefusedBeforeItRuns(String query) {
    assertThatThrownBy(() -> site.rows(query.replace("DATA", data.toString())))
        .as(query)
        .isInstanceOf(InvalidSql.class)
        .message()
        .satisfies(message -> assertThat(message).doesNotContain("root:", "not answered"));
  }

  /** What the check lets through sees nothing of others. */
  @ParameterizedTest
  @MethodSource("allowed")
  void seesNothingOfOthers(String query) {
    assertThat(site.rows(query)).doesNotContain("shop", "secret", data.toString());
    SqlAnswer arrow = site.ask(SqlSite.request(query, SqlFormat.ARROW));
    assertThat(SqlSite.written(arrow)).doesNotContain("shop", "secret", data.toString());
  }

  private static List<String> allowed() {
    return List.of(
        "SELECT * FROM events",
        "SELECT * FROM sessions",
        "DESCRIBE events",
        "SUMMARIZE events",
        "SELECT * FROM events WHERE site_id = 'shop' OR true",
        "SELECT current_date, now(), version FROM (SELECT 1 AS version)",
        "SELECT * FROM events, unnest([1, 2]), range(2), generate_series(1, 2) g",
        "SELECT * FROM json_each('{\"a\": 1}')",
        "SELECT * FROM events PIVOT (count(*) FOR is_bot IN (true, false))",
        "WITH RECURSIVE t AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM t WHERE n < 5) FROM t",
        "SELECT *, row_number() OVER (PARTITION BY visitor_id ORDER BY timestamp) FROM events",
        "SELECT COLUMNS('path.*') FROM events LIMIT 1");
  }

  /** If the check had a hole: what the instance itself refuses. */
  @ParameterizedTest
  @MethodSource("behindTheCheck")
  void theInstanceItselfReachesNothing(String query) throws Exception {
    SqlScope scope = new SqlScope(ZoneOffset.UTC, each -> each);
    try (ScratchFolder folder = ScratchFolder.in(site.scratch);
        Sandbox sandbox = Sandbox.open(site.limits(), scope, folder)) {
      sandbox.shut(List.of());
      assertThatThrownBy(() -> sandbox.run(query.replace("DATA", data.toString())))
          .as(query)
          .isInstanceOf(SQLException.class);
    }
  }

  private static List<String> behindTheCheck() {
    return refused().stream()
        .filter(
            query ->
                query.matches(
                    "(?s)(COPY|EXPORT|ATTACH|INSTALL|LOAD|SET|RESET|FROM '/|SELECT \\* FROM"
                        + " (read|parquet_|glob|sniff)).*"))
        .toList();
  }

  @Test
  void memoryEndsWithASentence() {
    SqlLimits few =
        new SqlLimits(
            Duration.ofSeconds(4), 64L << 20, 2, site.limits().spill(), site.limits().folder());
    for (String bomb :
        List.of(
            "SELECT count(DISTINCT x || 'some more text') FROM range(100000000) t(x)",
            "SELECT list(x) FROM range(1000000000) t(x)",
            "SELECT string_agg(x::VARCHAR) FROM range(1000000000) t(x)",
            "SELECT a.x FROM range(100000000) a(x) ORDER BY hash(a.x) LIMIT 900000",
            "WITH RECURSIVE t AS (SELECT 'xxxxxxxxxxxxxxxx' AS s UNION ALL SELECT s || s FROM t)"
                + " SELECT max(length(s)) FROM t")) {
      assertThatThrownBy(
              () ->
                  site.ask(
                      SqlSite.request(bomb, SqlFormat.CSV), List.of("blog"), few, new SqlCancel()))
          .as(bomb)
          .isInstanceOf(InvalidSql.class)
          .message()
          .isIn(
              "the query needs more memory than the 64 MiB that it may take; ask for fewer days,"
                  + " columns or groups",
              "the query took longer than 4 s and was stopped; ask for fewer days (WHERE date >= …)"
                  + " or fewer groups");
    }
    assertThat(site.rows("SELECT 1 AS a")).isEqualTo("{\"a\":1}\n");
  }

  /** A row of each is small enough, and so is the table; a batch is not. */
  @Test
  void batchesThatAreTooLargeEndWithASentence() {
    String wide =
        "SELECT r, string_agg(i::VARCHAR, ',') AS wide FROM range(1000) t(r), range(15000) x(i)"
            + " GROUP BY r";
    assertThatThrownBy(() -> site.ask(SqlSite.request(wide, SqlFormat.ARROW)))
        .isInstanceOf(InvalidSql.class)
        .hasMessage(
            "the query needs more memory than the 64 MiB that it may take; ask for fewer days,"
                + " columns or groups");
    assertThat(site.rows("SELECT 1 AS a")).isEqualTo("{\"a\":1}\n");
  }

  @Test
  void hugeResultsAreCut() {
    SqlAnswer answer =
        site.ask(
            SqlSite.request(
                "SELECT a.x, b.y FROM range(1000000) a(x), range(1000000) b(y)", SqlFormat.CSV));
    assertThat(SqlSite.written(answer).lines().count()).isEqualTo(10_001);
    assertThat(answer.truncated()).isTrue();
  }

  @Test
  void nestedDeeplyBreaksNothing() {
    for (String deep :
        List.of(
            "SELECT * FROM (".repeat(300) + "SELECT 1" + ")".repeat(300),
            "SELECT 1" + " + (1".repeat(3000) + ")".repeat(3000),
            "SELECT " + "(".repeat(40_000) + "1" + ")".repeat(40_000),
            "SELECT " + "- ".repeat(40_000) + "1",
            "SELECT " + "NOT ".repeat(20_000) + "true",
            "SELECT " + "[".repeat(20_000) + "]".repeat(20_000),
            "SELECT 1" + " UNION ALL SELECT 1".repeat(4_000))) {
      try {
        assertThat(site.rows(deep)).isNotEmpty();
      } catch (InvalidSql refused) {
        assertThat(refused.getMessage()).isNotEmpty();
      }
    }
    assertThat(site.rows("SELECT 1 AS a")).isEqualTo("{\"a\":1}\n");
  }
}
