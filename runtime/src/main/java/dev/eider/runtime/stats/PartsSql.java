package dev.eider.runtime.stats;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/**
 * Adds up {@link Summand}s, first of each visit in a group, then of each group.
 *
 * <p>Beside the parts come {@code lightest} and {@code heaviest}, by which it is told whether some
 * of it is sampled.
 *
 * @param parts which ones
 * @param counted whether rows are counted, too, by which it is told whether a group is there at
 *     all: {@code row_count}, and without engagement {@code act_count}, {@code act_lightest} and
 *     {@code act_heaviest}
 */
record PartsSql(Set<? extends Summand> parts, boolean counted) {

  private static final String ACTS = " FILTER (event_type <> 'engagement')";

  /** A SELECT of a row for each visit in each group. */
  String perVisit(Collection<String> keys, String rows) {
    return perVisit(keys, List.of(), rows);
  }

  /**
   * The same.
   *
   * @param more further aggregates that are selected
   */
  String perVisit(Collection<String> keys, Collection<String> more, String rows) {
    List<String> selected = new ArrayList<>(keys);
    selected.add("visit_id");
    parts.forEach(
        part ->
            selected.add(
                (part.ofVisit() ? part.sql() : "sum(" + part.sql() + ")")
                    + " AS "
                    + part.column()));
    selected.addAll(weights());
    if (counted) {
      selected.add("count(*) AS row_count");
      selected.add("count(*)" + ACTS + " AS act_count");
      selected.add("min(sample_weight)" + ACTS + " AS act_lightest");
      selected.add("max(sample_weight)" + ACTS + " AS act_heaviest");
    }
    selected.addAll(more);
    List<String> by = new ArrayList<>(keys);
    by.add("visit_id");
    return "SELECT %s FROM %s GROUP BY %s"
        .formatted(String.join(", ", selected), rows, String.join(", ", by));
  }

  /** A SELECT of a row for each group, of what {@link #perVisit} gave. */
  String ofVisits(Collection<String> keys, String visits) {
    List<String> selected = new ArrayList<>(keys);
    parts.forEach(part -> selected.add(sum(part, part.column())));
    selected.add("min(lightest) AS lightest");
    selected.add("max(heaviest) AS heaviest");
    if (counted) {
      selected.addAll(counts("row_count", "act_count", "act_lightest", "act_heaviest"));
    }
    return "SELECT %s FROM %s%s".formatted(String.join(", ", selected), visits, groupBy(keys));
  }

  /** The same of rows, where no part is of visits. */
  String ofRows(Collection<String> keys, String rows) {
    List<String> selected = new ArrayList<>(keys);
    parts.forEach(part -> selected.add(sum(part, part.sql())));
    selected.addAll(weights());
    if (counted) {
      selected.add("count(*) AS row_count");
      selected.add("count(*)" + ACTS + " AS act_count");
      selected.add("min(sample_weight)" + ACTS + " AS act_lightest");
      selected.add("max(sample_weight)" + ACTS + " AS act_heaviest");
    }
    return "SELECT %s FROM %s%s".formatted(String.join(", ", selected), rows, groupBy(keys));
  }

  private static List<String> counts(String rows, String acts, String lightest, String heaviest) {
    return List.of(
        "coalesce(sum(" + rows + "), 0)::BIGINT AS row_count",
        "coalesce(sum(" + acts + "), 0)::BIGINT AS act_count",
        "min(" + lightest + ") AS act_lightest",
        "max(" + heaviest + ") AS act_heaviest");
  }

  private static List<String> weights() {
    return List.of("min(sample_weight) AS lightest", "max(sample_weight) AS heaviest");
  }

  /** Of a group where nobody paid the money is not known, and everything else 0. */
  static String sum(Summand part, String of) {
    String sum = "sum(" + of + ")";
    return (part.isMoney() ? sum : "coalesce(" + sum + ", 0)") + " AS " + part.column();
  }

  static String groupBy(Collection<String> keys) {
    return keys.isEmpty() ? "" : " GROUP BY " + String.join(", ", keys);
  }
}
