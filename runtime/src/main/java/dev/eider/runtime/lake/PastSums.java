package dev.eider.runtime.lake;

import dev.eider.runtime.lake.RolledDay.State;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Sums of a site that retention is through with: of some days all, of some only those of hours.
 *
 * <p>Hours are a dimension of their day among the others, so they go without the day's other sums
 * being computed or changed: its {@link RolledDay#contents} have them no more, as if it had been
 * summed up before there were hours, and that is how whoever answers knows.
 *
 * @param siteId the site
 * @param dimension {@link Rollups#hours}
 * @param hours days whose hours go; empty: as the other sums do
 * @param days days of which everything goes; empty: none
 */
record PastSums(String siteId, String dimension, Optional<Past> hours, Optional<Past> days) {

  /** How many days, of how many that have such sums. */
  record Share(long some, long all) {}

  /**
   * What goes.
   *
   * @param hours days whose hours go, and whose other sums stay
   * @param days days whose sums go
   */
  record Shares(Share hours, Share days) {

    boolean isAny() {
      return hours.some() > 0 || days.some() > 0;
    }
  }

  Shares count(Connection connection) throws SQLException {
    return Sql.row(
        connection,
        """
        SELECT count(*) FILTER (hours AND %1$s), count(*) FILTER (hours), count(*) FILTER (%2$s), count(*)
        FROM (SELECT *, contains(' ' || contents || ' ', %3$s) AS hours FROM %4$s)
        WHERE state IN (%5$s)\
        """
            .formatted(
                ofHoursAlone(),
                ofDays(),
                Sql.text(" " + dimension + " "),
                RollupDays.latest(ofSite()),
                RollupDays.words(State.BUILT, State.CUT, State.KEPT)),
        row ->
            new Shares(
                new Share(row.getLong(1), row.getLong(2)),
                new Share(row.getLong(3), row.getLong(4))));
  }

  /** Lets them go; the rows that they are of are gone already. */
  void forget(Transaction transaction) throws SQLException {
    Connection connection = transaction.connection();
    String going =
        "(%s OR dimension IN (%s) AND %s)"
            .formatted(
                ofDays(),
                Sql.texts(List.of(dimension, SeveredDays.PREFIX + dimension)),
                ofHoursAlone());
    // Files are of a site's month, and go as a whole.
    String months = "%s AND month <= DATE '%s'".formatted(ofSite(), lastMonth());
    List<String> files =
        Sql.texts(
            connection,
            "SELECT DISTINCT filename FROM lake.rollups WHERE %s AND %s".formatted(months, going));
    if (!files.isEmpty()) {
      delete(transaction, files, months, going);
    }
    RollupDays.forgotten(transaction, siteId, ofDays());
    RollupDays.forgotten(transaction, siteId, ofHoursAlone(), dimension);
  }

  private void delete(Transaction transaction, List<String> files, String months, String going)
      throws SQLException {
    Connection connection = transaction.connection();
    String there = "%s AND filename IN (%s)".formatted(months, Sql.texts(files));
    Sql.run(
        connection,
        "CREATE OR REPLACE TEMP TABLE kept_sums AS SELECT %s FROM lake.rollups WHERE %s AND NOT %s"
            .formatted(Columns.names(Columns.ROLLUP), there, going));
    long gone =
        Sql.number(
            connection,
            "SELECT count(*) FROM lake.rollups WHERE %s AND %s".formatted(there, going));
    long deleted = EventRewrite.deleteFiles(connection, Schema.ROLLUPS, files, months);
    long kept =
        Sql.update(
            connection,
            "INSERT INTO lake.rollups (%1$s) SELECT %1$s FROM kept_sums ORDER BY site_id, month, dimension, date, value"
                .formatted(Columns.names(Columns.ROLLUP)));
    if (deleted != gone + kept) {
      throw new LakeException(
          "deleting old sums of %s was not committed: %d rows would go instead of %d. The lake is as it was; please report this"
              .formatted(siteId, deleted - kept, gone));
    }
    transaction.forceFiles(Schema.ROLLUPS, months);
  }

  private String ofSite() {
    return "site_id = " + Sql.text(siteId);
  }

  private String ofDays() {
    return days.map(past -> "(" + past.sql() + ")").orElse("false");
  }

  private String ofHoursAlone() {
    return hours.map(past -> "(%s AND NOT %s)".formatted(past.sql(), ofDays())).orElse("false");
  }

  private LocalDate lastMonth() {
    return Stream.of(hours, days)
        .flatMap(Optional::stream)
        .map(Past::before)
        .max(LocalDate::compareTo)
        .orElse(LocalDate.EPOCH)
        .withDayOfMonth(1);
  }
}
