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
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Random questions about random streams: the engine and the naive reference agree on each. */
class StatsPropertyTest {

  private static final int DAYS = 4;
  private static final int QUESTIONS = 25;

  @ParameterizedTest(name = "seed {0}, {1} from {2}, {3} % settled")
  @CsvSource({
    "1, UTC, 2026-01-30, 0",
    "2, Europe/Berlin, 2026-03-28, 50",
    "3, Europe/Berlin, 2026-10-24, 100",
    "4, Asia/Kathmandu, 2026-05-30, 30",
    "5, America/New_York, 2026-03-07, 70",
    "6, Australia/Lord_Howe, 2026-04-04, 60",
    "7, Pacific/Kiritimati, 2025-12-30, 0",
  })
  void agrees(long seed, String zoneId, LocalDate first, int settled) throws Exception {
    Random random = new Random(seed);
    ZoneId zone = ZoneId.of(zoneId);
    Instant start = first.atStartOfDay(zone).toInstant();
    Instant now = first.plusDays(DAYS - 1).atTime(13, 17, 5).atZone(zone).toInstant();
    Instant settledBefore =
        start.plus(Duration.ofHours(24L * (DAYS + 2)).multipliedBy(settled).dividedBy(100));
    List<Row> rows = StreamOfEvents.of(random, zone, first, DAYS, settledBefore);
    NaiveStats naive = new NaiveStats(rows);
    Stats stats = new Stats(Clock.fixed(now, zone), Duration.ofSeconds(60));
    try (EventsTable table = new EventsTable(rows, naive.visitIds())) {
      for (int i = 0; i < QUESTIONS; i++) {
        Query query = question(random, first, zone);
        ObjectNode answer = stats.answer(query, zone, table.view(now));
        TimeRange range =
            query
                .period()
                .at(
                    now,
                    zone,
                    () ->
                        rows.stream()
                            .filter(Row::counts)
                            .map(Row::timestamp)
                            .min(Instant::compareTo));
        List<Dimension> dimensions =
            query.dimensions().stream().map(d -> d == Dimension.TIME_ ? range.unit() : d).toList();
        List<List<Object>> expected = naive.answer(query, range, dimensions, orders(query, range));
        assertThat(answer.at("/meta/total_rows").asInt())
            .as(asked(answer))
            .isEqualTo(expected.size());
        assertThat(answer.get("results"))
            .as(asked(answer))
            .hasToString(
                json(
                        expected.stream().skip(query.offset()).limit(query.limit()).toList(),
                        dimensions.size())
                    .toString());
      }
    }
  }

  private static String asked(JsonNode answer) {
    return answer.get("query").toString();
  }

  private static List<Query.Order> orders(Query query, TimeRange range) {
    List<Query.Order> orders = new ArrayList<>(query.orders());
    if (orders.isEmpty()) {
      Optional<Dimension> time = query.timeDimension();
      time.ifPresent(d -> orders.add(new Query.Order(d, false)));
      orders.add(new Query.Order(query.metrics().getFirst(), true));
    }
    return orders.stream()
        .map(o -> o.key() == Dimension.TIME_ ? new Query.Order(range.unit(), o.descending()) : o)
        .toList();
  }

  private static JsonNode json(List<List<Object>> rows, int dimensions) {
    ArrayNode results = JsonNodeFactory.instance.arrayNode();
    for (List<Object> row : rows) {
      ObjectNode result = results.addObject();
      ArrayNode metrics = result.putArray("metrics");
      ArrayNode values = result.putArray("dimensions");
      row.subList(0, dimensions).forEach(value -> values.add((String) value));
      for (Object metric : row.subList(dimensions, row.size())) {
        if (metric instanceof Long whole) {
          metrics.add(whole);
        } else {
          metrics.add(((Number) metric).doubleValue());
        }
      }
    }
    return results;
  }

