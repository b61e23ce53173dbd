package dev.eider.runtime.lake;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.List;

/**
 * What rows of a site's day come to. The same rows come to the same on any machine and in any
 * release, and what several files have of a day adds up.
 *
 * @param date the day
 * @param rows how many
 * @param ids a sum over hashes of their ids, visitors and times
 * @param revenue all amounts together, whatever their currencies
 */
public record DayRows(LocalDate date, long rows, BigInteger ids, BigDecimal revenue) {

  public DayRows {
    revenue = revenue.stripTrailingZeros();
  }

  /** Both of one day. */
  public DayRows plus(DayRows other) {
    return new DayRows(date, rows + other.rows, ids.add(other.ids), revenue.add(other.revenue));
  }

  /** The days of a relation: a table, or a SELECT in brackets. */
  static List<DayRows> of(Connection connection, String relation) throws SQLException {
    return Sql.rows(
        connection,
        """
        SELECT date, count(*),
          sum(md5_number_lower(concat_ws('|', event_id, visitor_id, epoch_us("timestamp")))::HUGEINT)::VARCHAR,
          coalesce(sum(revenue_amount), 0)::VARCHAR
        FROM %s GROUP BY date ORDER BY date\
        """
            .formatted(relation),
        row ->
            new DayRows(
                LocalDate.parse(row.getString(1)),
                row.getLong(2),
                new BigInteger(row.getString(3)),
                new BigDecimal(row.getString(4))));
  }
}
