package dev.eider.runtime.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Functions of our own that statements may call, named and ordered as in ClickHouse and as far as
 * macros can: {@code window_funnel}, {@code retention}, {@code sequence_match}, {@code
 * sequence_count}, {@code sequence_next_node}, {@code sessionize}. With 1 to 8 conditions, but
 * sequences with 5 at most, since an event in them is one letter of 32.
 */
final class SqlMacros {

  /** Their names. */
  static final String NAMES =
      "window_funnel retention sequence_match sequence_count sequence_next_node sessionize";

  private static final int MOST_CONDITIONS = 8;
  private static final int MOST_IN_SEQUENCE = 5;

  private SqlMacros() {}

  /** The statements that make them. */
  static List<String> statements() {
    List<String> made = new ArrayList<>();
    made.add(overloads("window_funnel", MOST_CONDITIONS, SqlMacros::windowFunnel));
    made.add(overloads("retention", MOST_CONDITIONS, SqlMacros::retention));
    made.add(
        overloads(
            "sequence_match",
            MOST_IN_SEQUENCE,
            n -> sequence(n, "coalesce(regexp_matches(%s, %s), false)")));
    made.add(
        overloads(
            "sequence_count",
            MOST_IN_SEQUENCE,
            n -> sequence(n, "coalesce(len(regexp_extract_all(%s, %s)), 0)")));
    made.add(overloads("sequence_next_node", MOST_CONDITIONS, SqlMacros::nextNode));
    made.add(
        """
        CREATE MACRO sessionize(who, ts, gap) AS
          len(list_filter(
            list_transform([list(ts) OVER (PARTITION BY who ORDER BY ts ROWS UNBOUNDED PRECEDING)],
              lambda l: list_zip(l, l[2:]))[1],
            lambda pair: pair[2] - pair[1] > gap)) + 1\
        """);
    return List.copyOf(made);
  }

  /** One macro for each number of conditions. */
  @FunctionalInterface
  private interface Body {
    String of(int conditions);
  }

  private static String overloads(String name, int most, Body body) {
    return IntStream.rangeClosed(1, most)
        .mapToObj(body::of)
        .collect(Collectors.joining(", ", "CREATE MACRO " + name, ""));
  }

  private static String each(int conditions, String text, String between) {
    return IntStream.rangeClosed(1, conditions)
        .mapToObj(i -> text.replace("#", Integer.toString(i)))
        .collect(Collectors.joining(between));
  }

  /**
   * How many steps are reached in their order within the window from the first, by different
   * events. For each step the latest beginning is kept with which it was reached.
   */
  private static String windowFunnel(int n) {
    List<String> starts = new ArrayList<>();
    starts.add("CASE WHEN e.c[1] THEN e.t ELSE a.s[1] END");
    for (int i = 2; i <= n; i++) {
      starts.add(
          "CASE WHEN e.c[%1$d] AND e.t <= a.s[%2$d] + win THEN a.s[%2$d] ELSE a.s[%1$d] END"
              .formatted(i, i - 1));
    }
    return """
        (win, ts, %1$s) AS coalesce(len(list_filter(list_reduce(
          list_prepend({t: NULL::TIMESTAMP, c: NULL::BOOLEAN[], s: [%2$s]},
            list({t: ts::TIMESTAMP, c: [%1$s], s: [%2$s]} ORDER BY ts) FILTER (%3$s)),
          lambda a, e: {t: e.t, c: e.c, s: [%4$s]}).s, lambda x: x IS NOT NULL)), 0)\
        """
        .formatted(
            each(n, "c#", ", "),
            each(n, "NULL::TIMESTAMP", ", "),
            each(n, "c#", " OR "),
            String.join(", ", starts));
  }

  /** Whether the first condition held at some time, and then each of the others did too. */
  private static String retention(int n) {
    return "(%s) AS [%s]"
        .formatted(
            each(n, "c#", ", "), each(n, "coalesce(bool_or(c1) AND bool_or(c#), false)", ", "));
  }

  /**
   * An event is a letter that says which conditions hold, so a pattern of {@code (?1)}, {@code .}
   * and {@code .*} is a regular expression. Events for which none holds are left out. A star takes
   * as few as will do, so that each chain is counted.
   */
  private static String sequence(int n, String form) {
    String pattern = "replace(pattern, '.*', '.*?')";
    for (int i = 1; i <= n; i++) {
      int bit = 1 << (i - 1);
      String letters =
          IntStream.range(1, 1 << n)
              .filter(mask -> (mask & bit) != 0)
              .mapToObj(mask -> Character.toString('A' + mask))
              .collect(Collectors.joining());
      // Backslashes and brackets are letters of patterns, so it is a class of escaped numbers.
      pattern = "replace(%s, '(?%d)', '[%s]')".formatted(pattern, i, escaped(letters));
    }
    String checked =
        """
        CASE WHEN regexp_full_match(pattern, '(\\(\\?[1-%d]\\)|\\.\\*|\\.)+') THEN %s
          ELSE error('a pattern is made of (?1) to (?%d), . and .*, and is: ' || pattern) END\
        """
            .formatted(n, pattern, n);
    String mask =
        IntStream.rangeClosed(1, n)
            .mapToObj(i -> "CASE WHEN c%d THEN %d ELSE 0 END".formatted(i, 1 << (i - 1)))
            .collect(Collectors.joining(" + "));
    return "(pattern, ts, %s) AS ".formatted(each(n, "c#", ", "))
        + form.formatted(
            "string_agg(chr(65 + %s), '' ORDER BY ts) FILTER (%s)"
                .formatted(mask, each(n, "c#", " OR ")),
            checked);
  }

  private static String escaped(String letters) {
    return letters
        .chars()
        .mapToObj(letter -> "\\x{%x}".formatted(letter))
        .collect(Collectors.joining());
  }

  /**
   * The value of the event right behind a chain of events for which the conditions hold one after
   * the other; backward, right before it.
   */
  private static String nextNode(int n) {
    String chain =
        IntStream.rangeClosed(1, n)
            .mapToObj(i -> "l[p + %d].c[%d]".formatted(i - 1, i))
            .collect(Collectors.joining(" AND "));
    return """
        (direction, base, ts, value, base_condition, %1$s) AS list_transform([
            CASE direction
              WHEN 'forward' THEN list({v: value, b: base_condition, c: [%1$s]} ORDER BY ts)
              WHEN 'backward' THEN list_reverse(list({v: value, b: base_condition, c: [%1$s]} ORDER BY ts))
              ELSE error('the direction is forward or backward') END],
          lambda l: list_transform([
              CASE
                WHEN base = 'head' AND direction = 'forward' OR base = 'tail' AND direction = 'backward' THEN 1
                WHEN base = 'first_match' AND direction = 'forward' OR base = 'last_match' AND direction = 'backward'
                  THEN list_min(list_filter(range(1, len(l) + 1), lambda i: l[i].b AND l[i].c[1]))
                WHEN base IN ('first_match', 'last_match')
                  THEN list_max(list_filter(range(1, len(l) + 1), lambda i: l[i].b AND l[i].c[1]))
                ELSE error('the base is head (forward only), tail (backward only), first_match or last_match') END],
            lambda p: CASE WHEN l[p].b AND %2$s THEN l[p + %3$d].v END)[1])[1]\
        """
        .formatted(each(n, "c#", ", "), chain, n);
  }
}
