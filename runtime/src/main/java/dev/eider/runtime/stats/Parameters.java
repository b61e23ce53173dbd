package dev.eider.runtime.stats;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What stands in the query string of a question, and sentences for what is wrong with it. */
public final class Parameters {

  private final Map<String, String> values;

  /**
   * @param values decoded, by name
   */
  public Parameters(Map<String, String> values) {
    this.values = Map.copyOf(values);
  }

  /**
   * The site asked about.
   *
   * @throws InvalidQuery when it is not named
   */
  public String siteId() {
    return text("site_id")
        .orElseThrow(
            () -> new InvalidQuery("site_id is missing: give the site's id or one of its domains"));
  }

  /**
   * The days of {@code period}, or from {@code start_date} to {@code end_date}; 30 days where
   * neither is given. {@code all} begins in 1970.
   *
   * @param zone the site's calendar
   * @throws InvalidQuery when they cannot be understood
   */
  public Days days(Instant now, ZoneId zone) {
    TimeRange range =
        SiteViews.period(this).at(now, zone, () -> Optional.of(Instant.EPOCH.plusSeconds(86_400)));
    return new Days(range.firstDate(), range.lastDate());
  }

  /** A parameter that is there and not blank. */
  Optional<String> text(String name) {
    return Optional.ofNullable(values.get(name)).map(String::strip).filter(v -> !v.isEmpty());
  }

  /**
   * Takes a parameter for a mistake that people who come from elsewhere make.
   *
   * @throws InvalidQuery with the sentence, when it is there
   */
  public void refuse(String name, String sentence) {
    if (text(name).isPresent()) {
      throw new InvalidQuery(sentence);
    }
  }

  /** Whether a parameter is {@code true}; false where it is not given. */
  boolean flag(String name) {
    String text = text(name).orElse("false");
    if (!text.equals("true") && !text.equals("false")) {
      throw new InvalidQuery(
          "%s is true or false, and not \"%s\"".formatted(name, ParsedJson.brief(text)));
    }
    return text.equals("true");
  }

  int number(String name, int least, int most, int otherwise) {
    return text(name)
        .map(
            text -> {
              if (!text.matches("[0-9]{1,9}")
                  || Integer.parseInt(text) < least
                  || Integer.parseInt(text) > most) {
                throw new InvalidQuery(
                    "%s is a whole number from %d to %d".formatted(name, least, most));
              }
              return Integer.parseInt(text);
            })
        .orElse(otherwise);
  }

  LocalDate date(String name, String text) {
    try {
      return LocalDate.parse(text.strip());
    } catch (DateTimeException e) {
      throw new InvalidQuery("%s \"%s\" is not a date like 2024-01-31".formatted(name, text));
    }
  }

  /** The metrics of a list with commas. */
  List<Metric> metrics() {
    List<Metric> metrics = new ArrayList<>();
    for (String word : text("metrics").orElse("visitors").split(",", -1)) {
      Metric metric =
          Metric.of(word.strip())
              .orElseThrow(
                  () ->
                      new InvalidQuery(
                          "metric \"%s\" is not known; possible are %s"
                              .formatted(ParsedJson.brief(word), Metric.words())));
      if (metrics.contains(metric)) {
        throw new InvalidQuery("metrics names \"%s\" twice; name it once".formatted(word));
      }
      metrics.add(metric);
    }
    return List.copyOf(metrics);
  }

  /** What {@code filters} says, in the words of v1 or as JSON; none where it is not given. */
  List<Filter> filters() {
    return text("filters").map(LegacyFilters::parse).orElse(List.of());
  }

  /** A period that ends on another day than today. */
  static Period endingOn(LocalDate date, Period period) {
    return (now, zone, first) -> {
      Instant noon = date.atTime(12, 0).atZone(zone).toInstant();
      return period.at(noon, zone, first);
    };
  }

  /** Whole days, both ends in it. */
  static Period days(LocalDate first, LocalDate last) {
    if (last.isBefore(first)) {
      throw new InvalidQuery(
          "the last day, %s, is before the first, %s; turn them round".formatted(last, first));
    }
    return (now, zone, ignored) -> TimeRange.ofDates(first, last, zone);
  }

  /** This minute and the ones before it. */
  static Period wholeMinutes(int minutes) {
    return (now, zone, ignored) ->
        new TimeRange(
            now.truncatedTo(ChronoUnit.MINUTES).minusSeconds(60L * (minutes - 1)),
            now.plusMillis(1),
            zone);
  }

  /** The minutes before now. */
  static Period minutes(int minutes) {
    return (now, zone, ignored) ->
        new TimeRange(now.minusSeconds(60L * minutes), now.plusMillis(1), zone);
  }
}
