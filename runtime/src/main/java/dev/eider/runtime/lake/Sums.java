package dev.eider.runtime.lake;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * What must be the same before and after rows were moved or rewritten: how many there are, which
 * ones (a sum over hashes of their ids, visitors and times, so that none can be lost for another
 * that is there twice), and the money in them.
 */
record Sums(long rows, BigInteger ids, BigDecimal revenue) {

  /** The columns that a relation given to {@link #of} must have. */
  static final String COLUMNS = "event_id, visitor_id, \"timestamp\", revenue_amount";

  /** Sums over a relation: a table, or a SELECT in brackets. */
  static Sums of(Connection connection, String relation) throws SQLException {
    return Sql.row(
        connection,
        """
        SELECT count(*), coalesce(sum(hash(event_id, visitor_id, "timestamp")::HUGEINT), 0)::VARCHAR,
          coalesce(sum(revenue_amount), 0)::VARCHAR
        FROM %s\
        """
            .formatted(relation),
        row ->
            new Sums(
                row.getLong(1),
                new BigInteger(row.getString(2)),
                new BigDecimal(row.getString(3)).stripTrailingZeros()));
  }

  /** Those of both. */
  Sums plus(Sums other) {
    return new Sums(
        rows + other.rows, ids.add(other.ids), revenue.add(other.revenue).stripTrailingZeros());
  }

  /**
   * Stops a change that would lose or double something.
   *
   * @throws LakeException when the sums differ
   */
  void requireSame(String what, Sums after) {
    if (!equals(after)) {
      throw new LakeException(
          "%s was not committed, because it would have changed what is counted: %s before, %s after. The lake is as it was; please report this"
              .formatted(what, this, after));
    }
  }

  @Override
  public String toString() {
    return "%d rows with revenue %s and ids %s".formatted(rows, revenue.toPlainString(), ids);
  }
}
