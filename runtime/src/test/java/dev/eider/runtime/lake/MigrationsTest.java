package dev.eider.runtime.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eider.runtime.disk.Disk;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A lake that version 1 wrote, kept as a file. */
class MigrationsTest {

  private static final Migrations NONE = new Migrations(List.of());
  private static final Migrations ONE =
      new Migrations(
          List.of(
              new Migrations.Step(
                  2,
                  "sessions have a mood",
                  transaction ->
                      Sql.run(
                          transaction.connection(),
                          "ALTER TABLE lake.sessions ADD COLUMN mood VARCHAR"))));

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
      lake.compact(Steps.UNOBSERVED);
      assertThat(events(lake)).isEqualTo("a 3 12.50, b 2 0.00");
      assertThat(sessions(lake)).isEqualTo(2);
    }
  }

  @Test
  void becomesTheNextVersionOnceAndIsRefusedByTheOneBefore() throws Exception {
    for (int start = 0; start < 2; start++) {
      try (Lake lake = Lake.open(Samples.settings(data), Disk.real(), ONE)) {
        assertThat(events(lake)).isEqualTo("a 3 12.50, b 1 0.00");
        assertThat(lake.snapshots())
            .extracting(Snapshot::commitMessage)
            .containsExactly("migrating to version 2: sessions have a mood");
        try (LakeView view = lake.view("a")) {
          assertThat(
                  Sql.texts(
                      view.connection(),
                      "SELECT version FROM lake.schema_versions ORDER BY version"))
              .containsExactly("1", "2");
          assertThat(Sql.number(view.connection(), "SELECT count(mood) FROM lake.sessions"))
              .isZero();
        }
      }
    }
    assertThatThrownBy(() -> Lake.open(Samples.settings(data), Disk.real(), NONE).close())
        .isInstanceOf(LakeException.class)
        .hasMessage(
            "the lake has schema version 2, and this Eider knows versions up to 1: start a release"
                + " that is at least as new as the one that ran last");
  }

  @Test
  void staysWhatItWasWhenAStepFails() throws Exception {
    Migrations failing =
        new Migrations(
            List.of(
                new Migrations.Step(
                    2,
                    "cannot be",
                    transaction -> {
                      Sql.run(
                          transaction.connection(),
                          "ALTER TABLE lake.sessions ADD COLUMN mood VARCHAR");
                      throw new SQLException("out of ideas");
                    })));
    assertThatThrownBy(() -> Lake.open(Samples.settings(data), Disk.real(), failing).close())
        .isInstanceOf(LakeException.class)
        .hasMessage("migrating the lake to version 2 failed: out of ideas");
    try (Lake lake = Lake.open(Samples.settings(data), Disk.real(), NONE)) {
      assertThat(events(lake)).isEqualTo("a 3 12.50, b 1 0.00");
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
      return Sql.number(view.connection(), "SELECT count(*) FROM lake.sessions");
    }
  }
}
