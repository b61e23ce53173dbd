package dev.eider.runtime.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eider.runtime.disk.Disk;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A lake that version 1 wrote, kept as a file. */
class MigrationsTest {

  private static final Migrations RELEASE = Migrations.OF_THIS_RELEASE;
  private static final int NEXT = RELEASE.newest() + 1;
  private static final Migrations ONE_MORE =
      RELEASE.and(
          new Migrations.Step(
              NEXT,
              "sessions have a mood",
              transaction ->
                  Sql.run(
                      transaction.connection(),
                      "ALTER TABLE lake.sessions ADD COLUMN mood VARCHAR")));

  @TempDir Path data;

  @BeforeEach
  void unpack() throws Exception {
    LakeFixture.unpack(1, data);
  }

  @Test
  void isReadAndGoneOnWith() throws Exception {
    try (Lake lake = Lake.open(Samples.settings(data), Disk.real())) {
      assertThat(lake.own(Samples.JOURNAL, 2, Samples.NO_REPLAY)).isEqualTo(4);
      assertThat(events(lake)).isEqualTo("a 3 12.50, b 1 0.00");
      lake.accept(
          Samples.numbered(
              5, List.of(Samples.view("b", "v2", LakeFixture.MORNING.plusSeconds(9), "/"))));
      lake.flush();
      lake.rollUpAs(new DayCounts("a", "b"));
      lake.compact(Steps.UNOBSERVED);
      assertThat(events(lake)).isEqualTo("a 3 12.50, b 2 0.00");
      assertThat(sessions(lake)).isEqualTo(2);
      try (LakeView view = lake.view("a")) {
        assertThat(view.rolledUp().days())
            .extracting(RolledDay::date)
            .containsExactly(LocalDate.parse("2026-05-04"));
        DayCounts.check(view);
      }
    }
  }

  /** Sums that a release before exits and orders wrote are read beside those of now. */
  @Test
  void sumsOfVersion5AreReadAndMadeAnew() throws Exception {
    Migrations before =
        new Migrations(
            List.of(
                new Migrations.Step(2, WiderEvents.WHAT, WiderEvents::apply),
                SessionVersions.step(3),
                new Migrations.Step(4, "marks", transaction -> {}),
                new Migrations.Step(5, "with sums", MigrationsTest::withOldSums)));
    Lake.open(Samples.settings(data), Disk.real(), before).close();
    try (Lake lake = Lake.open(Samples.settings(data), Disk.real())) {
      assertThat(lake.own(Samples.JOURNAL, 2, Samples.NO_REPLAY)).isEqualTo(4);
      assertThat(sums(lake)).containsExactly("2026-01-01 7 NULL");
      lake.rollUpAs(new DayCounts("a", "b"));
      lake.compact(Steps.UNOBSERVED);
      assertThat(sums(lake)).containsExactly("2026-01-01 7 NULL", "2026-05-04 3 NULL");
      assertThat(lake.checkRollups(Steps.UNOBSERVED).differences()).isEmpty();
    }
  }

  private static void withOldSums(Transaction transaction) throws SQLException {
    RollupDays.step(5).change().apply(transaction);
    Sql.run(
        transaction.connection(),
        """
        INSERT INTO lake.rollups BY NAME
        SELECT 'a' AS site_id, DATE '2026-01-01' AS month, DATE '2026-01-01' AS date, 1 AS build,
          '' AS dimension, '' AS value, '' AS currency, false AS correction, 7 AS row_count,
          7 AS act_count, 2 AS visitors, 5 AS n_views\
        """);
    transaction.forceFiles(Schema.ROLLUPS, "build = 1 AND month = DATE '2026-01-01'");
    Sql.run(
        transaction.connection(),
        """
        INSERT INTO lake.rollup_days BY NAME
        SELECT 'a' AS site_id, DATE '2026-01-01' AS date, 1 AS version, 'kept' AS state, 1 AS build,
          7 AS row_count, TIMESTAMP '2026-01-01' AS from_time, TIMESTAMP '2026-01-02' AS until_time,
          TIMESTAMP '2025-12-31 22:30:00' AS begins, TIMESTAMP '2026-01-02 01:30:00' AS reaches,
          'UTC' AS settings, 'counts' AS contents\
        """);
    transaction.forceFiles(Schema.ROLLUP_DAYS, "version = 1");
  }