  private static Query question(Random random, LocalDate first, ZoneId zone) {
    ObjectNode question = JsonNodeFactory.instance.objectNode();
    question.put("site_id", "example.com");
    ArrayNode metrics = question.putArray("metrics");
    some(random, Arrays.asList(Metric.values()), 1, 7).forEach(m -> metrics.add(m.word()));
    switch (random.nextInt(6)) {
      case 0 -> question.put("date_range", "all");
      case 1 -> question.put("date_range", "7d");
      case 2 -> question.put("date_range", "24h");
      case 3 -> {
        Instant from =
            first.atStartOfDay(zone).toInstant().plusSeconds(random.nextInt(DAYS * 86_400));
        question
            .putArray("date_range")
            .add(from.toString())
            .add(from.plusSeconds(random.nextInt(2 * 86_400)).toString());
      }
      default -> {
        LocalDate from = first.plusDays(random.nextInt(DAYS));
        question
            .putArray("date_range")
            .add(from.toString())
            .add(from.plusDays(random.nextInt(3)).toString());
      }
    }
    List<Dimension> dimensions =
        new ArrayList<>(some(random, Arrays.asList(Dimension.values()), 0, 3));
    Optional<Dimension> time = dimensions.stream().filter(Dimension::isTime).findFirst();
    dimensions.removeIf(d -> d.isTime() && d != time.orElseThrow());
    if (dimensions.contains(Dimension.HOSTNAME) && !dimensions.contains(Dimension.PAGE)) {
      dimensions.add(Dimension.PAGE);
    }
    ArrayNode by = question.putArray("dimensions");
    dimensions.forEach(d -> by.add(d.word()));
    ArrayNode filters = question.putArray("filters");
    for (int i = random.nextInt(3); i > 0; i--) {
      filters.add(filter(random, 2));
    }
    if (random.nextBoolean()) {
      List<String> keys = new ArrayList<>();
      metrics.forEach(m -> keys.add(m.asText()));
      dimensions.forEach(d -> keys.add(d.word()));
      ArrayNode orders = question.putArray("order_by");
      some(random, keys, 1, 3)
          .forEach(k -> orders.addArray().add(k).add(random.nextBoolean() ? "asc" : "desc"));
    }
    question.putObject("include").put("total_rows", true);
    if (random.nextInt(4) == 0) {
      question.putObject("pagination").put("limit", 5).put("offset", random.nextInt(6));
    }
    return Query.parse(question.toString().getBytes(StandardCharsets.UTF_8));
  }

  private static ArrayNode filter(Random random, int depth) {
    ArrayNode filter = JsonNodeFactory.instance.arrayNode();
    int kind = random.nextInt(depth == 0 ? 4 : 7);
    switch (kind) {
      case 4, 5 -> {
        ArrayNode inner = filter.add(kind == 4 ? "and" : "or").addArray();
        for (int i = 1 + random.nextInt(2); i > 0; i--) {
          inner.add(filter(random, depth - 1));
        }
      }
      case 6 -> filter.add("not").add(filter(random, depth - 1));
      default -> {
        Dimension dimension =
            some(random, Arrays.stream(Dimension.values()).filter(d -> !d.isTime()).toList(), 1, 1)
                .getFirst();
        filter.add(List.of("is", "is_not", "contains", "contains_not").get(kind));
        filter.add(dimension.word());
        ArrayNode clauses = filter.addArray();
        for (int i = 1 + random.nextInt(2); i > 0; i--) {
          clauses.add(
              List.of(
                      "/",
                      "/Page/1",
                      dimension.column() + "-1",
                      dimension.column().toUpperCase(java.util.Locale.ROOT) + "-2",
                      "-2",
                      "",
                      dimension.whenEmpty())
                  .get(random.nextInt(7)));
        }
        if (random.nextInt(3) == 0) {
          filter.addObject().put("case_sensitive", random.nextBoolean());
        }
      }
    }
    return filter;
  }

  private static <T> List<T> some(Random random, List<T> all, int least, int most) {
    List<T> shuffled = new ArrayList<>(all);
    Collections.shuffle(shuffled, random);
    return shuffled.subList(0, Math.min(all.size(), least + random.nextInt(most - least + 1)));
  }
}
