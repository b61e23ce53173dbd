package dev.eider.runtime.stats;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Reads the rows that count, bots and duplicates left out, within a stretch of time. */
final class ScanSql {

  /**
   * A row's {@code date} is local and under the zone of its day of acceptance. Two zones are at
   * most 26 hours apart, so this many days around the UTC dates hold every row of the stretch.
   */
  private static final int DATE_SLACK_DAYS = 2;

  /** Neither a bot's nor a duplicate. */
  static final String COUNTED = "NOT coalesce(is_bot, false) AND NOT coalesce(is_duplicate, false)";

  /** Not settled, and not in a visit that the row itself says. */
  static final String FRESH = "NOT is_settled AND session_id IS NULL";

  /** What is read to tell which rows are meant, with others that are asked for. */
  static Set<String> reading(Collection<String> columns) {
    Set<String> all = new LinkedHashSet<>(columns);
    all.addAll(List.of("timestamp", "date", "is_bot", "is_duplicate"));
    return all;
  }

  private ScanSql() {}

  /** {@code SELECT} of these columns of a stretch. */
  static Sql select(Sql columns, Source source, Instant from, Instant until) {
    return Sql.of("SELECT ")
        .add(columns)
        .add("\nFROM %s\nWHERE %s".formatted(source.within(from, until), COUNTED));
  }

  /** The same of plain columns. */
  static Sql select(Collection<String> columns, Source source, Instant from, Instant until) {
    return select(Sql.of(String.join(", ", columns)), source, from, until);
  }

  /** {@link #select(Sql, String, Instant, Instant)} of plain columns. */
  static Sql select(Collection<String> columns, String relation, Instant from, Instant until) {
    return select(Sql.of(String.join(", ", columns)), relation, from, until);
  }

  /**
   * {@code SELECT} of these columns; the condition on {@code date} lets whole partitions be
   * skipped.
   */
  static Sql select(Sql columns, String relation, Instant from, Instant until) {
    return select(columns, COUNTED, relation, from, until);
  }

  /** The same of the rows that are kept aside. */
  static Sql uncounted(Sql columns, String relation, Instant from, Instant until) {
    return select(columns, "NOT (" + COUNTED + ")", relation, from, until);
  }

  private static Sql select(
      Sql columns, String which, String relation, Instant from, Instant until) {
    return Sql.of("SELECT ")
        .add(columns)
        .add(
            """
             FROM %s
            WHERE %s
              AND %s\
            """
                .formatted(relation, which, stretch(from, until)));
  }

  /** A condition of rows: that they happened from an instant on and before another. */
  static String stretch(Instant from, Instant until) {
    return "date BETWEEN DATE '%s' AND DATE '%s' AND timestamp >= %s AND timestamp < %s"
        .formatted(
            date(from).minusDays(DATE_SLACK_DAYS),
            date(until).plusDays(DATE_SLACK_DAYS),
            literal(from),
            literal(until));
  }

  /** An instant as DuckDB writes it. */
  static String literal(Instant instant) {
    return "make_timestamp_ms(" + instant.toEpochMilli() + ")";
  }

  /** Offset of a zone added to {@code timestamp}, right on both sides of each change of clocks. */
  static String localTime(TimeRange range) {
    var rules = range.zone().getRules();
    StringBuilder offset = new StringBuilder();
    Instant at = range.from();
    for (var change = rules.nextTransition(at);
        change != null && change.getInstant().isBefore(range.until());
        change = rules.nextTransition(at)) {
      offset.append(
          " WHEN timestamp < %s THEN %d"
              .formatted(literal(change.getInstant()), change.getOffsetBefore().getTotalSeconds()));
      at = change.getInstant();
    }
    int last = rules.getOffset(at).getTotalSeconds();
    String seconds =
        offset.isEmpty() ? Integer.toString(last) : "CASE" + offset + " ELSE " + last + " END";
    return "(timestamp + to_seconds(" + seconds + "))";
  }

  private static LocalDate date(Instant instant) {
    return LocalDate.ofInstant(instant, ZoneOffset.UTC);
  }

  /** The longest gap inside a visit. */
  static final Duration VISIT_GAP = Duration.ofMinutes(30);
}
