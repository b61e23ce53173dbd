package dev.eider.runtime.stats;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.eider.runtime.lake.Rollups;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Sums up whole days of a site, so that a range of days can be answered by adding them: the {@link
 * Part}s and visitors of all, and of each value of each {@link Attribute}.
 *
 * <p>They come from the same rows ({@link RowsSql}) and the same sums ({@link PartsSql}) as answers
 * from rows do. What a visit brings to two days is less than the sum of what it brings to each, so
 * beside a day's sums there are its corrections: of the visits in it that began the day before,
 * what they bring to both days less what they bring to each. So for days F to L
 *
 * <pre>sums(F..L) = sum of sums(d) for d in F..L + sum of corrections(d) for d in F+1..L</pre>
 *
 * <p>which is inclusion and exclusion, and holds where no visit is in three days. One that is (a
 * screen that reloads itself) is cut at midnight here, so that it counts once a day; its days say
 * so ({@code apart}), and are answered from rows as long as these are there.
 */
public final class DaySums {

  /** What is summed up, for metrics; money is, too, by currency. */
  static final Set<Part> PARTS =
      Set.copyOf(
          EnumSet.of(
              Part.VIEWS,
              Part.EVENTS,
              Part.VISITS,
              Part.ENTERED,
              Part.BOUNCED,
              Part.VISIT_MS,
              Part.DEPTH,
              Part.SCROLLERS,
              Part.READ_MS,
              Part.READERS,
              Part.EXITS,
              Part.ORDERS,
              Part.BUYING));

  /** What is summed up by currency. */
  private static final Set<Part> PAID =
      Set.of(
          Part.EARNED, Part.SALES, Part.ORDER_EARNED, Part.ORDER_SALES, Part.TAXED, Part.SHIPPED);

  /** The dimension whose values are the hours of a day. */
  public static final String HOURS = TimeUnit.HOUR.word();

  /** What was not summed up from the first. */
  private static final String LATER = " " + HOURS + " exits orders";

  /** Whether it can be told from the sums. */
  static boolean isSummed(Summand part) {
    return part instanceof Part known && (PARTS.contains(known) || PAID.contains(known));
  }

  /**
   * The version of all that is said here; to be raised when a part comes to mean something else.
   */
  private static final String VERSION = "1";

  private static final String CONTENTS =
      VERSION
          + Arrays.stream(Attribute.values()).map(a -> " " + a.word()).collect(Collectors.joining())
          + LATER;

  /**
   * How far from a visit a row may be that belongs to it, also where times are rounded to hours.
   */
  static final Duration SLACK = ScanSql.VISIT_GAP.plus(Duration.ofHours(1));

  /** How far visits are followed: any longer one is in three days, and cut. */
  private static final Duration MARGIN = Duration.ofDays(2);

  /** A visit that is in two days has rows this close to midnight, also where times are rounded. */
  private static final Duration EDGE = Duration.ofHours(1);

  private static final String EVENTS = "rolled_events";
  private static final String ROWS = "rolled_rows";
  private static final String VISITS = "rolled_visits";
  private static final String PERSONS = "rolled_persons";
  private static final String MONEY = "rolled_money";
  private static final String EXTENTS = "rolled_extents";
  private static final String PIECES = "rolled_pieces";

  private final LocalDate first;
  private final LocalDate last;
  private final ZoneId zone;
  private final Rollups.Tables tables;

  /** With the day before, whose visits may go on. */
  private final TimeRange range;

  private DaySums(LocalDate first, LocalDate last, ZoneId zone, Rollups.Tables tables) {
    this.first = first;
    this.last = last;
    this.zone = zone;
    this.tables = tables;
    this.range = TimeRange.ofDates(first.minusDays(1), last, zone);
  }

  /** What is summed up, in a word that is another when that changes. */
  public static String contents() {
    return CONTENTS;
  }

  /** What contents must have for a part to be known, beside the dimension. */
  static Optional<String> word(Summand part) {
    if (!(part instanceof Part known)) {
      return Optional.empty();
    }
    return switch (known) {
      case EXITS -> Optional.of("exits");
      case ORDERS, BUYING, ORDER_EARNED, ORDER_SALES, TAXED, SHIPPED -> Optional.of("orders");
      default -> Optional.empty();
    };
  }

