package dev.eider.runtime.stats;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.eider.runtime.lake.AsOf;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/**
 * The answer to a question, ready to be written in the shape of Plausible's Stats API v2.
 *
 * @param rows dimensions, then metrics, as the plan selects them
 * @param totalRows how many rows there are on all pages, where that was asked
 * @param missing rows that belong to the question and could not be read
 */
record Answer(
    Query query,
    TimeRange range,
    List<Dimension> dimensions,
    List<Query.Order> orders,
    List<List<Object>> rows,
    OptionalLong totalRows,
    Instant asOf,
    List<MissingRows> missing) {

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final DateTimeFormatter SECOND =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ssxxx");

  ObjectNode json() {
    ObjectNode json = JSON.objectNode();
    ArrayNode results = json.putArray("results");
    rows.forEach(row -> results.add(result(row)));
    json.set("meta", meta());
    json.set("query", asked());
    return json;
  }

  private ObjectNode result(List<Object> row) {
    ObjectNode result = JSON.objectNode();
    ArrayNode metrics = result.putArray("metrics");
    ArrayNode values = result.putArray("dimensions");
    for (int i = 0; i < dimensions.size(); i++) {
      values.add(value(dimensions.get(i), row.get(i)));
    }
    for (Object metric : row.subList(dimensions.size(), row.size())) {
      switch (QueryRunner.metric(metric)) {
        case Long whole -> metrics.add(whole);
        case Number fraction -> metrics.add(fraction.doubleValue());
      }
    }
    return result;
  }

  private static String value(Dimension dimension, Object value) {
    return dimension.isTime()
        ? TimeLabels.label(dimension, localTime(((Number) value).longValue()))
        : (String) value;
  }

  /** A bucket's start on the site's clock, which the plan selects as if that were UTC. */
  private static LocalDateTime localTime(long millis) {
    return LocalDateTime.ofInstant(Instant.ofEpochMilli(millis), ZoneOffset.UTC);
  }

  private ObjectNode meta() {
    ObjectNode meta = JSON.objectNode();
    if (query.include().imports()) {
      meta.put("imports_included", false);
      meta.put("imports_skip_reason", "no_imported_data");
    }
    if (query.include().timeLabels()) {
      Dimension unit = dimensions.stream().filter(Dimension::isTime).findFirst().orElseThrow();
      ArrayNode labels = meta.putArray("time_labels");
      TimeLabels.all(unit, range).forEach(labels::add);
    }
    totalRows.ifPresent(total -> meta.put("total_rows", total));
    meta.put("time_zone", range.zone().getId());
    meta.put("as_of", asOf.truncatedTo(ChronoUnit.MILLIS).toString());
    if (!missing.isEmpty()) {
      unreadable(meta);
    }
    return meta;
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
    asked
        .putArray("date_range")
        .add(second(range.from(), range.zone()))
        .add(second(range.lastSecond(), range.zone()));
    asked.set("filters", query.writtenFilters());
    ArrayNode named = asked.putArray("dimensions");
    dimensions.forEach(dimension -> named.add(dimension.word()));
    ArrayNode by = asked.putArray("order_by");
    orders.forEach(
        order -> by.addArray().add(order.word()).add(order.descending() ? "desc" : "asc"));
    ObjectNode include = asked.putObject("include");
    if (query.include().imports()) {
      include.put("imports", true);
    }
    if (query.include().timeLabels()) {
      include.put("time_labels", true);
    }
    if (query.include().totalRows()) {
      include.put("total_rows", true);
    }
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

  private static String second(Instant instant, ZoneId zone) {
    return SECOND.format(instant.atZone(zone));
  }
}
