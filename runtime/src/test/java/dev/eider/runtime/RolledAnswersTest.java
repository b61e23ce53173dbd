package dev.eider.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.eider.runtime.archive.FromArchive;
import dev.eider.runtime.archive.SiteArchive;
import dev.eider.runtime.config.BackupSettings;
import dev.eider.runtime.disk.Disk;
import dev.eider.runtime.event.Event;
import dev.eider.runtime.lake.BroughtBack;
import dev.eider.runtime.lake.Lake;
import dev.eider.runtime.lake.LakeSettings;
import dev.eider.runtime.lake.LakeView;
import dev.eider.runtime.lake.RetainPlan;
import dev.eider.runtime.lake.RetainReport;
import dev.eider.runtime.lake.RollUpCheck;
import dev.eider.runtime.lake.Rollups;
import dev.eider.runtime.stats.DaySums;
import dev.eider.runtime.stats.EventsView;
import dev.eider.runtime.stats.Query;
import dev.eider.runtime.stats.RawPruned;
import dev.eider.runtime.stats.RollupSource;
import dev.eider.runtime.stats.Scope;
import dev.eider.runtime.stats.Stats;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Answers from sums of days that a real lake keeps, late rows and lost rows and all. */
class RolledAnswersTest {

  private static final String FROM = SameAnswerTest.FIRST.toString();

  static final List<String> OF_DAYS =
      Stream.concat(
              SameAnswerTest.QUESTIONS.stream(),
              Stream.of(
                  "\"metrics\":[\"exit_rate\",\"visits\"],\"dimensions\":[\"visit:exit_page\"],"
                      + "\"order_by\":[[\"visit:exit_page\",\"asc\"]]"))
          .toList();

  private static final String BY_HOUR = SameAnswerTest.QUESTIONS.get(1);

  /** What rows alone can answer. */
  private static final String BY_MINUTE =
      "\"metrics\":[\"visits\"],\"dimensions\":[\"time:minute\"]";

  @TempDir Path data;

  @Test
  void areThoseFromRows() throws Exception {
    List<Event> events = SameAnswerTest.events(new Random(4));
    // Some of an earlier day come when all of it is summed up already.
    List<Event> late = new ArrayList<>();
    List<Event> inTime = new ArrayList<>();
    Random random = new Random(5);
    events.forEach(event -> (random.nextInt(10) == 0 ? late : inTime).add(event));
    try (Lake lake = open(1)) {
      lake.accept(SameAnswerTest.numbered(1, inTime));
      lake.flush();
      lake.compact(step -> {});
      same(lake, true);
      lake.accept(SameAnswerTest.numbered(inTime.size() + 1L, late));
      List<String> fresh = results(same(lake, false));
      lake.flush();
      lake.settle(step -> {});
      assertThat(results(same(lake, false))).as("the same when it is settled").isEqualTo(fresh);
    }
    try (Lake lake = open(2)) {
      same(lake, false);
      lake.compact(step -> {});
      List<String> expected = same(lake, true);
      RollUpCheck.Result check = lake.checkRollups(step -> {});
      assertThat(check.differences()).isEmpty();
      assertThat(check.days()).isEqualTo(3);

      LocalDate keepFrom = SameAnswerTest.FIRST.plusDays(1);
      lake.retain(archiving(attic(), keepFrom), step -> {});
      assertThat(answers(lake, OF_DAYS, true)).as("after its rows are gone").isEqualTo(expected);
      assertThatThrownBy(() -> answers(lake, List.of(BY_MINUTE), true))
          .isInstanceOf(RawPruned.class)
          .hasMessageStartingWith(
              "the rows of this site before %s were removed by its retention policy, and sums of days cannot answer this; ask from %s on, or for whole days"
                  .formatted(keepFrom, keepFrom));

      BroughtBack back =
          new FromArchive(attic(), data.resolve("tmp/archive"), Disk.real())
              .run(
                  lake,
                  SameAnswerTest.SITE,
                  LocalDate.MIN,
                  LocalDate.MAX,
                  Instant.EPOCH,
                  true,
                  step -> {});
      assertThat(back.rows()).isPositive();
      assertThat(answers(lake, OF_DAYS, true)).as("after its rows are back").isEqualTo(expected);
      assertThat(answers(lake, List.of(BY_MINUTE), true)).hasSize(1);
      assertThat(lake.checkRollups(step -> {}).differences()).isEmpty();

      lake.retain(
          new RetainPlan(
              List.of(
                  new RetainPlan.Site(
                      SameAnswerTest.SITE, keepFrom, keepFrom, Optional.of(keepFrom), 100, false)),
              false),
          step -> {});
      assertThatThrownBy(() -> answers(lake, OF_DAYS, true))
          .as("after its sums are gone")
          .isInstanceOf(RawPruned.class)
          .hasMessage(
              "the rows of this site before %s were removed by its retention policy, and so were its sums of days; ask from %s on"
                  .formatted(keepFrom, keepFrom));
    }
  }