  private static List<String> sums(Lake lake) throws Exception {
    try (LakeView view = lake.view("a")) {
      return Sql.texts(
          view.connection(),
          "SELECT concat_ws(' ', date, row_count, coalesce(n_exits::VARCHAR, 'NULL')) FROM %s ORDER BY date"
              .formatted(
                  view.rolledUp()
                      .sums()
                      .relation(
                          Set.of("date", "row_count", "n_exits"),
                          LocalDate.parse("2026-01-01"),
                          LocalDate.parse("2026-12-31"))));
    }
  }

  @Test
  void becomesTheNextVersionOnceAndIsRefusedByTheOneBefore() throws Exception {
    for (int start = 0; start < 2; start++) {
      try (Lake lake = Lake.open(Samples.settings(data), Disk.real(), ONE_MORE)) {
        assertThat(events(lake)).isEqualTo("a 3 12.50, b 1 0.00");
        assertThat(lake.snapshots())
            .extracting(Snapshot::commitMessage)
            .containsExactly("migrating to version %d: sessions have a mood".formatted(NEXT));
        try (LakeView view = lake.view("a")) {
          assertThat(
                  Sql.texts(
                      view.connection(),
                      "SELECT version FROM lake.schema_versions ORDER BY version"))
              .isEqualTo(IntStream.rangeClosed(1, NEXT).mapToObj(String::valueOf).toList());
          assertThat(Sql.number(view.connection(), "SELECT count(mood) FROM lake.sessions"))
              .isZero();
        }
      }
    }
    assertThatThrownBy(() -> Lake.open(Samples.settings(data), Disk.real(), RELEASE).close())
        .isInstanceOf(LakeException.class)
        .hasMessage(
            "the lake has schema version %d, and this Eider knows versions up to %d: start a"
                + " release that is at least as new as the one that ran last",
            NEXT, RELEASE.newest());
  }

  @Test
  void staysWhatItWasWhenAStepFails() throws Exception {
    Migrations failing =
        RELEASE.and(
            new Migrations.Step(
                NEXT,
                "cannot be",
                transaction -> {
                  Sql.run(
                      transaction.connection(),
                      "ALTER TABLE lake.sessions ADD COLUMN mood VARCHAR");
                  throw new SQLException("out of ideas");
                }));
    assertThatThrownBy(() -> Lake.open(Samples.settings(data), Disk.real(), failing).close())
        .isInstanceOf(LakeException.class)
        .hasMessage("migrating the lake to version %d failed: out of ideas", NEXT);
    try (Lake lake = Lake.open(Samples.settings(data), Disk.real(), RELEASE)) {
      assertThat(events(lake)).isEqualTo("a 3 12.50, b 1 0.00");
    }
  }

  @Test
  void filesInTheOpenTreeAllHaveTheColumnsOfNow() throws Exception {
    Lake.open(Samples.settings(data), Disk.real()).close();
    try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:")) {
      assertThat(
              Sql.texts(
                  duckdb,
                  """
                  SELECT site_id || ' ' || count(*) || ' ' || count(channel) || ' '
                    || count(session_id) || ' ' || coalesce(sum(revenue_amount), 0)
                  FROM (SELECT * FROM '%s/open/**/*.parquet') GROUP BY site_id ORDER BY 1\
                  """
                      .formatted(data)))
          .containsExactly("a 2 0 2 12.50", "b 1 0 1 0.00");
    }
  }

  private static String events(Lake lake) throws Exception {
    List<String> found = new ArrayList<>();
    for (String site : List.of("a", "b")) {
      try (LakeView view = lake.view(site)) {
        String row =
            Sql.row(
                view.connection(),
                "SELECT count(DISTINCT event_id), coalesce(sum(revenue_amount), 0)::DECIMAL(12,2)"
                    + " FROM "
                    + view.events(),
                sums -> sums.getLong(1) + " " + sums.getString(2));
        found.add(site + " " + row);
      }
    }
    return String.join(", ", found);
  }

  private static long sessions(Lake lake) throws Exception {
    try (LakeView view = lake.view("a")) {
      return Sql.number(
          view.connection(),
          "SELECT (SELECT count(*) FROM lake.sessions) - (SELECT count(*) FROM lake.superseded)");
    }
  }
}
