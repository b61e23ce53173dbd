package dev.eider.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eider.runtime.event.Event;
import dev.eider.runtime.lake.Lake;
import dev.eider.runtime.lake.LakeView;
import dev.eider.runtime.lake.RolledUp;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Answers over months, whose sums are copied once enough was asked. */
class CopiedSumsTest {

  private static final LocalDate FIRST = LocalDate.parse("2025-10-14");

  /** In the test's last month, the one that is not over. */
  private static final LocalDate LAST = SameAnswerTest.FIRST.plusDays(3);

  private static final List<String> QUESTIONS =
      Stream.concat(
              RolledAnswersTest.OF_DAYS.stream(),
              Stream.of(
                  "\"metrics\":[\"visits\",\"visitors\",\"bounce_rate\"],\"dimensions\":[\"time:month\"]",
                  "\"metrics\":[\"visits\",\"visitors\"],\"dimensions\":[\"time:week\"]",
                  "\"metrics\":[\"visits\",\"pageviews\"],\"dimensions\":[\"time:month\",\"visit:source\"],"
                      + "\"order_by\":[[\"time:month\",\"asc\"],[\"visit:source\",\"asc\"]]",
                  "\"metrics\":[\"visits\",\"pageviews\"],\"filters\":[[\"is\",\"event:page\",[\"/1\"]]]"))
          .toList();

  @TempDir Path data;

  @Test
  void areThoseFromRows() throws Exception {
    Random random = new Random(8);
    List<Event> events = new ArrayList<>();
    for (LocalDate date = FIRST; date.isBefore(LAST); date = date.plusDays(2)) {
      events.addAll(SameAnswerTest.events(random, date).stream().limit(40).toList());
    }
    events.sort(Comparator.comparing(Event::timestamp).thenComparing(Event::id));
    try (Lake lake = RolledAnswersTest.open(data, 1)) {
      lake.accept(SameAnswerTest.numbered(1, events));
      lake.flush();
      lake.compact(step -> {});
      for (int round = 0; round < 2; round++) {
        same(lake, FIRST, LAST);
      }
      assertThat(year(lake)).as("months added up").contains("memory.main.sums_");
      for (int range = 0; range < 12; range++) {
        same(lake, random);
      }
      List<String> copied = copies(lake);

      // Today's events have nothing to do with it.
      lake.accept(
          SameAnswerTest.numbered(
              events.size() + 1L, SameAnswerTest.events(random, LAST).subList(0, 5)));
      lake.flush();
      lake.settle(step -> {});
      same(lake, random);
      assertThat(copies(lake)).as("after a settle").isEqualTo(copied);

      // One that is late has.
      lake.accept(
          SameAnswerTest.numbered(
              events.size() + 6L, SameAnswerTest.events(random, FIRST.plusDays(60)).subList(0, 5)));
      lake.flush();
      same(lake, random);
      lake.compact(step -> {});
      for (int round = 0; round < 2; round++) {
        same(lake, FIRST, LAST);
      }
      assertThat(year(lake)).contains("memory.main.sums_");
      assertThat(copies(lake)).as("after a late event").doesNotContainAnyElementsOf(copied);
    }
  }

  private static void same(Lake lake, Random random) {
    LocalDate from = FIRST.minusDays(20).plusDays(random.nextInt(70));
    from = random.nextBoolean() ? from.withDayOfMonth(1) : from;
    LocalDate to = LAST.plusDays(5).minusDays(random.nextInt(60));
    to = random.nextBoolean() ? to.withDayOfMonth(1).minusDays(1) : to;
    same(lake, from, to);
  }

  private static void same(Lake lake, LocalDate from, LocalDate to) {
    for (String question : QUESTIONS) {
      assertThat(answers(lake, question, true, from, to))
          .as("%s of %s to %s", question, from, to)
          .isEqualTo(answers(lake, question, false, from, to));
    }
  }

  private static List<String> answers(
      Lake lake, String question, boolean rolled, LocalDate from, LocalDate to) {
    return RolledAnswersTest.results(
        RolledAnswersTest.answers(lake, List.of(question), rolled, from, to));
  }

  /** For FROM: where the pages' sums of all days are read. */
  private static String year(Lake lake) throws Exception {
    try (LakeView view = lake.visitedView(SameAnswerTest.SITE)) {
      RolledUp.Days days = new RolledUp.Days(FIRST, LAST);
      return view.rolledUp()
          .sums()
          .relation(new RolledUp.Wanted("event:page", Set.of("date"), days, Optional.of(days)));
    }
  }

  private static List<String> copies(Lake lake) throws Exception {
    try (LakeView view = lake.visitedView(SameAnswerTest.SITE)) {
      List<String> tables = new ArrayList<>();
      try (var statement = view.connection().createStatement();
          var rows =
              statement.executeQuery(
                  "SELECT table_name FROM duckdb_tables() WHERE table_name LIKE 'sums\\_%' ESCAPE '\\' ORDER BY 1")) {
        while (rows.next()) {
          tables.add(rows.getString(1));
        }
      }
      return tables;
    }
  }
}
