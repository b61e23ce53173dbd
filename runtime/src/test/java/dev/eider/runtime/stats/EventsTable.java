package dev.eider.runtime.stats;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** A plain DuckDB table with the lake's columns in the place of a lake. */
final class EventsTable implements AutoCloseable {

  static final List<String> TEXT =
      List.of(
          "event_name",
          "pathname",
          "hostname",
          "referrer",
          "referrer_source",
          "utm_source",
          "utm_medium",
          "utm_campaign",
          "utm_content",
          "utm_term",
          "browser",
          "browser_version",
          "os",
          "os_version",
          "device_type",
          "country_code",
          "region",
          "city",
          "event_category",
          "event_action",
          "event_label",
          "channel",
          "device_brand",
          "device_model",
          "language",
          "region_code",
          "screen_size",
          "bot_rule",
          "city_geoname_id");

  private final Connection connection;

  EventsTable(List<Row> rows, Map<UUID, UUID> visits) throws SQLException {
    connection = DriverManager.getConnection("jdbc:duckdb:");
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET threads = 2");
      statement.execute("SET memory_limit = '1GB'");
      statement.execute(
          """
          CREATE TABLE events (event_id UUID, visitor_id VARCHAR, previous_visitor_id VARCHAR,
            session_id UUID, timestamp TIMESTAMP, date DATE, event_type VARCHAR,
            interactive BOOLEAN, is_bot BOOLEAN, is_duplicate BOOLEAN, %s VARCHAR, props JSON,
            scroll_depth UTINYINT, engaged_ms BIGINT, revenue_amount DECIMAL(12,2),
            revenue_currency VARCHAR, sample_weight DOUBLE,
            tax DECIMAL(12,2), shipping DECIMAL(12,2), items JSON, custom_dimensions JSON,
            custom_metrics JSON, is_settled BOOLEAN)\
          """
              .formatted(String.join(" VARCHAR, ", TEXT))
              .replace("city_geoname_id VARCHAR", "city_geoname_id BIGINT"));
    }
    String sql =
        "INSERT INTO events VALUES (?::UUID, ?, ?, ?::UUID, make_timestamp_ms(?), ?::DATE, ?, ?, ?,"
            + " ?"
            + ", nullif(?, '')".repeat(TEXT.size() - 1)
            + ", nullif(?, '')::BIGINT"
            + ", ?::JSON, ?, nullif(?, 0), nullif(?, '')::DECIMAL(12,2), nullif(?, ''), ?,"
            + " nullif(?, '')::DECIMAL(12,2), nullif(?, '')::DECIMAL(12,2), nullif(?, '')::JSON,"
            + " ?::JSON, ?::JSON, ?)";
    connection.setAutoCommit(false);
    try (PreparedStatement insert = connection.prepareStatement(sql)) {
      for (Row row : rows) {
        int i = 1;
        insert.setString(i++, row.id().toString());
        insert.setString(i++, row.visitor());
        insert.setString(
            i++, row.settled() || row.previousVisitor().isEmpty() ? null : row.previousVisitor());
        UUID visit = row.settled() ? visits.get(row.id()) : null;
        insert.setString(i++, visit == null ? null : visit.toString());
        insert.setLong(i++, row.timestamp().toEpochMilli());
        insert.setString(i++, row.date().toString());
        insert.setString(i++, row.type());
        insert.setBoolean(i++, row.interactive());
        insert.setBoolean(i++, row.bot());
        insert.setBoolean(i++, row.duplicate());
        for (String column : TEXT) {
          insert.setString(i++, row.text(column));
        }
        Row.More more = row.more();
        insert.setString(i++, more.props().isEmpty() ? null : json(more.props()));
        insert.setInt(i++, more.scrollDepth());
        insert.setLong(i++, more.engagedMs());
        insert.setString(i++, more.revenue());
        insert.setString(i++, more.currency());
        insert.setDouble(i++, more.weight());
        insert.setString(i++, more.shop().tax());
        insert.setString(i++, more.shop().shipping());
        insert.setString(i++, more.shop().items());
        insert.setString(i++, more.dimensions().isEmpty() ? null : json(more.dimensions()));
        insert.setString(i++, more.metrics().isEmpty() ? null : json(more.metrics()));
        insert.setBoolean(i++, row.settled());
        insert.addBatch();
      }
      insert.executeBatch();
    }
    connection.commit();
    connection.setAutoCommit(true);
  }

  private static String json(Map<?, String> props) {
    try {
      return new ObjectMapper().writeValueAsString(props);
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }

  EventsView view(Instant asOf) {
    return new EventsView(connection, "events", asOf);
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
