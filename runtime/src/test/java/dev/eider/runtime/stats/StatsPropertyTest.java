package dev.eider.runtime.stats;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Random questions about random streams: the engine and the naive reference agree on each. */
class StatsPropertyTest {

  private static final int DAYS = 4;
  private static final int QUESTIONS = 25;

  /** Of a dimension, those that most visitors have. */
  private static final int VALUES = 2;

  private static final List<Dimension> PROPERTIES =
      StreamOfEvents.KEYS.stream().map(key -> (Dimension) new Property(key)).toList();

  /** Goals and properties more often than one of some thirty. */
  private static final List<Dimension> DIMENSIONS =
      Stream.of(
              Dimension.fixed(),
              PROPERTIES.stream(),
              Stream.of("custom:1", "custom:stay", "custom:who")
                  .map(word -> Dimension.of(word).orElseThrow()),
              Stream.of(GoalName.GOAL, GoalName.GOAL, Attribute.PAGE, Attribute.PAGE))
          .<Dimension>flatMap(all -> all)
          .toList();

  private static final List<Dimension> FILTERED =
      DIMENSIONS.stream().filter(d -> !d.isTime()).toList();
  private static final List<Dimension> EVENTS =
      FILTERED.stream().filter(d -> !d.ofVisit()).toList();

  static final List<Custom> CUSTOMS =
      List.of(
          new Custom("what", 1, Custom.Type.TEXT, Custom.Reach.EVENT),
          new Custom("stay", 2, Custom.Type.TEXT, Custom.Reach.VISIT),
          new Custom("who", 3, Custom.Type.TEXT, Custom.Reach.VISITOR),
          new Custom("seats", 1, Custom.Type.INTEGER, Custom.Reach.EVENT),
          new Custom("budget", 2, Custom.Type.CURRENCY, Custom.Reach.VISIT),
          new Custom("age", 3, Custom.Type.TIME, Custom.Reach.VISITOR));

  private static final List<Metric> METRICS =
      Stream.concat(
              Arrays.<Metric>stream(Figure.values()),
              Stream.of("sum:seats", "average:1", "sum:budget", "average:2", "sum:3", "average:age")
                  .map(word -> Metric.of(word).orElseThrow()))
          .toList();

  static final List<Goal> GOALS =
      List.of(
          new Goal.EventDone("Sign up", Goal.Matching.BEGINS_WITH, "Sign up", false),
          new Goal.EventDone("Sign up 1", Goal.Matching.EQUALS, "Sign up 1", false),
          new Goal.EventDone("Buy", Goal.Matching.EQUALS, "Buy", true),
          new Goal.PageSeen("Visit /Page/1", Goal.Matching.EQUALS, "/Page/1"),
          new Goal.PageSeen("Any page", Goal.Matching.REGEX, "^/Page/[0-9]$"),
          new Goal.VisitLasted("Stayed", Duration.ofMinutes(20)),
          new Goal.PagesSeen("Read three", 3));

  private static final Map<String, Worth> WORTHS =
      Map.of(
          "Sign up", new Worth(new BigDecimal("2.5"), ""),
          "Sign up 1", new Worth(new BigDecimal("100.125"), "EUR"),
          "Buy", new Worth(BigDecimal.TEN, "EUR"),
          "Any page", new Worth(BigDecimal.ONE, "USD"),
          "Stayed", new Worth(new BigDecimal("0.75"), "EUR"));

