package dev.eider.runtime.lake;

import dev.eider.runtime.lake.RolledDay.State;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/**
 * Takes sums of days that are no longer right out of the files of {@code rollups}, where they
 * otherwise stay until these are merged: a page's name that was erased is a value there.
 */
final class ErasedSums {

  /** Known by the same parts as when files are merged. */
  private static final String SUMS =
      "SELECT concat_ws('/', date, dimension, value, currency, correction) AS event_id, dimension"
          + " AS visitor_id, row_count AS \"timestamp\", n_earned AS revenue_amount FROM %s WHERE"
          + " %s";

  private ErasedSums() {}

  /**
   * Writes the files anew that hold some.
   *
   * @return how many files held some
   */
  static Long rewrite(Transaction transaction, ErasureSubject subject) throws SQLException {
    Connection connection = transaction.connection();
    String sites = "site_id IN (%s)".formatted(Sql.texts(subject.siteIds()));
    String right =
        "lake.rollups s SEMI JOIN (FROM %s WHERE state IN (%s)) k ON k.site_id = s.site_id AND k.date = s.date AND k.build = s.build"
            .formatted(
                RollupDays.latest(sites), RollupDays.words(State.BUILT, State.CUT, State.KEPT));
    List<String> names =
        Sql.texts(
            connection,
            "SELECT DISTINCT s.filename FROM %s WHERE s.%s"
                .formatted(right.replace(" SEMI JOIN ", " ANTI JOIN "), sites));
    if (names.isEmpty()) {
      return 0L;
    }
    String months =
        String.join(
            ",",
            Sql.texts(
                connection,
                "SELECT DISTINCT concat('DATE ', chr(39), month, chr(39)) FROM lake.rollups WHERE filename IN (%s) AND %s"
                    .formatted(Sql.texts(names), sites)));
    String within = "%s AND month IN (%s)".formatted(sites, months);
    String in = "s.filename IN (%s) AND s.%s".formatted(Sql.texts(names), within);
    Sums before = Sums.of(connection, "(" + SUMS.formatted(right, in) + ")");
    long there = Sql.number(connection, "SELECT count(*) FROM lake.rollups s WHERE " + in);
    Sql.run(
        connection,
        "INSERT INTO lake.rollups (%1$s) SELECT %1$s FROM %2$s WHERE %3$s ORDER BY site_id, month, dimension, date, value"
            .formatted(Columns.names(Columns.ROLLUP), right, in));
    List<String> written = transaction.forceFiles(Schema.ROLLUPS, within);
    before.requireSame(
        "erasing sums",
        Sums.of(
            connection,
            "("
                + SUMS.formatted(
                    "lake.rollups s",
                    "s.filename IN (%s) AND s.%s".formatted(Sql.texts(written), within))
                + ")"));
    long deleted = EventRewrite.deleteFiles(connection, Schema.ROLLUPS, names, within);
    if (deleted != there) {
      throw new LakeException(
          "erasing sums was not committed, because it would have deleted %d rows instead of %d. The lake is as it was; please report this"
              .formatted(deleted, there));
    }
    return (long) names.size();
  }
}
