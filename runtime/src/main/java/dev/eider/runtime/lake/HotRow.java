package dev.eider.runtime.lake;

import dev.eider.runtime.event.Action;
import dev.eider.runtime.event.Details;
import dev.eider.runtime.event.Device;
import dev.eider.runtime.event.Engagement;
import dev.eider.runtime.event.Event;
import dev.eider.runtime.event.Order;
import dev.eider.runtime.event.Page;
import dev.eider.runtime.event.Place;
import dev.eider.runtime.event.Revenue;
import dev.eider.runtime.event.Source;
import dev.eider.runtime.journal.Accepted;
import java.math.BigDecimal;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.duckdb.DuckDBAppender;

/** How an accepted event becomes a row in DuckDB's memory. */
final class HotRow {

  private HotRow() {}

  /**
   * Columns of the table: those of {@link Columns#UNSETTLED}, but the properties as plain text,
   * since one event whose properties are no JSON must not stop all others.
   */
  static String definitions() {
    return Columns.UNSETTLED.stream()
        .map(
            column ->
                column.type().equals("JSON")
                    ? '"' + column.name() + "\" VARCHAR"
                    : column.definition())
        .collect(Collectors.joining(", "));
  }

  /** The columns of a list as they are read from such a table. */
  static String select(List<Columns.Column> columns) {
    return columns.stream()
        .map(
            column ->
                column.type().equals("JSON")
                    ? "coalesce(try_cast(\"%1$s\" AS JSON), to_json(\"%1$s\")) AS \"%1$s\""
                        .formatted(column.name())
                    : '"' + column.name() + '"')
        .collect(Collectors.joining(", "));
  }

  /** Appends one row, in the order of {@link Columns#UNSETTLED}. */
  static void append(DuckDBAppender to, Accepted accepted) throws SQLException {
    Event event = accepted.event();
    to.beginRow();
    to.append(event.siteId());
    to.append(event.visitor().id());
    time(to, event.timestamp());
    to.append(event.name());
    to.append(event.page().pathname());
    text(to, event.page().hostname());
    source(to, event.source());
    device(to, event.device());
    place(to, event.place());
    text(to, event.props());
    revenue(to, event.revenue());
    to.append(event.id());
    time(to, event.receivedAt());
    to.append(event.type().word());
    page(to, event.page());
    to.append(event.isBot());
    text(to, event.botRule());
    to.append(event.duplicate());
    to.append(event.sampleWeight());
    to.append(event.date());
    to.append(event.interactive());
    engagement(to, event.engagement());
    text(to, event.source().channel());
    text(to, event.source().clickId());
    text(to, event.device().brand());
    text(to, event.device().model());
    text(to, event.place().regionCode());
    cityId(to, event.place().cityId());
    details(to, event.details());
    uuid(to, event.visitor().stampedSession());
    text(to, event.visitor().previousDayId());
    to.append(accepted.seq());
    to.endRow();
  }

  private static void source(DuckDBAppender to, Source source) throws SQLException {
    text(to, source.referrer());
    text(to, source.name());
    text(to, source.utmSource());
    text(to, source.utmMedium());
    text(to, source.utmCampaign());
    text(to, source.utmContent());
    text(to, source.utmTerm());
  }

  private static void device(DuckDBAppender to, Device device) throws SQLException {
    text(to, device.browser());
    text(to, device.browserVersion());
    text(to, device.os());
    text(to, device.osVersion());
    text(to, device.type());
    text(to, device.screenSize());
  }

  private static void place(DuckDBAppender to, Place place) throws SQLException {
    text(to, place.countryCode());
    text(to, place.region());
    text(to, place.city());
  }

  private static void revenue(DuckDBAppender to, Optional<Revenue> revenue) throws SQLException {
    if (revenue.isPresent()) {
      to.append(revenue.get().amount());
      to.append(revenue.get().currency());
    } else {
      to.appendNull();
      to.appendNull();
    }
  }

  private static void page(DuckDBAppender to, Page page) throws SQLException {
    text(to, page.url());
    text(to, page.title());
  }

  private static void engagement(DuckDBAppender to, Engagement engagement) throws SQLException {
    if (engagement.scrollDepth() == Engagement.NO_SCROLL_DEPTH) {
      to.appendNull();
    } else {
      to.append((byte) engagement.scrollDepth());
    }
    to.append(engagement.millis());
  }

  private static void cityId(DuckDBAppender to, long id) throws SQLException {
    if (id == 0) {
      to.appendNull();
    } else {
      to.append(id);
    }
  }

  private static void details(DuckDBAppender to, Details details) throws SQLException {
    Action action = details.action();
    text(to, action.category());
    text(to, action.action());
    text(to, action.label());
    decimal(to, action.value(), Action.VALUE_SCALE);
    if (details.order().isPresent()) {
      Order order = details.order().get();
      text(to, order.id());
      decimal(to, order.tax(), 2);
      decimal(to, order.shipping(), 2);
      text(to, order.items());
    } else {
      to.appendNull();
      to.appendNull();
      to.appendNull();
      to.appendNull();
    }
    text(to, details.dimensions());
    text(to, details.metrics());
    text(to, details.language());
    text(to, details.sdk());
  }

  private static void decimal(DuckDBAppender to, Optional<BigDecimal> value, int scale)
      throws SQLException {
    if (value.isPresent()) {
      to.append(value.get().setScale(scale));
    } else {
      to.appendNull();
    }
  }

  private static void uuid(DuckDBAppender to, Optional<UUID> value) throws SQLException {
    if (value.isPresent()) {
      to.append(value.get());
    } else {
      to.appendNull();
    }
  }

  private static void time(DuckDBAppender to, Instant instant) throws SQLException {
    to.appendEpochMicros(Math.multiplyExact(instant.toEpochMilli(), 1000L));
  }

  private static void text(DuckDBAppender to, String value) throws SQLException {
    if (value.isEmpty()) {
      to.appendNull();
    } else {
      to.append(value);
    }
  }
}