  @ParameterizedTest(
      name = "seed {0}, {1} from {2}, {3} % settled, sampled: {4}, known across days: {5}")
  @CsvSource({
    "1, UTC, 2026-01-30, 0, false, false",
    "2, Europe/Berlin, 2026-03-28, 50, false, true",
    "3, Europe/Berlin, 2026-10-24, 100, true, false",
    "4, Asia/Kathmandu, 2026-05-30, 30, true, true",
    "5, America/New_York, 2026-03-07, 70, false, false",
    "6, Australia/Lord_Howe, 2026-04-04, 60, false, false",
    "7, Pacific/Kiritimati, 2025-12-30, 0, true, true",
  })
  void agrees(
      long seed, String zoneId, LocalDate first, int settled, boolean sampled, boolean lasting)
      throws Exception {
    Random random = new Random(seed);
    ZoneId zone = ZoneId.of(zoneId);
    Instant start = first.atStartOfDay(zone).toInstant();
    Instant now = first.plusDays(DAYS - 1).atTime(13, 17, 5).atZone(zone).toInstant();
    Instant settledBefore =
        start.plus(Duration.ofHours(24L * (DAYS + 2)).multipliedBy(settled).dividedBy(100));
    List<Row> rows = StreamOfEvents.of(random, zone, first, DAYS, settledBefore, sampled, lasting);
    try (Both both = Both.of(rows, now, zone, lasting)) {
      for (int i = 0; i < QUESTIONS; i++) {
        both.compare(question(random, first, zone, both.scope()));
      }
    }
  }

  /** Whoever sees a value in a breakdown asks for what has it. */
  @Test
  void eachValueThatIsShownCanBeAskedFor() throws Exception {
    try (Both both = Both.inBerlin(8, false)) {
      for (Dimension dimension : new LinkedHashSet<>(FILTERED)) {
        for (JsonNode value : values(dimension, both)) {
          for (String operator : List.of("is", "contains")) {
            ObjectNode asked = question();
            ArrayNode filter = asked.putArray("filters").addArray();
            filter.add(operator).add(dimension.word()).addArray().add(value);
            both.compare(parse(asked));
          }
        }
      }
    }
  }

  /** Views in visits that left elsewhere are views of the page all the same. */
  @Test
  void anExitRateIsTheSameWhereOnlyItsPageIsAskedFor() throws Exception {
    try (Both both = Both.inBerlin(10, false)) {
      ObjectNode asked = question();
      asked.putArray("metrics").add("exit_rate").add("visits");
      asked.putArray("dimensions").add("visit:exit_page");
      JsonNode shown = both.compare(parse(asked)).get("results");
      assertThat(shown).hasSizeGreaterThan(2);
      for (JsonNode row : shown) {
        ArrayNode filter = asked.putArray("filters").addArray();
        filter.add("is").add("visit:exit_page").addArray().add(row.at("/dimensions/0"));
        assertThat(both.compare(parse(asked)).get("results")).containsExactly(row);
      }
    }
  }

  /** What somebody did in visits that the other filters leave out was done all the same. */
  @Test
  void whatWasDoneIsLookedForInTheWholeRange() throws Exception {
    try (Both both = Both.inBerlin(9, true)) {
      List<JsonNode> pages = values(Attribute.PAGE, both);
      for (Dimension dimension : new LinkedHashSet<>(FILTERED)) {
        for (JsonNode value : values(dimension, both)) {
          for (String operator : List.of("has_done", "has_not_done")) {
            ObjectNode asked = question();
            ArrayNode filters = asked.putArray("filters");
            filters.addArray().add("is").add(dimension.word()).addArray().add(value);
            ArrayNode done = filters.addArray().add(operator).addArray();
            done.add("is").add("event:page").addArray().add(pages.getFirst());
            both.compare(parse(asked));
          }
        }
      }
    }
  }

  /** Some that a breakdown shows. */
  private static List<JsonNode> values(Dimension dimension, Both both) throws Exception {
    ObjectNode breakdown = question();
    breakdown.putArray("dimensions").add(dimension.word());
    JsonNode shown = both.compare(parse(breakdown)).get("results");
    assertThat(shown).as(dimension.word()).isNotEmpty();
    return shown.valueStream().limit(VALUES).map(row -> row.at("/dimensions/0")).toList();
  }

  private static ObjectNode question() {
    ObjectNode question = JsonNodeFactory.instance.objectNode();
    question.put("site_id", "example.com").put("date_range", "7d");
    question.putArray("metrics").add("visitors").add("visits").add("pageviews");
    return question;
  }