  @Test
  void areThoseOfTheirDaysWhereHoursAreGone() throws Exception {
    LocalDate keepFrom = SameAnswerTest.FIRST.plusDays(2);
    LocalDate hoursFrom = SameAnswerTest.FIRST.plusDays(1);
    List<String> others = new ArrayList<>(OF_DAYS);
    others.remove(BY_HOUR);
    assertThat(others).hasSize(OF_DAYS.size() - 1);
    try (Lake lake = open(1)) {
      lake.accept(SameAnswerTest.numbered(1, SameAnswerTest.events(new Random(6))));
      lake.flush();
      lake.compact(step -> {});
      List<String> expected = answers(lake, others, true);
      List<String> byHour = results(answers(lake, List.of(BY_HOUR), true, hoursFrom));
      RetainPlan.Site plan =
          new RetainPlan.Site(
              SameAnswerTest.SITE,
              keepFrom,
              keepFrom,
              Optional.of(hoursFrom),
              Optional.empty(),
              100,
              false,
              Optional.of(
                  new SiteArchive(attic(), OptionalInt.empty(), Disk.real(), Instant::now)));
      RetainReport dry = lake.retain(new RetainPlan(List.of(plan), true), step -> {});
      assertThat(answers(lake, OF_DAYS, true)).hasSize(OF_DAYS.size());
      RetainReport report = lake.retain(new RetainPlan(List.of(plan), false), step -> {});
      assertThat(List.of(dry.hours(), report.hours(), report.sums())).containsExactly(1L, 1L, 0L);

      assertThat(answers(lake, others, true)).as("but for those by hour").isEqualTo(expected);
      assertThat(results(answers(lake, List.of(BY_HOUR), true, hoursFrom)))
          .as("by hour, from the first that are kept")
          .isEqualTo(byHour);
      assertThatThrownBy(() -> answers(lake, List.of(BY_HOUR), true))
          .isInstanceOf(RawPruned.class)
          .hasMessage(
              "the rows of this site before %s were removed by its retention policy, and so were the sums of hours before %s; ask by time:day, time:week or time:month, or by hour from %s on"
                  .formatted(keepFrom, hoursFrom, hoursFrom));

      // Late rows of a day that is gone bring nothing back.
      lake.accept(
          SameAnswerTest.numbered(100_000, SameAnswerTest.events(new Random(7)).subList(0, 5)));
      lake.flush();
      lake.compact(step -> {});
      assertThatThrownBy(() -> answers(lake, List.of(BY_HOUR), true)).isInstanceOf(RawPruned.class);
      assertThat(answers(lake, others, true)).as("and nothing else changes").isEqualTo(expected);
      lake.retain(new RetainPlan(List.of(plan), false), step -> {});

      new FromArchive(attic(), data.resolve("tmp/archive"), Disk.real())
          .run(
              lake,
              SameAnswerTest.SITE,
              LocalDate.MIN,
              LocalDate.MAX,
              Instant.EPOCH,
              true,
              step -> {});
      assertThat(results(answers(lake, List.of(BY_HOUR), true)))
          .as("by hour, when the rows are back")
          .isEqualTo(answers(lake, List.of(BY_HOUR), false));
    }
  }

  /** What removes a site's rows before a day, to an archive. */
  static RetainPlan archiving(BackupSettings.Destination attic, LocalDate keepFrom) {
    return new RetainPlan(
        List.of(
            new RetainPlan.Site(
                SameAnswerTest.SITE,
                keepFrom,
                keepFrom,
                Optional.empty(),
                Optional.empty(),
                100,
                false,
                Optional.of(
                    new SiteArchive(attic, OptionalInt.empty(), Disk.real(), Instant::now)))),
        false);
  }

