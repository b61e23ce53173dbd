package dev.eider.runtime.lake;

import java.time.LocalDate;
import java.util.List;
import java.util.TreeSet;

/**
 * Days of a site that retention is through with: all before one, but for those that are held.
 *
 * @param siteId the site
 * @param before the first day that is kept
 * @param held days before it that are kept, too, for a while
 */
record Past(String siteId, LocalDate before, List<Held> held) {

  /**
   * Days in a row that retention leaves alone.
   *
   * @param first the first
   * @param last the last
   */
  record Held(LocalDate first, LocalDate last) {

    boolean has(LocalDate date) {
      return !date.isBefore(first) && !date.isAfter(last);
    }
  }

  Past {
    held = List.copyOf(held);
  }

  boolean has(LocalDate date) {
    return date.isBefore(before) && held.stream().noneMatch(days -> days.has(date));
  }

  boolean has(LakeFile file) {
    return file.partition().siteId().equals(siteId) && has(file.partition().date());
  }

  /** The same as a condition of a table's rows. */
  String sql() {
    return sql("");
  }

  /** The same of a table that a query gives a name, such as {@code s.}. */
  String sql(String table) {
    StringBuilder sql =
        new StringBuilder(
            "%1$ssite_id = %2$s AND %1$sdate < DATE '%3$s'"
                .formatted(table, Sql.text(siteId), before));
    held.forEach(
        days ->
            sql.append(
                " AND NOT (%sdate BETWEEN DATE '%s' AND DATE '%s')"
                    .formatted(table, days.first(), days.last())));
    return sql.toString();
  }

  /** Days that are kept and come right after one that is not: what began before them is cut. */
  List<LocalDate> edges() {
    TreeSet<LocalDate> edges = new TreeSet<>();
    edges.add(before);
    held.stream().map(Held::first).filter(first -> first.isBefore(before)).forEach(edges::add);
    edges.removeIf(day -> has(day) || !has(day.minusDays(1)));
    return List.copyOf(edges);
  }
}
