package dev.eider.runtime.lake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eider.runtime.disk.Disk;
import dev.eider.runtime.event.Event;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which days are summed up when, and what is known of them at any version of the lake. */
class RollUpTest {

  private static final Instant MORNING = Instant.parse("2026-05-04T08:00:00Z");

  @TempDir Path data;
  private Lake lake;
  private Instant now = MORNING;
  private long seq;

  @BeforeEach
  void open() {
    lake =
        Lake.open(
            Samples.settings(data)
                .withMemoryLimit(256L << 20)
                .withSnapshotsKept(Duration.ZERO)
                .withClock(() -> now),
            Disk.real());
    lake.own(Samples.JOURNAL, 1, Samples.NO_REPLAY);
    lake.rollUpAs(new DayCounts("a"));
  }

  @AfterEach
  void close() {
    lake.close();
  }

  @Test
  void aDayIsSummedUpWhenItIsOver() throws Exception {
    accept(MORNING, 3);
    accept(MORNING.plus(Duration.ofHours(17)), 2);
    now = Instant.parse("2026-05-05T01:59:00Z");
    assertThat(compact()).isEqualTo(new RollUpReport(0, 0, 0, 0, 0));
    assertThat(days()).isEmpty();
    now = Instant.parse("2026-05-05T02:00:00Z");
    assertThat(compact()).isEqualTo(new RollUpReport(1, 0, 1, 0, 0));
    assertThat(days()).containsExactly("2026-05-04 built 3");
    assertThat(compact()).as("once").isEqualTo(new RollUpReport(0, 0, 0, 0, 0));
  }

  @Test
  void rowsThatHaveAnInfluenceChangeIt() throws Exception {
    accept(MORNING, 3);
    accept(MORNING.plus(Duration.ofDays(1)), 2);
    accept(MORNING.plus(Duration.ofDays(2)), 2);
    now = MORNING.plus(Duration.ofDays(3));
    compact();
    assertThat(days())
        .containsExactly("2026-05-04 built 3", "2026-05-05 built 2", "2026-05-06 built 2");

    // Not settled, it is known of, and changes nothing of what is settled.
    accept(Instant.parse("2026-05-05T01:00:00Z"), 1);
    try (LakeView view = lake.view("a")) {
      RolledUp rolledUp = view.rolledUp();
      assertThat(rolledUp.unsettled()).containsExactly(Instant.parse("2026-05-05T01:00:00Z"));
      assertThat(rolledUp.days())
          .extracting(rolledUp::isUnsettled)
          .containsExactly(true, true, false);
    }
    lake.flush();
    lake.settle(Steps.UNOBSERVED);
    assertThat(days())
        .containsExactly("2026-05-04 changed 0", "2026-05-05 changed 0", "2026-05-06 built 2");
    assertThat(compact().days()).isEqualTo(2);
    assertThat(days())
        .containsExactly("2026-05-04 built 3", "2026-05-05 built 3", "2026-05-06 built 2");
  }

  @Test
  void whatHappensLaterDoesNotChangeIt() throws Exception {
    accept(MORNING, 3);
    accept(MORNING.plus(Duration.ofDays(1)), 2);
    now = MORNING.plus(Duration.ofDays(1));
    compact();
    accept(now.plusSeconds(60), 2);
    lake.flush();
    lake.settle(Steps.UNOBSERVED);
    assertThat(days()).containsExactly("2026-05-04 built 3");
    assertThat(compact().days()).isZero();
    assertThat(lake.liveFiles(Schema.ROLLUPS)).hasSize(1);
  }

  @Test
  void aDayThatWasEmptyIsKnownToBeSoNoMore() throws Exception {
    accept(MORNING, 1);
    accept(MORNING.plus(Duration.ofDays(2)), 1);
    now = MORNING.plus(Duration.ofDays(4));
    compact();
    assertThat(days()).containsExactly("2026-05-04 built 1", "2026-05-06 built 1");
    accept(MORNING.plus(Duration.ofDays(1)), 1);
    lake.flush();
    lake.settle(Steps.UNOBSERVED);
    assertThat(days())
        .containsExactly("2026-05-04 built 1", "2026-05-05 changed 0", "2026-05-06 built 1");
  }

  @Test
  void otherContentsAreSummedUpAnew() throws Exception {
    accept(MORNING, 3);
    now = MORNING.plus(Duration.ofDays(1));
    compact();
    lake.rollUpAs(new DayCounts(List.of("a"), "counts and more"));
    assertThat(compact().days()).isEqualTo(1);
    assertThat(compact().days()).isZero();
    assertThat(days()).containsExactly("2026-05-04 built 3");
  }

  @Test
  void buildsAreMergedAndOldSumsGo() throws Exception {
    for (int day = 0; day < 3; day++) {
      accept(MORNING.plus(Duration.ofDays(day)), 1 + day);
      now = MORNING.plus(Duration.ofDays(day + 1L));
      compact();
    }
    accept(MORNING.plusSeconds(5), 1);
    compact();
    compact();
    assertThat(days())
        .containsExactly("2026-05-04 built 2", "2026-05-05 built 2", "2026-05-06 built 3");
    assertThat(lake.liveFiles(Schema.ROLLUPS)).hasSize(1);
    assertThat(lake.liveFiles(Schema.ROLLUP_DAYS)).hasSize(1);
    try (LakeView view = lake.view("a")) {
      assertThat(Sql.number(view.connection(), "SELECT count(*) FROM lake.rollups")).isEqualTo(3);
    }
  }

