package dev.eider.runtime.stats;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What visitors do one after another: funnels, sequences and the pages next to a page. A visitor is
 * known for one site day, so these look at each site day by itself, and say so.
 */
public final class Behaviour {

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final int MOST_STEPS = 20;
  private static final Duration DAY = Duration.ofHours(24);

  /** A site day may have 25 hours; a zone change may add another. */
  private static final Duration WHOLE_DAY = Duration.ofHours(51);

  private Behaviour() {}

  /**
   * {@code funnel}: how many visitors took the first step, the first two, and so on.
   *
   * @param parameters {@code steps} such as {@code page:/pricing,event:Signup} with {@code window}
   *     and {@code strict}; or {@code name} of one of the site's funnels
   */
  public static Question funnel(Parameters parameters) {
    Period period = SiteViews.period(parameters);
    Optional<String> name = parameters.text("name");
    Optional<Funnel> written =
        name.isPresent()
            ? Optional.empty()
            : Optional.of(
                new Funnel(
                    "",
                    window(parameters.text("window").orElse("24h")),
                    parameters.text("strict").filter("true"::equals).isPresent(),
                    steps(parameters, 1)));
    return new Asked(
        parameters.siteId(),
        (stats, scope, events) -> {
          Funnel funnel = written.orElseGet(() -> named(scope, name.orElseThrow()));
          Counted counted =
              stats.read(
                  events,
                  runner ->
                      count(
                          runner,
                          events,
                          period.at(stats.now(), scope.zone(), Optional::empty),
                          funnel));
          ObjectNode json = JSON.objectNode();
          ArrayNode steps = json.putArray("steps");
          for (int i = 0; i < funnel.steps().size(); i++) {
            long here = counted.steps().get(i);
            long before = i == 0 ? here : counted.steps().get(i - 1);
            steps
                .addObject()
                .put("step", funnel.steps().get(i).name())
                .put("visitors", here)
                .put("conversion_rate", percent(here, counted.steps().getFirst()))
                .put("step_conversion_rate", percent(here, before))
                .put("dropoff", before - here);
          }
          json.put("visitors", counted.visitors());
          json.put("window_seconds", funnel.window().toSeconds());
          json.put("strict", funnel.strict());
          return said(json, scope, events);
        });
  }

  /** {@code sequences}: how many of all visitors took the steps in their order. */
  public static Question sequences(Parameters parameters) {
    Period period = SiteViews.period(parameters);
    Funnel funnel = new Funnel("", WHOLE_DAY, false, steps(parameters, 2));
    return new Asked(
        parameters.siteId(),
        (stats, scope, events) -> {
          Counted counted =
              stats.read(
                  events,
                  runner ->
                      count(
                          runner,
                          events,
                          period.at(stats.now(), scope.zone(), Optional::empty),
                          funnel));
          long converting = counted.steps().getLast();
          ObjectNode json = JSON.objectNode();
          json.put("converting_visitors", converting);
          json.put("total_visitors", counted.visitors());
          json.put(
              "conversion_rate",
              counted.visitors() == 0
                  ? 0.0
                  : Math.round(1000.0 * converting / counted.visitors()) / 1000.0);
          return said(json, scope, events);
        });
  }

  /**
   * {@code flow}: the pages seen right after, or before, each visitor's first view of a page.
   *
   * @param parameters {@code page}, {@code direction} {@code next} or {@code previous}, {@code
   *     limit}
   */
  public static Question flow(Parameters parameters) {
    Period period = SiteViews.period(parameters);
    String page =
        parameters
            .text("page")
            .orElseThrow(
                () -> new InvalidQuery("page is missing: name the page to look around, such as /"));
    String direction = parameters.text("direction").orElse("next");
    if (!List.of("next", "previous").contains(direction)) {
      throw new InvalidQuery(
          "direction \"%s\" is not known; possible are next, previous"
              .formatted(ParsedJson.brief(direction)));
    }
    int limit = parameters.number("limit", 1, 1000, 10);
    return new Asked(
        parameters.siteId(),
        (stats, scope, events) -> {
          TimeRange range = period.at(stats.now(), scope.zone(), Optional::empty);
          Sql sql = flow(events.relation(), range, page, direction.equals("next") ? 1 : -1, limit);
          ArrayNode pages = JSON.arrayNode();
          for (List<Object> row : stats.read(events, runner -> runner.rows(sql))) {
            pages
                .addObject()
                .put(direction + "_page", (String) row.get(0))
                .put("visitors", ((Number) row.get(1)).longValue());
          }
          ObjectNode json = JSON.objectNode();
          json.put("page", page);
          json.set("pages", pages);
          return said(json, scope, events);
        });
  }