  private static Query parse(ObjectNode question) throws InvalidQuery {
    return Query.parse(question.toString().getBytes(StandardCharsets.UTF_8));
  }

  /** A stream of events, asked about here and worked out by hand. */
  private record Both(
      List<Row> rows, Instant now, Scope scope, Stats stats, NaiveStats naive, EventsTable table)
      implements AutoCloseable {

    static Both of(List<Row> rows, Instant now, ZoneId zone, boolean lasting) throws Exception {
      Scope scope =
          new Scope(zone, "EUR", GOALS, List.of(), customs(lasting), "", lasting).with(WORTHS);
      NaiveStats naive = new NaiveStats(rows, scope);
      return new Both(
          rows,
          now,
          scope,
          new Stats(Clock.fixed(now, zone), Duration.ofSeconds(60)),
          naive,
          new EventsTable(rows, naive.visitIds()));
    }

    /** Of some days, of which all but the last two are settled. */
    static Both inBerlin(long seed, boolean lasting) throws Exception {
      ZoneId zone = ZoneId.of("Europe/Berlin");
      LocalDate first = LocalDate.parse("2026-05-04");
      Instant now = first.plusDays(DAYS).atStartOfDay(zone).toInstant();
      Instant settledBefore = now.minus(Duration.ofDays(2));
      return of(
          StreamOfEvents.of(new Random(seed), zone, first, DAYS, settledBefore, false, lasting),
          now,
          zone,
          lasting);
    }

    /** Asks, and works the same out by hand; answers what came. */
    ObjectNode compare(Query asked) throws Exception {
      ObjectNode answer = stats.answer(asked, scope, table.view(now));
      Query query = new Customs(scope).resolve(asked);
      TimeRange range =
          query
              .period()
              .at(
                  now,
                  scope.zone(),
                  () ->
                      rows.stream()
                          .filter(Row::counts)
                          .map(Row::timestamp)
                          .min(Instant::compareTo));
      List<Dimension> dimensions =
          query.dimensions().stream().map(d -> d == TimeUnit.AUTO ? range.unit() : d).toList();
      List<Result> expected = naive.answer(query, range, dimensions, orders(query, range));
      if (answer.at("/meta").has("total_rows")) {
        assertThat(answer.at("/meta/total_rows").asInt())
            .as(asked(answer))
            .isEqualTo(expected.size());
      }
      ArrayNode results = JsonNodeFactory.instance.arrayNode();
      expected.stream()
          .skip(query.offset())
          .limit(query.limit())
          .forEach(result -> results.add(result.json()));
      assertThat(answer.get("results")).as(asked(answer)).hasToString(results.toString());
      return answer;
    }

    @Override
    public void close() throws SQLException {
      table.close();
    }
  }

  private static List<Custom> customs(boolean lasting) {
    return CUSTOMS.stream()
        .map(
            custom ->
                lasting && custom.reach() == Custom.Reach.VISITOR
                    ? new Custom(
                        custom.name(), custom.index(), custom.type(), Custom.Reach.LASTING_VISITOR)
                    : custom)
        .toList();
  }

  private static String asked(JsonNode answer) {
    return answer.get("query").toString();
  }

  private static List<Query.Order> orders(Query query, TimeRange range) {
    List<Query.Order> orders = new ArrayList<>(query.orders());
    if (orders.isEmpty()) {
      Optional<TimeUnit> time = query.timeDimension();
      time.ifPresent(d -> orders.add(new Query.Order(d, false)));
      orders.add(new Query.Order(query.metrics().getFirst(), true));
    }
    return orders.stream()
        .map(o -> o.key() == TimeUnit.AUTO ? new Query.Order(range.unit(), o.descending()) : o)
        .toList();
  }

  /** A question that is allowed; others are asked anew. */
  private static Query question(Random random, LocalDate first, ZoneId zone, Scope scope) {
    while (true) {
      ObjectNode question = any(random, first, zone);
      try {
        Query query = Query.parse(question.toString().getBytes(StandardCharsets.UTF_8));
        new Customs(scope).resolve(query);
        return query;
      } catch (InvalidQuery e) {
        // Not everything goes with everything; InvalidQueryTest says what does.
        assertThat(e.getMessage()).matches("(?s)(metric |has_done and has_not_done look at).*");
      }
    }
  }