  @Test
  void sumsOutliveTheirRows() throws Exception {
    accept(MORNING, 3);
    accept(Instant.parse("2026-05-05T23:59:59.998Z"), 3);
    accept(MORNING.plus(Duration.ofDays(2)), 2);
    now = MORNING.plus(Duration.ofDays(5));
    lake.rollUpAs(new DayCounts("nobody"));
    lake.flush();
    lake.settle(Steps.UNOBSERVED);
    retain(LocalDate.parse("2026-05-05"));
    assertThat(days()).containsExactly("2026-05-04 gone 0");

    lake.rollUpAs(new DayCounts("a"));
    compact();
    assertThat(days())
        .as("after a day that is gone, visits are not known from their beginning")
        .containsExactly("2026-05-04 gone 0", "2026-05-05 built 2", "2026-05-06 built 3");
    retain(LocalDate.parse("2026-05-06"));
    assertThat(days())
        .containsExactly("2026-05-04 gone 0", "2026-05-05 kept 2", "2026-05-06 cut 3");
    accept(MORNING.plus(Duration.ofDays(1)), 1);
    accept(MORNING.plus(Duration.ofDays(2)), 1);
    lake.flush();
    lake.settle(Steps.UNOBSERVED);
    assertThat(days())
        .containsExactly("2026-05-04 gone 0", "2026-05-05 kept 2", "2026-05-06 changed 0");
    compact();
    assertThat(days())
        .as("with what the visit brings that began on the day before")
        .containsExactly("2026-05-04 gone 0", "2026-05-05 kept 2", "2026-05-06 cut 4");
  }

  @Test
  void whatIsLostIsComputedAgain() throws Exception {
    accept(MORNING, 3);
    accept(MORNING.plus(Duration.ofDays(1)), 2);
    now = MORNING.plus(Duration.ofDays(2));
    compact();
    for (String table : List.of(Schema.ROLLUPS, Schema.ROLLUP_DAYS)) {
      for (LakeFile file : lake.liveFiles(table)) {
        Files.write(file.path(), new byte[0]);
      }
      lake.condemnEngine();
      assertThat(lake.mend(new LakeException("somebody noticed"))).isTrue();
      compact();
      assertThat(days()).as(table).containsExactly("2026-05-04 built 3", "2026-05-05 built 2");
      assertThat(lake.unreadable()).isEmpty();
    }
  }

  @Test
  void differencesAreFound() throws Exception {
    accept(MORNING, 3);
    accept(MORNING.plus(Duration.ofDays(1)), 2);
    now = MORNING.plus(Duration.ofDays(2));
    compact();
    assertThat(lake.checkRollups(Steps.UNOBSERVED))
        .isEqualTo(new RollUpCheck.Result(2, 2, 0, List.of()));
    lake.rollUpAs(
        new Rollups() {
          private final Rollups honest = new DayCounts("a");

          @Override
          public String contents() {
            return honest.contents();
          }

          @Override
          public String hours() {
            return honest.hours();
          }

          @Override
          public List<Site> sites() {
            return honest.sites();
          }

          @Override
          public List<String> statements(
              Site site, LocalDate first, LocalDate last, Tables tables) {
            List<String> all = new ArrayList<>(honest.statements(site, first, last, tables));
            all.add(
                "UPDATE %s SET visitors = 7 WHERE date = DATE '2026-05-05'"
                    .formatted(tables.sums()));
            return all;
          }
        });
    assertThat(lake.checkRollups(Steps.UNOBSERVED).differences())
        .extracting(RollUpDifference::siteId, RollUpDifference::date)
        .containsExactly(Tuple.tuple("a", "2026-05-05"));
  }

  private void accept(Instant from, int count) {
    List<Event> events = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      events.add(Samples.view("a", "v", from.plusMillis(i), "/" + i));
    }
    lake.accept(Samples.numbered(seq + 1, events));
    seq += count;
  }

  private RollUpReport compact() {
    lake.flush();
    RollUpReport report = lake.compact(Steps.UNOBSERVED).rollUp();
    return new RollUpReport(report.days(), report.unfit(), report.rows(), report.waiting(), 0);
  }

  private void retain(LocalDate keepFrom) {
    lake.retain(
        new RetainPlan(List.of(new RetainPlan.Site("a", keepFrom, 100, false)), false),
        Steps.UNOBSERVED);
  }

  /** Each day with its state and the rows that its sums are of, if it has some that are right. */
  private List<String> days() throws Exception {
    try (LakeView view = lake.view("a")) {
      RolledUp rolledUp = view.rolledUp();
      List<String> days = new ArrayList<>();
      for (RolledDay day : rolledUp.days()) {
        days.add(
            day.date()
                + " "
                + day.state().word()
                + " "
                + Sql.number(
                    view.connection(),
                    "SELECT sum(row_count) FROM %s WHERE date = DATE '%s' AND dimension = ''"
                        .formatted(
                            rolledUp
                                .sums()
                                .relation(
                                    Set.of("row_count", "date", "dimension"),
                                    day.date(),
                                    day.date()),
                            day.date())));
      }
      return days;
    }
  }
}
