package dev.eider.runtime.lake;

import dev.eider.runtime.lake.LakeFile.Partition;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Sessions that are kept longer than their events. They are what they are: no event that comes
 * later joins one, since what they were told by is gone.
 *
 * <p>One that began on a day whose events go, and went on over it, is two from then on: its
 * beginning, which is kept with its day, and a session of what is left of it. So whatever is summed
 * up over sessions stays what it was, but for the number of these few.
 */
final class Outlived {

  /** How far from new rows sessions may be that matter to them. */
  private static final int DAYS_AROUND = 3;

  private Outlived() {}

  /**
   * A condition of sessions, as {@code s}: that their events are there, as far as that may matter
   * to the rows in {@code incoming}.
   */
  static String living(Transaction transaction, Published published) throws SQLException {
    Set<Partition> outlived = new HashSet<>();
    published.live(Schema.SESSIONS).forEach(file -> outlived.add(file.partition()));
    published.live(Schema.EVENTS).forEach(file -> outlived.remove(file.partition()));
    if (outlived.isEmpty()) {
      return "true";
    }
    return Sql.row(
        transaction.connection(),
        "SELECT min(date), max(date) FROM incoming",
        row ->
            row.getString(1) == null
                ? "true"
                : without(
                    outlived,
                    LocalDate.parse(row.getString(1)).minusDays(DAYS_AROUND),
                    LocalDate.parse(row.getString(2)).plusDays(DAYS_AROUND)));
  }

  private static String without(Set<Partition> outlived, LocalDate from, LocalDate to) {
    String days =
        new TreeSet<>(outlived)
            .stream()
                .filter(day -> !day.date().isBefore(from) && !day.date().isAfter(to))
                .map(day -> "(%s, DATE '%s')".formatted(Sql.text(day.siteId()), day.date()))
                .collect(Collectors.joining(", "));
    return days.isEmpty() ? "true" : "(s.site_id, s.date) NOT IN (" + days + ")";
  }

  /**
   * Before events of some days go: remembers of sessions that go on over these days what began on
   * them.
   *
   * @param past a condition of these days
   */
  static void remember(Transaction transaction, String past) throws SQLException {
    Sql.run(
        transaction.connection(),
        """
        CREATE OR REPLACE TEMP TABLE straddling AS
        SELECT s.session_id, s.site_id, s.date, s.end_time, %1$s AS version FROM %2$s
        WHERE %3$s AND (s.site_id, s.session_id) IN (
          SELECT (e.site_id, e.session_id) FROM lake.events e SEMI JOIN orphaned o USING (session_id, site_id)
          WHERE NOT (%3$s) AND %4$s)\
        """
            .formatted(
                Superseded.VERSION,
                Superseded.live(),
                past,
                Touched.reach(transaction.connection(), "orphaned")));
    Sql.run(
        transaction.connection(),
        """
        CREATE OR REPLACE TEMP TABLE beginnings AS
        SELECT e.session_id,
          row_number() OVER (PARTITION BY e.site_id, e.session_id
            ORDER BY e."timestamp", e.event_id) AS place,
          %s
        FROM lake.events e SEMI JOIN straddling USING (session_id, site_id)
        WHERE %s AND NOT e.is_duplicate AND %s\
        """
            .formatted(
                Lines.ofEvents(), past, Touched.reach(transaction.connection(), "straddling")));
  }

  /** After they went: keeps these beginnings, instead of the whole sessions. */
  static void keep(Transaction transaction) throws SQLException {
    long version = Sql.number(transaction.connection(), "SELECT max(version) FROM straddling") + 1;
    Sessioniser.write(
        transaction,
        "FROM beginnings",
        Math.max(version, Superseded.next(transaction.connection())));
    Superseded.add(transaction, "SELECT site_id, date, session_id, version FROM straddling");
  }
}
