package dev.eider.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.eider.runtime.event.Event;
import dev.eider.runtime.lake.CompactReport;
import dev.eider.runtime.lake.Lake;
import dev.eider.runtime.lake.RetainPlan;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A screen that reloads itself for days costs no figure when its rows are gone. */
final class LongVisitsTest {

  private static final LocalDate LAST = SameAnswerTest.FIRST.plusDays(3);
  private static final int SCREEN = 1_000;
  private static final ObjectMapper JSON = new ObjectMapper();

  /** What no visit brings to two days at once. */
  private static final List<String> OF_EACH_DAY =
      List.of(
          "\"metrics\":[\"visitors\",\"pageviews\",\"events\"]",
          "\"metrics\":[\"visits\",\"visitors\"],\"dimensions\":[\"time:hour\"]",
          "\"metrics\":[\"visits\",\"pageviews\",\"visitors\"],\"dimensions\":[\"time:day\"]",
          "\"metrics\":[\"pageviews\",\"visitors\"],\"dimensions\":[\"event:page\"],"
              + "\"order_by\":[[\"event:page\",\"asc\"]]");

  private static final String VISITS = "\"metrics\":[\"visits\"]";

  @TempDir Path folder;

  @Test
  void countOnceADayWhenTheirRowsAreGone() throws Exception {
    List<Event> events = new ArrayList<>(SameAnswerTest.events(new Random(4)));
    Random random = new Random(5);
    Instant until = LAST.atTime(23, 30).atZone(SameAnswerTest.ZONE).toInstant();
    for (Instant at = SameAnswerTest.FIRST.atTime(5, 0).atZone(SameAnswerTest.ZONE).toInstant();
        at.isBefore(until);
        at = at.plus(Duration.ofMinutes(20))) {
      Event event = SameAnswerTest.event(random, SCREEN, at);
      while (event.isBot() || event.duplicate()) {
        event = SameAnswerTest.event(random, SCREEN, at);
      }
      events.add(event);
    }
    events.sort(Comparator.comparing(Event::timestamp).thenComparing(Event::id));
    try (Lake lake = RolledAnswersTest.open(folder, 1)) {
      lake.accept(SameAnswerTest.numbered(1, events));
      lake.flush();
      CompactReport compacted = lake.compact(step -> {});
      assertThat(compacted.rollUp().unfit()).isZero();
      assertThat(compacted.rollUp().days()).isEqualTo(4);
      assertThat(lake.compact(step -> {}).rollUp().days())
          .as("nothing is summed up twice")
          .isZero();
      assertThat(lake.checkRollups(step -> {}).differences()).isEmpty();

      List<String> expected = RolledAnswersTest.answers(lake, OF_EACH_DAY, false);
      List<String> exact = RolledAnswersTest.answers(lake, RolledAnswersTest.OF_DAYS, false);
      assertThat(
              RolledAnswersTest.results(
                  RolledAnswersTest.answers(lake, RolledAnswersTest.OF_DAYS, true)))
          .as("from rows, as long as these are there")
          .isEqualTo(exact);
      long visits = visits(lake, "\"\"");

      for (int days = 1; days <= 3; days++) {
        lake.retain(keepFrom(SameAnswerTest.FIRST.plusDays(days)), step -> {});
        assertThat(RolledAnswersTest.results(RolledAnswersTest.answers(lake, OF_EACH_DAY, true)))
            .as("%d days are gone", days)
            .isEqualTo(expected);
        assertThat(visits(lake, "\"count once a day\""))
            .as("%d days are gone", days)
            .isBetween(visits + 1, visits + 3);
        assertThat(lake.checkRollups(step -> {}).differences()).isEmpty();
      }
    }
  }

  /**
   * How many there are in all.
   *
   * @param said what the answer says of long ones
   */
  private static long visits(Lake lake, String said) throws Exception {
    String answer = RolledAnswersTest.answers(lake, List.of(VISITS), true).getFirst();
    int at = answer.indexOf('[');
    JsonNode meta = at == 0 ? JSON.createObjectNode() : JSON.readTree(answer.substring(0, at));
    assertThat(JSON.writeValueAsString(meta.path("visits_in_three_days").asText())).isEqualTo(said);
    return JSON.readTree(answer.substring(at)).at("/0/metrics/0").asLong();
  }

  private static RetainPlan keepFrom(LocalDate date) {
    return new RetainPlan(
        List.of(
            new RetainPlan.Site(
                SameAnswerTest.SITE,
                date,
                date,
                Optional.empty(),
                Optional.empty(),
                100,
                false,
                Optional.empty())),
        false);
  }
}