  /** Whether it is summed up by currency. */
  static boolean isPaid(Summand part) {
    return part instanceof Part known && PAID.contains(known);
  }

  /** Whether days that were summed up by some contents have all of these words. */
  static boolean has(String contents, Set<String> asked) {
    List<String> words = List.of(contents.split(" "));
    return words.getFirst().equals(VERSION) && words.containsAll(asked);
  }

  /**
   * SQL that sums up days; see {@link Rollups#statements}.
   *
   * @param zone the site's calendar
   */
  public static List<String> statements(
      LocalDate first, LocalDate last, ZoneId zone, Rollups.Tables tables) {
    return new DaySums(first, last, zone, tables).statements();
  }

  private List<String> statements() {
    List<String> statements = new ArrayList<>(List.of(events(), pieces(), cut()));
    // Which visits count as entered depends on whether a page is asked about.
    List<Attribute> pages = List.of(Attribute.PAGE);
    statements.addAll(rows(pages));
    statements.addAll(ofEvents(pages));
    List<Attribute> others =
        Arrays.stream(Attribute.values()).filter(a -> a != Attribute.PAGE).toList();
    statements.addAll(rows(others));
    statements.addAll(ofEvents(others));
    statements.addAll(ofVisits(others));
    statements.add(extents());
    statements.add(days());
    for (String table : List.of(EVENTS, ROWS, VISITS, PERSONS, MONEY, EXTENTS, PIECES)) {
      statements.add("DROP TABLE " + table);
    }
    return statements;
  }

  /** The days' events, and of what is before and after them those in visits that go on over it. */
  private String events() {
    Set<String> columns =
        new LinkedHashSet<>(
            List.of(
                "event_id",
                "visitor_id",
                "session_id",
                "is_settled",
                "timestamp",
                "date",
                "event_type"));
    columns.addAll(
        List.of(
            "is_bot",
            "is_duplicate",
            "interactive",
            "sample_weight",
            "scroll_depth",
            "engaged_ms",
            "revenue_amount",
            "revenue_currency",
            "tax",
            "shipping"));
    for (Attribute attribute : Attribute.values()) {
      columns.add(attribute.column());
    }
    String selected = String.join(", ", columns);
    TimeRange inside = TimeRange.ofDates(first, last, zone);
    return """
    CREATE OR REPLACE TEMP TABLE %1$s AS
    WITH inside AS MATERIALIZED (%2$s),
    near AS (
      SELECT DISTINCT session_id FROM inside WHERE timestamp < %5$s OR timestamp >= %6$s)
    FROM inside
    UNION ALL (SELECT %7$s FROM (%3$s) SEMI JOIN near USING (session_id))
    UNION ALL (SELECT %7$s FROM (%4$s) SEMI JOIN near USING (session_id))\
    """
        .formatted(
            EVENTS,
            scan(selected, inside.from(), inside.until()),
            scan(selected, inside.from().minus(MARGIN), inside.from()),
            scan(selected, inside.until(), inside.until().plus(MARGIN)),
            ScanSql.literal(inside.from().plus(EDGE)),
            ScanSql.literal(inside.until().minus(EDGE)),
            selected);
  }

  /**
   * Of visits that are in three days what they are in each, and the event that this begins with.
   */
  private String pieces() {
    return """
    CREATE OR REPLACE TEMP TABLE %1$s AS
    WITH lasting AS (
      SELECT session_id FROM %2$s WHERE session_id IS NOT NULL GROUP BY session_id
      HAVING max(%3$s::DATE) - min(%3$s::DATE) > 1)
    SELECT session_id, %3$s::DATE AS day,
      arg_min(event_id, (event_type = 'engagement', timestamp, event_id)) AS piece
    FROM %2$s SEMI JOIN lasting USING (session_id) GROUP BY ALL\
    """
        .formatted(PIECES, EVENTS, local());
  }

  private String cut() {
    return "UPDATE %1$s e SET session_id = piece FROM %2$s p WHERE e.session_id = p.session_id AND %3$s::DATE = p.day"
        .formatted(EVENTS, PIECES, local());
  }

