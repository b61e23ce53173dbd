package dev.eider.runtime.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is written as Arrow, read with Arrow's own reader. */
class ArrowStreamTest {

  private static final long MEMORY = 64L << 20;

  @TempDir Path directory;
  private Path file;
  private Connection duckdb;

  @BeforeEach
  void open() throws Exception {
    file = directory.resolve("rows.arrow");
    duckdb = ArrowStream.streaming(MEMORY);
  }

  @AfterEach
  void close() throws Exception {
    duckdb.close();
  }

  /** Writes a result as an answer's rows are written. */
  private void write(String query, SqlCancel cancel, long memory) throws Exception {
    try (Statement statement = duckdb.createStatement()) {
      statement.execute("CREATE OR REPLACE TEMP TABLE result AS " + query);
      List<SqlAnswer.Column> columns = new ArrayList<>();
      try (ResultSet found = statement.executeQuery("DESCRIBE result")) {
        while (found.next()) {
          columns.add(new SqlAnswer.Column(found.getString(1), found.getString(2)));
        }
      }
      String select = SqlFormat.ARROW.select("result", columns, 1_000_000);
      try (ResultSet found = statement.executeQuery(select)) {
        new ArrowStream(memory, cancel).whole(found, file);
      }
    }
  }

  private ArrowRows rows(String query) throws Exception {
    write(query, new SqlCancel(), MEMORY);
    return ArrowRows.in(Files.readAllBytes(file));
  }

  /** Smallest, largest and no value of each of DuckDB's types, in the list beside this test. */
  @Test
  void everyTypeKeepsItsValues() throws Exception {
    List<String> names = new ArrayList<>();
    try (Statement statement = duckdb.createStatement();
        ResultSet found = statement.executeQuery("DESCRIBE FROM test_all_types()")) {
      while (found.next()) {
        names.add(found.getString(1));
      }
    }
    StringBuilder all = new StringBuilder();
    for (String name : names) {
      ArrowRows rows = rows("SELECT \"%s\" FROM test_all_types()".formatted(name));
      all.append(rows.columns().getFirst()).append('\n');
      rows.rows().forEach(row -> all.append("  ").append(row.replace('\0', '~')).append('\n'));
    }
    try (InputStream expected = getClass().getResourceAsStream("arrow-types.txt")) {
      assertThat(all).hasToString(new String(expected.readAllBytes(), StandardCharsets.UTF_8));
    }
  }

  @Test
  void timesWithAZoneSayWhich() throws Exception {
    try (Statement statement = duckdb.createStatement()) {
      statement.execute("SET TimeZone = 'Asia/Kathmandu'");
    }
    assertThat(
            rows("SELECT TIMESTAMPTZ '2026-05-04 05:45:00' AS t, INTERVAL '1 month 2 days' AS i"))
        .isEqualTo(
            new ArrowRows(
                List.of("t Timestamp(MICROSECOND, Asia/Kathmandu)", "i Interval(MONTH_DAY_NANO)"),
                List.of("1777852800000000 | P1M2D PT0S"),
                1));
  }

  @Test
  void typesThatArrowHasNotAreRefusedInsideOfOthers() {
    assertThatThrownBy(() -> rows("SELECT {'the BIT': 1, 'n': [1::UHUGEINT]} AS \"odd \"\"name\""))
        .isInstanceOf(InvalidSql.class)
        .hasMessage(
            "odd \"name is STRUCT(\"the BIT\" INTEGER, n UHUGEINT[]), which Arrow has no type for;"
                + " ask for CAST(\"odd \"\"name\" AS JSON)");
    assertThatThrownBy(() -> rows("SELECT ['a'::ENUM ('a', 'b')] AS e"))
        .isInstanceOf(InvalidSql.class);
  }

  @Test
  void namesAndValuesAreNotTakenForTypes() throws Exception {
    assertThat(
            rows("SELECT {'a BIT': 1} AS \"UHUGEINT\", 'it''s ['::ENUM ('it''s [') AS \"x\"\"[\""))
        .isEqualTo(
            new ArrowRows(
                List.of("UHUGEINT Struct[a BIT Int(32, true)]", "x\"[ Utf8"),
                List.of("{\"a BIT\":1} | it's ["),
                1));
  }

  @Test
  void manyRowsComeInTheirOrderInSeveralBatches() throws Exception {
    ArrowRows rows =
        rows("SELECT i, CASE WHEN i % 3 > 0 THEN 'text ' || i END AS t FROM range(5000) x(i)");
    assertThat(rows.batches()).isEqualTo(3);
    assertThat(rows.rows())
        .isEqualTo(
            IntStream.range(0, 5000)
                .mapToObj(i -> i + " | " + (i % 3 > 0 ? "text " + i : null))
                .toList());
  }

  @Test
  void noRowsAreAStreamToo() throws Exception {
    assertThat(rows("SELECT 1::BIGINT AS n, 'x' AS t WHERE false"))
        .isEqualTo(new ArrowRows(List.of("n Int(64, true)", "t Utf8"), List.of(), 0));
  }

  /** As an export sends a day after the other. */
  @Test
  void partsFollowOneAnother() throws Exception {
    ByteArrayOutputStream sent = new ByteArrayOutputStream();
    for (int part = 0; part < 3; part++) {
      Path parquet = directory.resolve("part.parquet");
      try (Statement statement = duckdb.createStatement()) {
        statement.execute(
            "COPY (SELECT %1$d AS part, i FROM range(%1$d) x(i)) TO '%2$s'"
                .formatted(part, parquet));
      }
      new ArrowStream(MEMORY, new SqlCancel()).part(parquet, file, part == 0, part == 2);
      Files.copy(file, sent);
    }
    assertThat(ArrowRows.in(sent.toByteArray()))
        .isEqualTo(
            new ArrowRows(
                List.of("part Int(32, true)", "i Int(64, true)"),
                List.of("1 | 0", "2 | 0", "2 | 1"),
                2));
  }

  @Test
  void whatNobodyWantsHasNoEndAndLeavesNothingInMemory() throws Exception {
    SqlCancel cancel = new SqlCancel();
    cancel.gone();
    Exception stopped =
        catchThrowableOfType(
            SQLException.class, () -> write("SELECT 1 AS n FROM range(5000)", cancel, MEMORY));
    assertThat(stopped).hasMessage("stopped while rows were written").hasNoSuppressedExceptions();
    assertThatThrownBy(() -> ArrowRows.in(Files.readAllBytes(file)))
        .hasMessage("the stream does not end as one does");
  }

  /** Arrow complains when its allocator is closed while something is still in memory. */
  @Test
  void rowsThatAreTooWideAreRefusedAndLeaveNothingInMemory() throws Exception {
    String wide =
        "SELECT string_agg(i::VARCHAR, ',') AS wide FROM range(2000) r(r), range(1000) x(i) GROUP"
            + " BY r";
    Exception refused =
        catchThrowableOfType(SQLException.class, () -> write(wide, new SqlCancel(), 1 << 20));
    assertThat(refused)
        .hasMessage("out of memory: 2048 rows are too many at once")
        .hasNoSuppressedExceptions();
    assertThat(rows(wide).rows()).hasSize(2000);
  }
}