  /**
   * How far visitors came.
   *
   * @param visitors all there are in the range
   * @param steps how many took each step after all before it
   */
  private record Counted(long visitors, List<Long> steps) {}

  private static ObjectNode said(ObjectNode json, Scope scope, EventsView events) {
    return Asked.said(json.put("identity_window", "site_day"), scope, events);
  }

  private static Counted count(
      QueryRunner runner, EventsView events, TimeRange range, Funnel funnel)
      throws java.sql.SQLException {
    List<Object> row = runner.rows(sql(events.relation(), range, funnel)).getFirst();
    List<Long> counts = row.stream().map(value -> ((Number) value).longValue()).toList();
    return new Counted(counts.getFirst(), counts.subList(1, counts.size()));
  }

  /**
   * One row: all visitors, then those of each step. From every event of the first step on, the
   * earliest event of the next step is taken, which is as good a beginning for the steps after it
   * as any later one.
   */
  static Sql sql(String relation, TimeRange range, Funnel funnel) {
    FilterSql filters = new FilterSql(Names.NONE);
    Sql sql = acts(relation, range, Set.of("pathname", "event_name"), "event_type <> 'engagement'");
    for (int i = 0; i < funnel.steps().size(); i++) {
      sql.add(", ").add(filters.reached(funnel.steps().get(i))).add(" AS hit_" + i);
    }
    sql.add(" FROM ordered),\n");
    sql.add(
        "persons AS (SELECT date, visitor_id, min(sample_weight) AS weight FROM acts GROUP BY date,"
            + " visitor_id),\n"
            + "step_0 AS (SELECT date, visitor_id, seq AS start, ms AS start_ms, seq FROM acts"
            + " WHERE hit_0)");
    for (int i = 1; i < funnel.steps().size(); i++) {
      sql.add(
          """
          ,
          step_%1$d AS (
            SELECT s.date, s.visitor_id, s.start, s.start_ms, min(a.seq) AS seq
            FROM step_%2$d s JOIN acts a ON a.date = s.date AND a.visitor_id = s.visitor_id
              AND a.seq %3$s AND a.ms - s.start_ms <= %4$d
            WHERE a.hit_%1$d
            GROUP BY s.date, s.visitor_id, s.start, s.start_ms)\
          """
              .formatted(
                  i,
                  i - 1,
                  funnel.strict() ? "= s.seq + 1" : "> s.seq",
                  funnel.window().toMillis()));
    }
    List<Sql> counts = new ArrayList<>();
    counts.add(Sql.of("(SELECT round(coalesce(sum(weight), 0))::BIGINT FROM persons)"));
    for (int i = 0; i < funnel.steps().size(); i++) {
      counts.add(
          Sql.of(
              "(SELECT round(coalesce(sum(weight), 0))::BIGINT FROM persons SEMI JOIN step_"
                  + i
                  + " USING (date, visitor_id))"));
    }
    return sql.add("\nSELECT ").add(Sql.join(", ", counts));
  }

  private static Sql flow(String relation, TimeRange range, String page, int by, int limit) {
    return acts(relation, range, Set.of("pathname"), "event_type = 'pageview'")
        .add(", pathname FROM ordered),\n")
        .bind(
            """
            firsts AS (SELECT date, visitor_id, min(seq) AS seq FROM acts WHERE pathname = ?
              GROUP BY date, visitor_id),
            """,
            page)
        .add(
            """
            moves AS (
              SELECT a.date, a.visitor_id, a.pathname, min(a.sample_weight) AS weight
              FROM firsts f JOIN acts a ON a.date = f.date AND a.visitor_id = f.visitor_id
                AND a.seq = f.seq + (%d)
              GROUP BY a.date, a.visitor_id, a.pathname)
            SELECT pathname, round(sum(weight))::BIGINT AS visitors FROM moves GROUP BY pathname
            ORDER BY visitors DESC, pathname LIMIT %d\
            """
                .formatted(by, limit));
  }

