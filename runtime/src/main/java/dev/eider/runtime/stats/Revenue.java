package dev.eider.runtime.stats;

import java.math.BigDecimal;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which money is counted: all that events brought in one currency, or where goals are asked about,
 * what those brought that are marked as revenue, and what conversions of others are worth. Amounts
 * are not converted; what came in another currency is left out, and the answer says so.
 *
 * @param currency ISO 4217 code; empty where no figure is possible
 * @param goals the goals asked about that bring money; empty when all events count
 * @param worths what a conversion of these is worth whose event brings none, by name
 * @param ofGoals whether only those goals count
 * @param warning why figures are missing or not whole
 */
record Revenue(
    String currency,
    List<Goal> goals,
    Map<String, BigDecimal> worths,
    boolean ofGoals,
    Optional<Warning> warning) {

  /** For {@code meta.metric_warnings}; the first two codes are Plausible's. */
  record Warning(String code, String sentence) {}

  /** Nothing is asked about money. */
  static final Revenue NOT_ASKED = new Revenue("", List.of(), Map.of(), false, Optional.empty());

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
  static Revenue of(Optional<List<Goal>> shown, Scope scope, Currencies read) throws SQLException {
    List<Goal> goals =
        shown.stream()
            .flatMap(List::stream)
            .filter(goal -> goal.revenue() || scope.worths().containsKey(goal.name()))
            .toList();
    if (shown.isPresent() && goals.isEmpty()) {
      return none(
          "no_revenue_goals_matching",
          "Revenue metrics are null as there are no matching revenue goals.");
    }
    List<String> currencies =
        Stream.concat(
                read.read().stream(),
                goals.stream()
                    .flatMap(goal -> Optional.ofNullable(scope.worths().get(goal.name())).stream())
                    .map(Worth::currency)
                    .filter(each -> !each.isEmpty()))
            .sorted()
            .distinct()
            .toList();
    String currency = scope.currency();
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
    Map<String, BigDecimal> worths = new HashMap<>();
    for (Goal goal : goals) {
      Optional.ofNullable(scope.worths().get(goal.name()))
          .filter(worth -> worth.isIn(chosen))
          .ifPresent(worth -> worths.put(goal.name(), worth.amount()));
    }
    return new Revenue(
        currency,
        goals,
        Map.copyOf(worths),
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
    return new Revenue("", List.of(), Map.of(), true, Optional.of(new Warning(code, sentence)));
  }

  /** Those whose events' amounts count. */
  List<Goal> earning() {
    return goals.stream().filter(Goal::revenue).toList();
  }

  /**
   * What a row brings, or NULL.
   *
   * @param reached whether it reached some goals, a condition
   */
  Sql earned(Function<List<Goal>, Sql> reached) {
    if (!ofGoals) {
      return new Sql().bind("CASE WHEN revenue_currency = ? THEN revenue_amount END", currency);
    }
    Sql earned =
        Sql.of("CASE WHEN ")
            .add(reached.apply(earning()))
            .bind(
                " AND revenue_amount IS NOT NULL THEN CASE WHEN revenue_currency = ? THEN revenue_amount END",
                currency);
    for (Goal goal : goals) {
      if (worths.containsKey(goal.name())) {
        earned
            .add(" WHEN ")
            .add(reached.apply(List.of(goal)))
            .add(
                " THEN (%s * sample_weight)::DECIMAL(18, 3)"
                    .formatted(worths.get(goal.name()).toPlainString()));
      }
    }
    return earned.add(" END");
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

  /** The names of goals, for a statement. */
  static Sql names(List<Goal> some) {
    return new Sql()
        .add(
            Sql.join(
                ", ",
                some.stream()
                    .map(goal -> new Sql().bind("?", goal.name()))
                    .collect(Collectors.toList())));
  }
}
