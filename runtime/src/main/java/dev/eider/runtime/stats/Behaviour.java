package dev.eider.runtime.stats;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.eider.runtime.config.ConfigException;
import dev.eider.runtime.config.Glob;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What visitors do one after another: funnels, sequences and the pages next to a page. Where a
 * visitor is known for one site day, these look at each site day by itself, and say so. With {@code
 * filters}, only what they leave of a visitor's events is there.
 */
public final class Behaviour {

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final int MOST_STEPS = 20;
  private static final Duration DAY = Duration.ofHours(24);

  private Behaviour() {}

  /**
   * {@code funnel}: how many visitors took the first step, the first two, and so on.
   *
   * @param parameters {@code steps} such as {@code page:/docs/**,event:Signup} (a comma inside of
   *     one behind a backslash) with {@code window} and {@code strict}; or {@code name} of one of
   *     the site's funnels
   */
  public static Question funnel(Parameters parameters) {
    Query who = who(parameters);
    Optional<String> name = parameters.text("name");
    if (name.isPresent() && parameters.text("steps").isPresent()) {
      throw new InvalidQuery("name and steps are both given; give one of them");
    }
    Optional<Funnel> written =
        name.isPresent()
            ? Optional.empty()
            : Optional.of(
                new Funnel(
                    "",
                    "",
                    window(parameters.text("window").orElse("24h")),
                    parameters.flag("strict"),
                    steps(parameters, 1)));
    return new Asked(
        parameters.siteId(),
        (stats, scope, events) -> {
          Funnel funnel = written.orElseGet(() -> named(scope, name.orElseThrow()));
          Rows rows = rows(who, stats, scope, events);
          List<Long> counts = rows.counts(steps -> steps.funnel(funnel));
          List<Long> taken = counts.subList(1, counts.size());
          ObjectNode json = JSON.objectNode();
          if (!funnel.name().isEmpty()) {
            json.put("name", funnel.name()).put("description", funnel.description());
          }
          ArrayNode told = json.putArray("steps");
          for (int i = 0; i < funnel.steps().size(); i++) {
            long here = taken.get(i);
            long before = i == 0 ? here : taken.get(i - 1);
            told.addObject()
                .put("step", funnel.steps().get(i).name())
                .put("visitors", here)
                .put("conversion_rate", percent(here, taken.getFirst()))
                .put("step_conversion_rate", percent(here, before))
                .put("dropoff", before - here);
          }
          json.put("visitors", counts.getFirst());
          json.put("window_seconds", funnel.window().toSeconds());
          json.put("strict", funnel.strict());
          return rows.said(json);
        });
  }

  /** {@code funnels}: what the site's spec declares. */
  public static Question funnels(Parameters parameters) {
    return new Asked(
        parameters.siteId(),
        (stats, scope, events) -> {
          ObjectNode json = JSON.objectNode();
          ArrayNode funnels = json.putArray("funnels");
          for (Funnel funnel : scope.funnels()) {
            ObjectNode each = funnels.addObject();
            each.put("name", funnel.name())
                .put("description", funnel.description())
                .put("window_seconds", funnel.window().toSeconds())
                .put("strict", funnel.strict());
            ArrayNode steps = each.putArray("steps");
            funnel.steps().forEach(step -> steps.add(step.name()));
          }
          return json;
        });
  }

  /**
   * {@code sequences}: how many of all visitors took the steps in their order, and how often that
   * was done.
   */
  public static Question sequences(Parameters parameters) {
    Query who = who(parameters);
    List<Goal> steps = steps(parameters, 2);
    return new Asked(
        parameters.siteId(),
        (stats, scope, events) -> {
          Rows rows = rows(who, stats, scope, events);
          List<Long> counts = rows.counts(sql -> sql.sequence(steps));
          long all = counts.get(0);
          long converting = counts.get(1);
          ObjectNode json = JSON.objectNode();
          json.put("converting_visitors", converting);
          json.put("total_visitors", all);
          json.put("sequences", counts.get(2));
          json.put(
              "conversion_rate", all == 0 ? 0.0 : Math.round(1000.0 * converting / all) / 1000.0);
          return rows.said(json);
        });
  }

  /**
   * {@code flow}: the pages seen right after, or before, each visitor's first view of a page.
   *
   * @param parameters {@code page}, {@code direction} {@code next} or {@code previous}, {@code
   *     limit}
   */
  public static Question flow(Parameters parameters) {
    Query who = who(parameters);
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
          Rows rows = rows(who, stats, scope, events);
          int by = direction.equals("next") ? 1 : -1;
          ArrayNode pages = JSON.arrayNode();
          for (List<Object> row : rows.read(steps -> steps.flow(page, by, limit))) {
            pages
                .addObject()
                .put(direction + "_page", (String) row.get(0))
                .put("visitors", ((Number) row.get(1)).longValue());
          }
          ObjectNode json = JSON.objectNode();
          json.put("page", page);
          json.set("pages", pages);
          return rows.said(json);
        });
  }

  /** Whose events are looked at, as a question for them. */
  private static Query who(Parameters parameters) {
    return Query.of(
        parameters.siteId(),
        List.of(Figure.EVENTS_),
        SiteViews.period(parameters),
        List.of(),
        parameters.filters());
  }

  private static Rows rows(Query who, Stats stats, Scope scope, EventsView events) {
    return new Rows(who, stats, scope, events, stats.rangeOfRows(who.period(), scope, events));
  }

  /** The rows that filters leave of a range. */
  private record Rows(Query who, Stats stats, Scope scope, EventsView events, TimeRange range) {

    List<List<Object>> read(Function<StepsSql, Sql> statement) {
      return stats.read(
          events,
          runner -> {
            Sql rows =
                new Asking(who, scope, events, runner, stats.now()).rows(range, StepsSql.COLUMNS);
            return runner.rows(statement.apply(new StepsSql(rows, scope.knownAcrossDays())));
          });
    }

    List<Long> counts(Function<StepsSql, Sql> statement) {
      return read(statement).getFirst().stream()
          .map(value -> ((Number) value).longValue())
          .toList();
    }

    ObjectNode said(ObjectNode json) {
      return Asked.said(
          json.put("identity_window", Answer.identityWindow(scope.knownAcrossDays())),
          stats,
          scope,
          events,
          range);
    }
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
    for (String step : LegacyFilters.split(parameters.text("steps").orElse(""), ',')) {
      String text = step.strip();
      if (text.startsWith("page:") && text.length() > 5) {
        String page = text.substring(5);
        steps.add(page.contains("*") ? glob(text, page) : exactly(text, page));
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

  private static Goal exactly(String name, String page) {
    return new Goal.PageSeen(name, Goal.Matching.EQUALS, page);
  }

  /** As a star is read in the goals and funnels that a site declares. */
  private static Goal glob(String name, String page) {
    try {
      return new Goal.PageSeen(name, Goal.Matching.REGEX, "^(?:" + Glob.of(page).regex() + ")$");
    } catch (ConfigException e) {
      throw new InvalidQuery(String.valueOf(e.getMessage()));
    }
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
