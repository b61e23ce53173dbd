package dev.eider.runtime.stats;

import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which money is counted: all that events brought in one currency, or where goals are asked about,
 * what those brought that are marked as revenue. Amounts are not converted; what came in another
 * currency is left out, and the answer says so.
 *
 * @param currency ISO 4217 code; empty where no figure is possible
 * @param goals the revenue goals asked about; empty when all events count
 * @param ofGoals whether only those goals count
 * @param warning why figures are missing or not whole
 */
record Revenue(String currency, List<Goal> goals, boolean ofGoals, Optional<Warning> warning) {

  /** For {@code meta.metric_warnings}; the first two codes are Plausible's. */
  record Warning(String code, String sentence) {}

  /** Nothing is asked about money. */
  static final Revenue NOT_ASKED = new Revenue("", List.of(), false, Optional.empty());

  /** Whether there are figures at all. */
  boolean isKnown() {
    return !currency.isEmpty();
  }

  /** Whether what this goal's events bring is shown. */
  boolean isOf(String goal) {
    return goals.stream().anyMatch(each -> each.name().equals(goal));
  }

  /**
   * Looks at what the question asks and which currencies the range has.
   *
   * @param shown the goals asked about; empty when none is mentioned
   * @param read reads which currencies the range has, in their order
   */
  static Revenue of(Optional<List<Goal>> shown, String siteCurrency, Currencies read)
      throws SQLException {
    List<Goal> goals = shown.stream().flatMap(List::stream).filter(Goal::revenue).toList();
    if (shown.isPresent() && goals.isEmpty()) {
      return none(
          "no_revenue_goals_matching",
          "Revenue metrics are null as there are no matching revenue goals.");
    }
    List<String> currencies = read.read();
    String currency = siteCurrency;
    if (currency.isEmpty()) {
      if (currencies.size() > 1) {
        return none(
            "no_single_revenue_currency",
            "Revenue metrics are null as there are multiple currencies (%s) and the site has none of its own; set its currency."
                .formatted(String.join(", ", currencies)));
      }
      currency = currencies.stream().findFirst().orElse("");
    }
    if (currency.isEmpty()) {
      return none("no_revenue", "Revenue metrics are null as nothing brought revenue.");
    }
    String chosen = currency;
    List<String> others = currencies.stream().filter(each -> !each.equals(chosen)).toList();
    return new Revenue(
        currency,
        goals,
        shown.isPresent(),
        others.isEmpty()
            ? Optional.empty()
            : Optional.of(
                new Warning(
                    "other_revenue_currencies",
                    "Revenue metrics hold what came in %s; the range has amounts in %s too, which are not converted."
                        .formatted(currency, String.join(", ", others)))));
  }

  private static Revenue none(String code, String sentence) {
    return new Revenue("", List.of(), true, Optional.of(new Warning(code, sentence)));
  }

  /** Reads which currencies there are. */
  @FunctionalInterface
  interface Currencies {
    List<String> read() throws SQLException;
  }

  /** What {@link #currencies} reads. */
  static final Set<String> READING = ScanSql.reading(List.of("revenue_currency", "revenue_amount"));

  /** The currencies of rows in a range, in their order. */
  static List<String> currencies(QueryRunner runner, String relation, Instant from, Instant until)
      throws SQLException {
    Sql sql =
        Sql.of("SELECT DISTINCT revenue_currency FROM (")
            .add(
                ScanSql.select(
                    List.of("revenue_currency", "revenue_amount"), relation, from, until))
            .add(
                ") WHERE revenue_amount IS NOT NULL AND revenue_currency IS NOT NULL"
                    + " ORDER BY revenue_currency");
    List<String> found = new ArrayList<>();
    for (List<Object> row : runner.rows(sql)) {
      found.add((String) row.getFirst());
    }
    return found;
  }

  /** The names of the goals, for a statement. */
  Sql names() {
    return new Sql()
        .add(
            Sql.join(
                ", ",
                goals.stream()
                    .map(goal -> new Sql().bind("?", goal.name()))
                    .collect(Collectors.toList())));
  }
}