  /** Each visitor's events of a site day with their place in it; to be gone on with columns. */
  private static Sql acts(String relation, TimeRange range, Set<String> more, String which) {
    Set<String> columns =
        new LinkedHashSet<>(List.of("date", "visitor_id", "timestamp", "event_id", "event_type"));
    columns.addAll(more.stream().sorted().toList());
    return Sql.of("WITH ordered AS (SELECT *, epoch_ms(timestamp) AS ms,")
        .add(
            " row_number() OVER (PARTITION BY date, visitor_id ORDER BY timestamp, event_id) AS seq"
                + " FROM (")
        .add(
            ScanSql.select(
                Sql.of(
                    String.join(", ", columns) + ", coalesce(sample_weight, 1) AS sample_weight"),
                relation,
                range.from(),
                range.until()))
        .add(
            ") WHERE "
                + which
                + "),\nacts AS MATERIALIZED (SELECT date, visitor_id, sample_weight, seq, ms");
  }

  private static double percent(long part, long of) {
    return of == 0 ? 0.0 : Math.round(1000.0 * part / of) / 10.0;
  }

  private static Funnel named(Scope scope, String name) {
    return scope.funnels().stream()
        .filter(funnel -> funnel.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new InvalidQuery(
                    "funnel \"%s\" is not one of this site's; %s"
                        .formatted(
                            ParsedJson.brief(name),
                            scope.funnels().isEmpty()
                                ? "it has none, write the steps instead"
                                : "possible are "
                                    + String.join(
                                        ", ",
                                        scope.funnels().stream().map(Funnel::name).toList()))));
  }

  private static List<Goal> steps(Parameters parameters, int least) {
    List<Goal> steps = new ArrayList<>();
    for (String step : parameters.text("steps").orElse("").split(",", -1)) {
      String text = step.strip();
      if (text.startsWith("page:") && text.length() > 5) {
        String page = text.substring(5);
        steps.add(new Goal.PageSeen(text, Goal.Matching.EQUALS, page));
      } else if (text.startsWith("event:") && text.length() > 6) {
        String event = text.substring(6);
        steps.add(
            event.equals("pageview")
                ? new Goal.PageSeen(text, Goal.Matching.BEGINS_WITH, "")
                : new Goal.EventDone(text, Goal.Matching.EQUALS, event, false));
      } else {
        throw new InvalidQuery(
            "steps \"%s\" is not a list such as page:/pricing,event:Signup"
                .formatted(ParsedJson.brief(parameters.text("steps").orElse(""))));
      }
    }
    if (steps.size() < least || steps.size() > MOST_STEPS) {
      throw new InvalidQuery("steps holds %d to %d steps".formatted(least, MOST_STEPS));
    }
    return List.copyOf(steps);
  }

  private static Duration window(String text) {
    Matcher matcher =
        Pattern.compile("([1-9][0-9]{0,4})\\s*(s|sec|second|m|min|minute|h|hour|d|day)s?")
            .matcher(text);
    if (matcher.matches()) {
      long number = Long.parseLong(matcher.group(1));
      Duration window =
          switch (matcher.group(2).charAt(0)) {
            case 's' -> Duration.ofSeconds(number);
            case 'm' -> Duration.ofMinutes(number);
            case 'h' -> Duration.ofHours(number);
            default -> DAY.multipliedBy(number);
          };
      if (window.compareTo(Duration.ofDays(90)) <= 0) {
        return window;
      }
    }
    throw new InvalidQuery(
        "window \"%s\" is not a time such as 30m, 24h or 1 day, of 90 days at most"
            .formatted(ParsedJson.brief(text)));
  }
}
