package dev.eider.runtime.stats;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.eider.runtime.lake.AsOf;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The answer to a question, ready to be written in the shape of Plausible's Stats API v2.
 *
 * @param dimensions of the question, with the unit of time known
 * @param totalRows how many groups there are on all pages, where that was asked
 * @param sampled whether some of it stands for more than was measured
 * @param compared the range that the results are compared with
 * @param timesRoundedTo how coarse the times are that durations come from; empty where they are not
 * @param rolled the days whose sums it comes from
 * @param cutAt the day at whose beginning visits are cut that it was read from, since what came
 *     before was removed; empty where none is
 * @param missing rows that belong to the question and could not be read
 * @param annotations of the site, also of other times
 */
record Answer(
    Query query,
    TimeRange range,
    List<Dimension> dimensions,
    List<Query.Order> orders,
    List<Result> results,
    OptionalLong totalRows,
    boolean sampled,
    Revenue revenue,
    Optional<TimeRange> compared,
    Instant asOf,
    String timesRoundedTo,
    List<MissingRows> missing,
    List<Annotation> annotations,
    Optional<RolledRange> rolled,
    Optional<LocalDate> cutAt) {

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final DateTimeFormatter SECOND =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ssxxx");

  ObjectNode json() {
    ObjectNode json = JSON.objectNode();
    ArrayNode written = json.putArray("results");
    results.forEach(result -> written.add(result.json()));
    json.set("meta", meta());
    json.set("query", asked());
    return json;
  }

  /** What has to be known about the results. */
  ObjectNode meta() {
    ObjectNode meta = JSON.objectNode();
    if (query.include().imports()) {
      meta.put("imports_included", false);
      meta.put("imports_skip_reason", "no_imported_data");
    }
    revenue.warning().ifPresent(warning -> metricWarnings(meta, warning));
    if (query.include().timeLabels()) {
      ArrayNode labels = meta.putArray("time_labels");
      timeLabels().forEach(labels::add);
    }
    totalRows.ifPresent(total -> meta.put("total_rows", total));
    compared.ifPresent(other -> meta.set("comparison_date_range", ends(other)));
    query
        .filter()
        .each()
        .flatMap(filter -> filter instanceof Filter.Done done ? Stream.of(done) : Stream.of())
        .findFirst()
        .ifPresent(done -> meta.put("identity_window", identityWindow(done.acrossDays())));
    if (query.include().annotations()) {
      ArrayNode notes = meta.putArray("annotations");
      annotations.stream()
          .filter(note -> note.isIn(range))
          .map(Annotation::json)
          .forEach(notes::add);
    }
    rolled.ifPresent(
        days -> {
          ObjectNode sums =
              meta.putObject("rollups")
                  .put("from", days.first().toString())
                  .put("to", days.last().toString());
          if (days.apart()) {
            sums.put("visits_in_three_days", "count once a day");
          }
        });
    cutAt.ifPresent(day -> meta.put("visits_cut_at", day.toString()));
    if (sampled) {
      meta.put("sampled", true);
    }
    if (!timesRoundedTo.isEmpty()) {
      meta.put("times_rounded_to", timesRoundedTo);
    }
    meta.put("time_zone", range.zone().getId());
    meta.put("as_of", asOf.truncatedTo(ChronoUnit.MILLIS).toString());
    if (!missing.isEmpty()) {
      unreadable(meta);
    }
    return meta;
  }

  /** For how long visitors are known, in the API's words. */
  static String identityWindow(boolean acrossDays) {
    return acrossDays ? "provided" : "site_day";
  }

  /** Every bucket of the range; only where a unit of time is asked by. */
  List<String> timeLabels() {
    TimeUnit unit =
        dimensions.stream()
            .filter(Dimension::isTime)
            .map(TimeUnit.class::cast)
            .findFirst()
            .orElseThrow();
    return TimeLabels.all(unit, range);
  }

  private void metricWarnings(ObjectNode meta, Revenue.Warning warning) {
    ObjectNode warnings = meta.putObject("metric_warnings");
    for (Metric metric : query.metrics()) {
      if (metric.isRevenue()) {
        warnings
            .putObject(metric.word())
            .put("code", warning.code())
            .put("warning", warning.sentence());
      }
    }
  }

  /** An answer that lacks something says so first of all in words. */
  private void unreadable(ObjectNode meta) {
    meta.put(
        "warning", missing.stream().map(MissingRows::sentence).collect(Collectors.joining("; ")));
    ArrayNode files = meta.putArray("unreadable");
    for (MissingRows rows : missing) {
      files
          .addObject()
          .put("from", rows.firstDate().toString())
          .put("to", rows.lastDate().toString())
          .put("rows", rows.rows())
          .put("exact", rows.exact());
    }
  }

  /** The question as it was understood. */
  private ObjectNode asked() {
    ObjectNode asked = JSON.objectNode();
    asked.put("site_id", query.siteId());
    ArrayNode metrics = asked.putArray("metrics");
    query.metrics().forEach(metric -> metrics.add(metric.word()));
    asked.set("date_range", ends(range));
    asked.set("filters", query.writtenFilters());
    ArrayNode named = asked.putArray("dimensions");
    dimensions.forEach(dimension -> named.add(dimension.word()));
    ArrayNode by = asked.putArray("order_by");
    orders.forEach(
        order -> by.addArray().add(order.word()).add(order.descending() ? "desc" : "asc"));
    asked.set("include", include());
    query
        .asOf()
        .ifPresent(
            past -> {
              switch (past) {
                case AsOf.Snapshot(long id) -> asked.put("as_of", id);
                case AsOf.Time(Instant at) -> asked.put("as_of", at.toString());
              }
            });
    asked.putObject("pagination").put("offset", query.offset()).put("limit", query.limit());
    return asked;
  }

  private ObjectNode include() {
    ObjectNode include = JSON.objectNode();
    if (query.include().imports()) {
      include.put("imports", true);
    }
    if (query.include().timeLabels()) {
      include.put("time_labels", true);
    }
    if (query.include().totalRows()) {
      include.put("total_rows", true);
    }
    if (query.include().untilNow()) {
      include.put("trim_relative_date_range", true);
    }
    if (query.include().annotations()) {
      include.put("annotations", true);
    }
    query
        .include()
        .compare()
        .ifPresent(
            compare -> {
              include.set(compare.key(), compare.written());
              if (compare.matchDayOfWeek() && compare.key().equals("compare")) {
                include.put("compare_match_day_of_week", true);
              }
            });
    return include;
  }

  /** A range as the API writes it. */
  static ArrayNode ends(TimeRange range) {
    return JSON.arrayNode()
        .add(second(range.from(), range.zone()))
        .add(second(range.lastSecond(), range.zone()));
  }

  private static String second(Instant instant, ZoneId zone) {
    return SECOND.format(instant.atZone(zone));
  }
}
