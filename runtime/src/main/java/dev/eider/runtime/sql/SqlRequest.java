package dev.eider.runtime.sql;

import com.fasterxml.jackson.databind.JsonNode;
import dev.eider.runtime.lake.AsOf;
import java.util.Map;
import java.util.Optional;

/**
 * What is asked.
 *
 * @param query one SELECT in DuckDB's SQL
 * @param params values for {@code $name}: texts, numbers, truth values, nulls and lists of them
 * @param format how the rows are written
 * @param limit most rows of the answer; 1 to {@link #MOST_ROWS}
 * @param asOf which past is asked about; empty for now
 */
public record SqlRequest(
    String query, Map<String, JsonNode> params, SqlFormat format, int limit, Optional<AsOf> asOf) {

  /** Rows of an answer where nothing else is asked for. */
  public static final int USUAL_ROWS = 10_000;

  /** The most that can be asked for. */
  public static final int MOST_ROWS = 1_000_000;

  /** Characters of a statement, far above any that a person writes. */
  private static final int LONGEST = 100_000;

  /** About now. */
  public SqlRequest(String query, Map<String, JsonNode> params, SqlFormat format, int limit) {
    this(query, params, format, limit, Optional.empty());
  }

  public SqlRequest {
    params = Map.copyOf(params);
    if (query.isBlank()) {
      throw new InvalidSql(
          "query is missing: give one SELECT, such as SELECT count(*) FROM events");
    }
    if (query.length() > LONGEST) {
      throw new InvalidSql("query has more than %d characters".formatted(LONGEST));
    }
    if (limit < 1 || limit > MOST_ROWS) {
      throw new InvalidSql("limit is a whole number from 1 to %d".formatted(MOST_ROWS));
    }
  }
}
