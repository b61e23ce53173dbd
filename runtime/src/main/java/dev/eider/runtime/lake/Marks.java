package dev.eider.runtime.lake;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.UUID;

/** How far each journal is in the lake. Rows are only inserted; the highest counts. */
final class Marks {

  private Marks() {}

  /** The last seq of a journal that is in the lake; 0 when nothing of it is. */
  static long read(Connection connection, UUID journalId) throws SQLException {
    return Sql.number(
        connection,
        "SELECT coalesce(max(seq), 0) FROM lake.journal_marks WHERE journal_id = '%s'"
            .formatted(journalId));
  }

  /** The highest epoch under which a journal was flushed; 0 when it never was. */
  static long epoch(Connection connection, UUID journalId) throws SQLException {
    return Sql.number(
        connection,
        "SELECT coalesce(max(epoch), 0) FROM lake.journal_marks WHERE journal_id = '%s'"
            .formatted(journalId));
  }

  /** Adds a mark in the transaction that brings the rows. */
  static void insert(Transaction transaction, UUID journalId, long epoch, long seq)
      throws SQLException {
    Sql.run(
        transaction.connection(),
        "INSERT INTO lake.journal_marks VALUES ('%s', %d, %d)".formatted(journalId, epoch, seq));
    transaction.forceFiles(
        Schema.MARKS, "journal_id = '%s' AND seq = %d".formatted(journalId, seq));
  }

  /**
   * Refuses to go on for somebody whose journal has been opened by another one since.
   *
   * @throws LakeException when it has
   */
  static void requireNewest(Connection connection, Ownership owner) throws SQLException {
    long newest = epoch(connection, owner.journalId());
    if (newest > owner.epoch()) {
      throw new LakeException(
          "journal %s was opened again elsewhere (epoch %d, this one has %d): this process must stop"
              .formatted(owner.journalId(), newest, owner.epoch()));
    }
  }
}