  /** The time of a row of {@link #EVENTS} on the site's calendar. */
  private String local() {
    return ScanSql.localTime(new TimeRange(readFrom(), readUntil(), zone));
  }

  private String scan(String columns, Instant from, Instant until) {
    return ScanSql.select(Sql.of(columns), tables.events(), from, until).text();
  }

  private static String column(List<Attribute> of, Attribute attribute) {
    return "v" + of.indexOf(attribute);
  }

  /** Which parts are known where these are asked about. */
  private static Set<Part> parts(List<Attribute> of) {
    return PARTS.stream()
        .filter(part -> of.contains(Attribute.PAGE) ? part != Part.EXITS : !ofPages(part))
        .sorted()
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  private static boolean ofPages(Part part) {
    return part == Part.DEPTH
        || part == Part.SCROLLERS
        || part == Part.READ_MS
        || part == Part.READERS;
  }

  /** The rows of the range with their day and their values. */
  private List<String> rows(List<Attribute> of) {
    List<Dimension> dimensions = new ArrayList<>(List.of(TimeUnit.DAY));
    dimensions.addAll(of);
    boolean pages = of.contains(Attribute.PAGE);
    if (!pages) {
      dimensions.add(TimeUnit.HOUR);
    }
    List<Metric> metrics = new ArrayList<>();
    for (Metric metric : Figure.values()) {
      if (parts(of).containsAll(metric.parts()) || PAID.containsAll(metric.parts())) {
        metrics.add(metric);
      }
    }
    RowsSql rows =
        new RowsSql(
            query(metrics, dimensions),
            range,
            dimensions,
            List.of(),
            List.of(),
            Revenue.NOT_ASKED,
            Set.of());
    List<String> selected =
        new ArrayList<>(
            List.of(
                "make_timestamp_ms(d0)::DATE AS day",
                "visit_id",
                "visitor_id",
                "date",
                "event_type",
                "sample_weight",
                "entered",
                "visit_bounced",
                "visit_ms",
                "revenue_amount",
                "revenue_currency",
                "tax",
                "shipping"));
    if (pages) {
      selected.addAll(List.of("scroll_depth", "engaged_ms"));
    } else {
      selected.addAll(
          List.of(
              "event_id",
              "visit_exit_id",
              "d%d::VARCHAR AS hour".formatted(dimensions.size() - 1)));
    }
    of.forEach(attribute -> selected.add(attribute.valueSql() + " AS " + column(of, attribute)));
    return List.of(
        "CREATE OR REPLACE TEMP TABLE %s AS WITH RECURSIVE %s\nSELECT %s FROM rows_in"
            .formatted(
                ROWS,
                Sql.join(",\n", rows.tables(Source.of(EVENTS), reach())).text(),
                String.join(", ", selected)),
        """
        CREATE OR REPLACE TEMP TABLE %s AS FROM %s
        WHERE day >= DATE '%s' AND revenue_amount IS NOT NULL AND revenue_currency IS NOT NULL\
        """
            .formatted(MONEY, ROWS, first));
  }

  /** All of it says its visit itself. */
  private Reach reach() {
    return new Reach(readFrom(), readUntil(), Optional.empty());
  }

  private Instant readFrom() {
    return range.from().minus(MARGIN);
  }

  private Instant readUntil() {
    return range.until().plus(MARGIN);
  }

  private Query query(List<Metric> metrics, List<Dimension> dimensions) {
    return new Query(
        "",
        metrics,
        (now, calendar, firstEvent) -> range,
        dimensions,
        List.of(),
        JsonNodeFactory.instance.arrayNode(),
        List.of(),
        Query.Include.NOTHING,
        Query.MAX_LIMIT,
        0,
        Optional.empty());
  }

  /** All attributes of which a visit may have several values. */
  private List<String> ofEvents(List<Attribute> of) {
    List<Attribute> keyed = of.stream().filter(attribute -> !attribute.ofVisit()).toList();
    String rows = each(of, keyed, ROWS);
    return List.of(
        visits(parts(of), List.of("dimension", "value"), List.of(), rows),
        persons(List.of("dimension", "value"), List.of(), rows),
        insert(parts(of), VISITS, PERSONS, each(of, keyed, MONEY)));
  }

  /** All attributes of which a visit has one value, and no attribute. */
  private List<String> ofVisits(List<Attribute> of) {
    List<Attribute> carried = of.stream().filter(Attribute::ofVisit).toList();
    List<String> values = carried.stream().map(attribute -> column(of, attribute)).toList();
    return List.of(
        visits(parts(of), List.of(), values, ROWS),
        persons(List.of(), values, ROWS),
        insert(
            parts(of),
            each(of, carried, VISITS),
            each(of, carried, PERSONS),
            each(of, carried, MONEY)));
  }

  /**
   * For FROM: every row once for each attribute, with that and its value; and once for no
   * attribute, where a visit's attributes are asked for.
   */
  private static String each(List<Attribute> of, List<Attribute> attributes, String table) {
    List<String> words = new ArrayList<>();
    List<String> values = new ArrayList<>();
    if (attributes.stream().anyMatch(Attribute::ofVisit)) {
      words.add("''");
      values.add("''");
    }
    for (Attribute attribute : attributes) {
      words.add("'" + attribute.word() + "'");
      values.add(column(of, attribute));
    }
    // A visit may be in several hours.
    if (!of.contains(Attribute.PAGE) && attributes.stream().noneMatch(Attribute::ofVisit)) {
      words.add("'" + HOURS + "'");
      values.add("hour");
    }
    return "(SELECT *, unnest([%s]) AS dimension, unnest([%s]) AS value FROM %s)"
        .formatted(String.join(", ", words), String.join(", ", values), table);
  }

  /**
   * What each visit brings to each day, and to two days less what it brings to each of them.
   *
   * @param keys columns with the values of a row
   * @param carried columns with the value of a visit
   */
  private String visits(Set<Part> parts, List<String> keys, List<String> carried, String rows) {
    PartsSql sums = new PartsSql(parts, true);
    List<String> more = carried.stream().map(v -> "any_value(%1$s) AS %1$s".formatted(v)).toList();
    String negative =
        Stream.concat(parts.stream().map(Part::column), Stream.of("row_count", "act_count"))
            .map(column -> "-%1$s AS %1$s".formatted(column))
            .collect(Collectors.joining(", "));
    return """
    CREATE OR REPLACE TEMP TABLE %1$s AS
    WITH crossing AS (
      SELECT visit_id, max(day) AS pair FROM %2$s GROUP BY visit_id HAVING min(day) < max(day)),
    singles AS (%3$s),
    pairs AS (%4$s)
    SELECT false AS correction, * FROM singles WHERE day >= DATE '%5$s'
    UNION ALL BY NAME SELECT true AS correction, pair AS day, * EXCLUDE (pair) FROM pairs
    UNION ALL BY NAME
    SELECT true AS correction, pair AS day, * EXCLUDE (day, pair) REPLACE (%6$s)
    FROM singles JOIN crossing USING (visit_id)\
    """
        .formatted(
            VISITS,
            ROWS,
            sums.perVisit(with("day", keys), more, rows),
            sums.perVisit(
                with("pair", keys),
                more,
                "(FROM %s JOIN crossing USING (visit_id))".formatted(rows)),
            first,
            negative);
  }

  private String persons(List<String> keys, List<String> carried, String rows) {
    String by = String.join(", ", with("day", keys));
    String more =
        carried.stream()
            .map(v -> ", any_value(%1$s) AS %1$s".formatted(v))
            .collect(Collectors.joining());
    return """
    CREATE OR REPLACE TEMP TABLE %s AS
    SELECT %s, date, visitor_id, visit_id, min(sample_weight) AS weight%s
    FROM %s WHERE day >= DATE '%s' GROUP BY %s, date, visitor_id, visit_id\
    """
        .formatted(PERSONS, by, more, rows, first, by);
  }

  private String insert(Set<Part> parts, String visits, String persons, String money) {
    PartsSql sums = new PartsSql(parts, true);
    String different =
        parts.stream().map(part -> part.column() + " <> 0").collect(Collectors.joining(" OR "));
    return """
    INSERT INTO %1$s BY NAME
    WITH sums AS (%2$s),
    persons AS (
      SELECT day, dimension, value, sum(weight) AS visitors FROM (
        SELECT day, dimension, value, min(weight) AS weight FROM %3$s
        GROUP BY day, dimension, value, date, visitor_id)
      GROUP BY day, dimension, value)
    SELECT day AS date, '' AS currency,
      CASE WHEN correction THEN 0 ELSE coalesce(visitors, 0) END AS visitors,
      * EXCLUDE (day, visitors)
    FROM sums LEFT JOIN persons USING (day, dimension, value)
    WHERE NOT correction OR %4$s
    UNION ALL BY NAME
    SELECT day AS date, dimension, value, revenue_currency AS currency,
      false AS correction, 0 AS row_count, 0 AS act_count, 0 AS visitors,
      sum(revenue_amount) AS n_earned, count(*) AS n_sales,
      sum(revenue_amount) FILTER (event_type = 'transaction') AS n_order_earned,
      count(*) FILTER (event_type = 'transaction') AS n_order_sales,
      sum(tax) AS n_taxed, sum(shipping) AS n_shipped
    FROM %5$s GROUP BY day, dimension, value, revenue_currency\
    """
        .formatted(
            tables.sums(),
            sums.ofVisits(List.of("correction", "day", "dimension", "value"), visits),
            persons,
            different,
            money);
  }

  /** From when to when each visit goes. */
  private String extents() {
    return """
    CREATE OR REPLACE TEMP TABLE %s AS
    SELECT session_id AS visit_id, min(timestamp) AS starts, max(timestamp) AS ends
    FROM (%s) WHERE session_id IS NOT NULL GROUP BY session_id\
    """
        .formatted(
            EXTENTS,
            ScanSql.select(List.of("session_id", "timestamp"), EVENTS, readFrom(), readUntil())
                .text());
  }

  private String days() {
    String each =
        first
            .datesUntil(last.plusDays(1))
            .map(
                date -> {
                  TimeRange day = TimeRange.ofDates(date, date, zone);
                  return "(DATE '%s', %s, %s)"
                      .formatted(date, ScanSql.literal(day.from()), ScanSql.literal(day.until()));
                })
            .collect(Collectors.joining(", "));
    String local = local();
    String slack = "INTERVAL " + SLACK.toMinutes() + " MINUTE";
    return """
    INSERT INTO %1$s BY NAME
    WITH days(date, from_time, until_time) AS (VALUES %2$s),
    counts AS (SELECT day, count(*) AS row_count FROM %3$s GROUP BY day),
    strays AS (
      SELECT DISTINCT d.date FROM (%4$s) e JOIN days d
        ON (e.date = d.date) <> (e.timestamp >= d.from_time AND e.timestamp < d.until_time)
      WHERE e.date = d.date OR e.timestamp >= d.from_time AND e.timestamp < d.until_time),
    seen AS (
      SELECT unnest(generate_series(starts_on::TIMESTAMP, ends_on::TIMESTAMP, INTERVAL 1 DAY))::DATE
          AS date,
        starts, ends
      FROM (
        SELECT starts, ends, (SELECT %5$s FROM (SELECT starts AS timestamp))::DATE AS starts_on,
          (SELECT %5$s FROM (SELECT ends AS timestamp))::DATE AS ends_on
        FROM %6$s)),
    visits AS (
      SELECT date, min(starts) AS starts, max(ends) AS ends FROM seen GROUP BY date)
    SELECT d.date, coalesce(c.row_count, 0) AS row_count, d.from_time, d.until_time,
      s.date IS NULL AS fit, d.date IN (SELECT day FROM %8$s) AS apart,
      least(d.from_time, v.starts) - %7$s AS begins,
      greatest(d.until_time, v.ends) + %7$s AS reaches
    FROM days d LEFT JOIN counts c ON c.day = d.date LEFT JOIN visits v ON v.date = d.date
    LEFT JOIN strays s ON s.date = d.date\
    """
        .formatted(
            tables.days(),
            each,
            ROWS,
            ScanSql.select(List.of("date", "timestamp"), tables.events(), readFrom(), readUntil())
                .text(),
            local,
            EXTENTS,
            slack,
            PIECES);
  }

  private static List<String> with(String first, List<String> rest) {
    return Stream.concat(Stream.of(first), rest.stream()).toList();
  }
}
