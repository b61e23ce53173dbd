package dev.eider.runtime.stats;

import com.fasterxml.jackson.databind.JsonNode;
import dev.eider.runtime.lake.AsOf;
import java.util.List;
import java.util.Optional;

/**
 * A question, parsed: every name in it is known, but not yet whether they go together.
 *
 * @param siteId the site as the asker named it: its id or one of its domains
 * @param metrics not empty, each once
 * @param dimensions each once
 * @param filters all of them hold
 * @param writtenFilters as they came, to be shown again
 * @param orders empty when the default is wanted
 * @param asOf which past is asked about; empty for now
 */
public record Query(
    String siteId,
    List<Metric> metrics,
    Period period,
    List<Dimension> dimensions,
    List<Filter> filters,
    JsonNode writtenFilters,
    List<Order> orders,
    Include include,
    int limit,
    int offset,
    Optional<AsOf> asOf) {

  /** The most rows of one answer. */
  static final int MAX_LIMIT = 10_000;

  /** Reads a question from the body of {@code POST /api/v2/query}. */
  public static Query parse(byte[] body) {
    return QueryParser.parse(body);
  }

  /**
   * One key of the order.
   *
   * @param key a {@link Metric} or a {@link Dimension} of the question
   */
  record Order(Object key, boolean descending) {

    String word() {
      return key instanceof Metric metric ? metric.word() : ((Dimension) key).word();
    }
  }

  /**
   * What the answer shall say beside the results.
   *
   * @param imports whether imported figures are wanted; there are none
   */
  record Include(boolean imports, boolean timeLabels, boolean totalRows) {}

  /** All filters as one. */
  Filter filter() {
    return new Filter.And(filters);
  }

  Optional<Dimension> timeDimension() {
    return dimensions.stream().filter(Dimension::isTime).findFirst();
  }

  /** Whether anything asks about this dimension. */
  boolean mentions(Dimension dimension) {
    return dimensions.contains(dimension) || filter().dimensions().anyMatch(dimension::equals);
  }
}