  private BackupSettings.Destination attic() {
    return new BackupSettings.Folder(data.resolve("attic"));
  }

  /** Asks from sums and from rows. */
  private static List<String> same(Lake lake, boolean fromSums) {
    List<String> rows = answers(lake, OF_DAYS, false);
    List<String> sums = answers(lake, OF_DAYS, true);
    assertThat(results(sums)).isEqualTo(rows);
    // What is asked for the second time is kept, and read from then on; sums are copied.
    for (int again = 0; again < 2; again++) {
      assertThat(answers(lake, OF_DAYS, true)).as("asked again").isEqualTo(sums);
    }
    if (fromSums) {
      assertThat(sums).allSatisfy(answer -> assertThat(answer).startsWith("{\"from\":\"" + FROM));
    }
    return sums;
  }

  /** Without the days whose sums they come from. */
  static List<String> results(List<String> answers) {
    return answers.stream().map(answer -> answer.substring(answer.indexOf('['))).toList();
  }

  private Lake open(long epoch) {
    return open(data, epoch);
  }

  /** A lake whose days are summed up. */
  static Lake open(Path data, long epoch) {
    LakeSettings settings =
        LakeSettings.of(data, Path.of("target/extensions").toAbsolutePath())
            .withMemoryLimit(512L << 20)
            .withCleanupGrace(Duration.ZERO);
    Lake lake = Lake.open(settings, Disk.real());
    SameAnswerTest.own(lake, epoch);
    lake.rollUpAs(
        new Rollups() {
          @Override
          public String contents() {
            return DaySums.contents();
          }

          @Override
          public String hours() {
            return DaySums.HOURS;
          }

          @Override
          public List<Site> sites() {
            return List.of(new Site(SameAnswerTest.SITE, SameAnswerTest.ZONE, "as it is"));
          }

          @Override
          public List<String> statements(
              Site site, LocalDate first, LocalDate last, Tables tables) {
            return DaySums.statements(first, last, site.zone(), tables);
          }
        });
    return lake;
  }

  /** Each answer, after the days whose sums it comes from. */
  static List<String> answers(Lake lake, List<String> questions, boolean rolled) {
    return answers(lake, questions, rolled, SameAnswerTest.FIRST);
  }

  private static List<String> answers(
      Lake lake, List<String> questions, boolean rolled, LocalDate from) {
    return answers(lake, questions, rolled, from, SameAnswerTest.FIRST.plusDays(3));
  }

  static List<String> answers(
      Lake lake, List<String> questions, boolean rolled, LocalDate from, LocalDate to) {
    List<String> answers = new ArrayList<>();
    for (String question : questions) {
      ObjectNode answer = answer(lake, question, rolled, from, to);
      answers.add(answer.at("/meta/rollups") + answer.get("results").toString());
    }
    return answers;
  }

  static ObjectNode answer(
      Lake lake, String question, boolean rolled, LocalDate from, LocalDate to) {
    Stats stats =
        new Stats(
            Clock.fixed(
                SameAnswerTest.FIRST.plusDays(4).atStartOfDay(SameAnswerTest.ZONE).toInstant(),
                SameAnswerTest.ZONE),
            Duration.ofSeconds(30));
    String body =
        "{\"site_id\":\"%s\",\"date_range\":[\"%s\",\"%s\"],%s}"
            .formatted(SameAnswerTest.SITE, from, to, question);
    try (LakeView view =
        rolled ? lake.visitedView(SameAnswerTest.SITE) : lake.view(SameAnswerTest.SITE)) {
      return stats.answer(
          Query.parse(body.getBytes(StandardCharsets.UTF_8)),
          Scope.of(SameAnswerTest.ZONE),
          new EventsView(
              view.connection(),
              view.events(),
              view::events,
              view.asOf(),
              List.of(),
              rolled ? new RollupSource(view::rolledUp, "as it is") : RollupSource.NONE,
              view::goingOn,
              (select, by) -> view.result(select, by::run),
              view.visited()));
    }
  }
}
