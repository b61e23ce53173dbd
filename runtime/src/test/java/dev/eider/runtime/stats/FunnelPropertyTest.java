package dev.eider.runtime.stats;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Funnels over random streams and filters, as the engine counts them and as one would by hand. */
class FunnelPropertyTest {

  private static final ZoneId ZONE = ZoneId.of("Asia/Kathmandu");
  private static final List<Goal> ACTIONS =
      List.of(
          new Goal.PageSeen("/", Goal.Matching.EQUALS, "/"),
          new Goal.PageSeen("page", Goal.Matching.BEGINS_WITH, "/Page"),
          new Goal.PageSeen("any", Goal.Matching.REGEX, "."),
          new Goal.EventDone("sign up", Goal.Matching.BEGINS_WITH, "Sign up", false),
          new Goal.EventDone("buy", Goal.Matching.EQUALS, "Buy", false));

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void agrees(long seed) throws Exception {
    Random random = new Random(seed);
    boolean lasting = seed == 2;
    LocalDate first = LocalDate.parse("2026-05-30");
    List<Row> rows = StreamOfEvents.of(random, ZONE, first, 3, Instant.EPOCH, seed == 3, lasting);
    TimeRange range = TimeRange.ofDates(first, first.plusDays(2), ZONE);
    Scope scope =
        new Scope(
            ZONE,
            "EUR",
            StatsPropertyTest.GOALS,
            List.of(),
            StatsPropertyTest.CUSTOMS,
            "",
            lasting);
    NaiveStats naive = new NaiveStats(rows, scope);
    try (EventsTable table = new EventsTable(rows, naive.visitIds())) {
      EventsView view = table.view(Instant.EPOCH);
      QueryRunner runner = new QueryRunner(view.connection(), Duration.ofSeconds(60));
      for (int i = 0; i < 20; i++) {
        List<Goal> steps = new ArrayList<>();
        for (int step = 0; step < 2 + random.nextInt(3); step++) {
          steps.add(ACTIONS.get(random.nextInt(ACTIONS.size())));
        }
        Funnel funnel =
            new Funnel(
                "", Duration.ofMinutes(1 + random.nextInt(120)), random.nextBoolean(), steps);
        Query who = who(random, scope, range);
        Collection<List<Row>> people = people(naive.rows(who.filters(), range), lasting);
        StepsSql sql =
            new StepsSql(
                new Asking(who, scope, view, runner, range.until()).rows(range, StepsSql.COLUMNS),
                lasting);
        assertThat(counts(runner, sql.funnel(funnel)))
            .as("%s of %s", funnel, who.filters())
            .isEqualTo(byHand(people, funnel));
        assertThat(counts(runner, sql.sequence(steps)))
            .as("%s of %s", steps, who.filters())
            .isEqualTo(timesByHand(people, steps));
      }
    }
  }

  private static Query who(Random random, Scope scope, TimeRange range) {
    ArrayNode filters = JsonNodeFactory.instance.arrayNode();
    for (int some = random.nextInt(3); some > 0; some--) {
      filters.add(StatsPropertyTest.filter(random, 1));
    }
    try {
      return new Customs(scope)
          .resolve(
              Query.of(
                  "x",
                  List.of(Figure.EVENTS_),
                  (now, zone, first) -> range,
                  List.of(),
                  FilterParser.parse(filters)));
    } catch (InvalidQuery notOfEvents) {
      return who(random, scope, range);
    }
  }

  private static List<Long> counts(QueryRunner runner, Sql sql) throws SQLException {
    return runner.rows(sql).getFirst().stream().map(value -> ((Number) value).longValue()).toList();
  }

