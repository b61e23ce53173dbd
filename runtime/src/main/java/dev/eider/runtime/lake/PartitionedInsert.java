package dev.eider.runtime.lake;

import java.sql.Connection;
import java.sql.SQLException;

/**
 * Writes rows of sites' days to a table that is partitioned by these, no more partitions at once
 * than fit into memory: DuckDB takes blocks for each column of each, however few rows it has.
 */
final class PartitionedInsert {

  private PartitionedInsert() {}

  /**
   * Does it.
   *
   * @param columns of the table and of the rows, with {@code site_id} and {@code date} among them
   * @param rows for FROM: a relation that is cheap to read several times
   * @param order what follows site and date
   */
  static void run(Transaction transaction, String table, String columns, String rows, String order)
      throws SQLException {
    Connection connection = transaction.connection();
    Sql.run(
        connection,
        """
        CREATE OR REPLACE TEMP TABLE insert_parts AS
        SELECT site_id, date, (row_number() OVER (ORDER BY site_id, date) - 1) // %d AS part
        FROM (SELECT DISTINCT site_id, date FROM %s)\
        """
            .formatted(transaction.partitionsAtOnce(), rows));
    long parts = Sql.number(connection, "SELECT coalesce(max(part) + 1, 0) FROM insert_parts");
    for (long part = 0; part < parts; part++) {
      Sql.run(
          connection,
          """
          INSERT INTO lake.%1$s (%2$s) SELECT %2$s FROM %3$s
          SEMI JOIN (FROM insert_parts WHERE part = %4$d) USING (site_id, date)
          ORDER BY site_id, date, %5$s\
          """
              .formatted(table, columns, rows, part, order));
    }
  }
}