  private static ObjectNode any(Random random, LocalDate first, ZoneId zone) {
    ObjectNode question = JsonNodeFactory.instance.objectNode();
    question.put("site_id", "example.com");
    ArrayNode metrics = question.putArray("metrics");
    some(random, METRICS, 1, random.nextInt(3) == 0 ? 1 : 9).forEach(m -> metrics.add(m.word()));
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
        new ArrayList<>(new LinkedHashSet<>(some(random, DIMENSIONS, 0, 3)));
    if (metrics.size() == 1 && random.nextInt(3) == 0) {
      dimensions = new ArrayList<>(List.of(Attribute.EXIT_PAGE));
    }
    Optional<Dimension> time = dimensions.stream().filter(Dimension::isTime).findFirst();
    dimensions.removeIf(d -> d.isTime() && d != time.orElseThrow());
    if (dimensions.contains(Attribute.HOSTNAME) && !dimensions.contains(Attribute.PAGE)) {
      dimensions.add(Attribute.PAGE);
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
    return question;
  }

  static ArrayNode filter(Random random, int depth) {
    ArrayNode filter = JsonNodeFactory.instance.arrayNode();
    switch (depth == 0 ? 0 : random.nextInt(8)) {
      case 1, 2 -> {
        ArrayNode inner = filter.add(random.nextBoolean() ? "and" : "or").addArray();
        for (int i = 1 + random.nextInt(2); i > 0; i--) {
          inner.add(filter(random, depth - 1));
        }
      }
      case 3 -> filter.add("not").add(filter(random, depth - 1));
      case 4 -> {
        filter.add(random.nextBoolean() ? "has_done" : "has_not_done");
        filter.add(
            random.nextBoolean()
                ? match(random, of(random, EVENTS))
                : filter.arrayNode().add("not").add(match(random, of(random, EVENTS))));
      }
      default -> filter = match(random, of(random, FILTERED));
    }
    return filter;
  }

  private static ArrayNode match(Random random, Dimension dimension) {
    ArrayNode filter = JsonNodeFactory.instance.arrayNode();
    if (dimension == GoalName.GOAL) {
      boolean is = random.nextBoolean();
      filter.add(is ? "is" : "contains").add(dimension.word());
      filter
          .addArray()
          .add(is ? of(random, GOALS).name() : "Sign")
          .add(is ? of(random, GOALS).name() : of(random, List.of("e", "Buy", "zebra")));
      return filter;
    }
    String operator =
        of(random, List.of("is", "is_not", "contains", "contains_not", "matches", "matches_not"));
    filter.add(operator).add(dimension.word());
    String column = dimension instanceof Attribute attribute ? attribute.column() : "props";
    List<String> clauses =
        operator.startsWith("matches")
            ? List.of("^/Page/[12]$", "-1$", "^$", "a|B", "[gG]er")
            : List.of(
                "/",
                "/Page/1",
                column + "-1",
                column.toUpperCase(Locale.ROOT) + "-2",
                "-2",
                "",
                "a",
                "Germany",
                "Tablet",
                dimension.whenEmpty());
    ArrayNode written = filter.addArray();
    for (int i = 1 + random.nextInt(2); i > 0; i--) {
      written.add(of(random, clauses));
    }
    if (random.nextInt(3) == 0) {
      filter.addObject().put("case_sensitive", random.nextBoolean());
    }
    return filter;
  }

  private static <T> T of(Random random, List<T> all) {
    return all.get(random.nextInt(all.size()));
  }

  private static <T> List<T> some(Random random, List<T> all, int least, int most) {
    List<T> shuffled = new ArrayList<>(all);
    Collections.shuffle(shuffled, random);
    return shuffled.subList(0, Math.min(all.size(), least + random.nextInt(most - least + 1)));
  }
}