  /** How often steps were taken one time after another, by trying where each time ends. */
  private static List<Long> timesByHand(Collection<List<Row>> people, List<Goal> steps) {
    double[] counts = new double[3];
    people.forEach(
        events -> {
          double weight = events.stream().mapToDouble(Row::weight).min().orElseThrow();
          int[] most = new int[events.size() + 1];
          for (int end = 1; end <= events.size(); end++) {
            most[end] = most[end - 1];
            for (int start = 0; start < end; start++) {
              if (takes(steps, events.subList(start, end))) {
                most[end] = Math.max(most[end], most[start] + 1);
              }
            }
          }
          counts[0] += weight;
          double heaviest =
              events.stream()
                  .filter(event -> steps.stream().anyMatch(step -> hits(step, event)))
                  .mapToDouble(Row::weight)
                  .max()
                  .orElse(0);
          counts[1] += most[events.size()] > 0 ? heaviest : 0;
          counts[2] += most[events.size()] * heaviest;
        });
    return Stream.of(counts[0], counts[1], counts[2]).map(Math::round).toList();
  }

  private static boolean takes(List<Goal> steps, List<Row> events) {
    int taken = 0;
    for (Row event : events) {
      if (taken < steps.size() && hits(steps.get(taken), event)) {
        taken++;
      }
    }
    return taken == steps.size();
  }

  private static Collection<List<Row>> people(List<Row> rows, boolean lasting) {
    return rows.stream()
        .sorted(Comparator.comparing(Row::timestamp).thenComparing(row -> row.id().toString()))
        .collect(
            Collectors.groupingBy(
                row -> lasting ? List.of(row.visitor()) : List.of(row.date(), row.visitor())))
        .values();
  }

  private static List<Long> byHand(Collection<List<Row>> people, Funnel funnel) {
    double[] counts = new double[funnel.steps().size() + 1];
    people.forEach(
        events -> {
          double weight = events.stream().mapToDouble(Row::weight).min().orElseThrow();
          double[] lightest = new double[counts.length];
          Arrays.fill(lightest, Double.MAX_VALUE);
          for (int start = 0; start < events.size(); start++) {
            if (hits(funnel.steps().getFirst(), events.get(start))) {
              walk(events, start, start, 1, events.get(start).weight(), funnel, lightest);
            }
          }
          counts[0] += weight;
          for (int step = 1; step < counts.length; step++) {
            counts[step] += lightest[step] == Double.MAX_VALUE ? 0 : lightest[step];
          }
        });
    List<Long> rounded = new ArrayList<>();
    for (double count : counts) {
      rounded.add(Math.round(count));
    }
    return rounded;
  }

  /**
   * Every way to take the steps.
   *
   * @param weight the heaviest event of this way so far
   * @param lightest of each number of steps the way that weighs the least
   */
  private static void walk(
      List<Row> events,
      int start,
      int at,
      int taken,
      double weight,
      Funnel funnel,
      double[] lightest) {
    lightest[taken] = Math.min(lightest[taken], weight);
    if (taken < funnel.steps().size()) {
      int last = funnel.strict() ? Math.min(at + 1, events.size() - 1) : events.size() - 1;
      for (int next = at + 1; next <= last; next++) {
        Row event = events.get(next);
        Duration since = Duration.between(events.get(start).timestamp(), event.timestamp());
        if (since.compareTo(funnel.window()) <= 0 && hits(funnel.steps().get(taken), event)) {
          walk(events, start, next, taken + 1, Math.max(weight, event.weight()), funnel, lightest);
        }
      }
    }
  }

  private static boolean hits(Goal step, Row row) {
    return switch (step) {
      case Goal.PageSeen(String ignored, Goal.Matching how, String page) ->
          row.pageview() && matches(row.text("pathname"), how, page);
      case Goal.EventDone(String ignored, Goal.Matching how, String event, boolean revenue) ->
          !row.pageview() && matches(row.text("event_name"), how, event);
      default -> throw new IllegalArgumentException(step.toString());
    };
  }

  private static boolean matches(String text, Goal.Matching how, String pattern) {
    return switch (how) {
      case EQUALS -> text.equals(pattern);
      case BEGINS_WITH -> text.startsWith(pattern);
      case REGEX -> !text.isEmpty();
    };
  }
}
