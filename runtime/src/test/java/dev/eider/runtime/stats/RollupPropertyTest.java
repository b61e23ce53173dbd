package dev.eider.runtime.stats;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Random questions about random streams of which some days are summed up: answers from sums are
 * those from rows, and those of the naive reference.
 */
class RollupPropertyTest {

  private static final int DAYS = 9;
  private static final int QUESTIONS = 30;

  @ParameterizedTest(name = "seed {0}, {1} from {2}, the last {3} hours not settled, sampled: {4}")
  @CsvSource({
    "11, UTC, 2026-01-28, 0, false",
    "12, Europe/Berlin, 2026-03-25, 30, false",
    "13, Europe/Berlin, 2026-10-20, 20, true",
    "14, Asia/Kathmandu, 2026-05-26, 50, true",
    "15, America/New_York, 2026-03-04, 13, false",
    "16, Australia/Lord_Howe, 2026-04-01, 70, false",
    "17, Pacific/Kiritimati, 2025-12-28, 5, true",
  })
  void agrees(long seed, String zoneId, LocalDate first, int hoursLeft, boolean sampled)
      throws Exception {
    Random random = new Random(seed);
    ZoneId zone = ZoneId.of(zoneId);
    LocalDate today = first.plusDays(DAYS - 1);
    Instant now = today.atTime(13, 17, 5).atZone(zone).toInstant();
    Instant settledBefore =
        first.plusDays(DAYS + 1L).atStartOfDay(zone).toInstant().minus(Duration.ofHours(hoursLeft));
    List<Row> rows = StreamOfEvents.of(random, zone, first, DAYS, settledBefore, sampled, false);
    Scope scope = new Scope(zone, "EUR", List.of(), List.of(), "");
    NaiveStats naive = new NaiveStats(rows, scope);
    Stats stats = new Stats(Clock.fixed(now, zone), Duration.ofSeconds(60));
    int fromSums = 0;
    try (EventsTable table = new EventsTable(rows, naive.visitIds())) {
      RolledTable rolled = new RolledTable(table.view(now).connection(), zone, settledBefore);
      rolled.build(random, first, today);
      if (random.nextBoolean()) {
        rolled.lookOver();
      }
      List<Instant> unsettled =
          rows.stream()
              .filter(row -> !row.settled())
              .map(row -> row.timestamp().toEpochMilli() / 600_000 * 600_000)
              .distinct()
              .map(Instant::ofEpochMilli)
              .toList();
      for (int i = 0; i < QUESTIONS; i++) {
        Query query = question(random, first, zone);
        ObjectNode raw = stats.answer(query, scope, table.view(now));
        ObjectNode answer = stats.answer(query, scope, rolled.view(now, unsettled));
        String asked = answer.get("query") + " of " + rolled.days() + answer.get("meta");
        fromSums += answer.at("/meta/rollups").isMissingNode() ? 0 : 1;
        ((ObjectNode) answer.get("meta")).remove("rollups");
        assertThat(answer).as(asked).hasToString(raw.toString());
        assertThat(answer.get("results"))
            .as(asked)
            .hasToString(expected(naive, query, now, zone).toString());
      }
    }
    assertThat(fromSums).as("answers from sums").isGreaterThan(QUESTIONS / 4);
  }

  private static JsonNode expected(NaiveStats naive, Query query, Instant now, ZoneId zone) {
    TimeRange range = query.period().at(now, zone, Optional::empty);
    List<Query.Order> orders = new ArrayList<>(query.orders());
    if (orders.isEmpty()) {
      query.timeDimension().ifPresent(unit -> orders.add(new Query.Order(unit, false)));
      orders.add(new Query.Order(query.metrics().getFirst(), true));
    }
    ArrayNode results = JsonNodeFactory.instance.arrayNode();
    naive.answer(query, range, query.dimensions(), orders).stream()
        .limit(query.limit())
        .forEach(result -> results.add(result.json()));
    return results;
  }

  private static Query question(Random random, LocalDate first, ZoneId zone) {
    while (true) {
      try {
        return Query.parse(any(random, first, zone).toString().getBytes(StandardCharsets.UTF_8));
      } catch (InvalidQuery e) {
        assertThat(e).hasMessageStartingWith("metric ");
      }
    }
  }

  private static ObjectNode any(Random random, LocalDate first, ZoneId zone) {
    ObjectNode question = JsonNodeFactory.instance.objectNode();
    question.put("site_id", "example.com");
    List<Metric> metrics = new ArrayList<>(List.of(Figure.values()));
    Collections.shuffle(metrics, random);
    ArrayNode asked = question.putArray("metrics");
    List<Metric> chosen = metrics.subList(0, 1 + random.nextInt(4));
    chosen.forEach(metric -> asked.add(metric.word()));
    boolean exits = chosen.contains(Figure.EXIT_RATE);
    ArrayNode range = question.putArray("date_range");
    if (random.nextInt(4) == 0) {
      Instant from = first.atStartOfDay(zone).toInstant().plusSeconds(random.nextInt(2 * 86_400));
      range.add(from.toString());
      range.add(from.plusSeconds(86_400L * 3 + random.nextInt(5 * 86_400)).toString());
    } else {
      LocalDate from = first.minusDays(2).plusDays(random.nextInt(5));
      range.add(from.toString()).add(from.plusDays(2 + random.nextInt(10)).toString());
    }
    ArrayNode dimensions = question.putArray("dimensions");
    boolean byTime = random.nextInt(3) == 0 && !exits;
    if (byTime) {
      dimensions.add(
          List.of("time:day", "time:week", "time:month", "time:hour").get(random.nextInt(4)));
    }
    Attribute attribute =
        exits
            ? Attribute.EXIT_PAGE
            : random.nextInt(3) == 0
                ? Attribute.PAGE
                : Attribute.values()[random.nextInt(Attribute.values().length)];
    boolean grouped = exits || random.nextInt(3) > 0;
    if (grouped) {
      dimensions.add(attribute.word());
    }
    ArrayNode filters = question.putArray("filters");
    if (random.nextInt(3) == 0) {
      String operator = List.of("is", "is", "is_not", "contains", "matches").get(random.nextInt(5));
      ArrayNode filter = filters.addArray().add(operator).add(attribute.word());
      ArrayNode clauses =
          filter
              .addArray()
              .add(
                  List.of("/", "/Page/1", attribute.column() + "-1", "", "(not set)", "DE")
                      .get(random.nextInt(6)));
      if (random.nextInt(4) == 0) {
        clauses.add(attribute.column() + "-2");
      }
    }
    question.putObject("include").put("total_rows", true);
    return question;
  }
}
