package dev.eider.runtime.lake;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.UUID;

/** How far each journal is in the lake. Rows are only inserted; the highest counts. */
final class Marks {

  private Marks() {}

  /**
   * A journal's mark.
   *
   * @param epoch the highest epoch under which it was flushed; 0 when it never was
   * @param seq the last of its events that is in the lake; 0 when none is
   */
  record Mark(long epoch, long seq) {}

  static Mark read(Connection connection, UUID journalId) throws SQLException {
    return Sql.row(
        connection,
        "SELECT coalesce(max(epoch), 0), coalesce(max(seq), 0) FROM lake.journal_marks WHERE journal_id = '%s'"
            .formatted(journalId),
        row -> new Mark(row.getLong(1), row.getLong(2)));
  }

  /**
   * Reads the owner's mark, for going on behind it.
   *
   * @throws LakeException when the journal has been opened by another owner since
   */
  static long read(Connection connection, Ownership owner) throws SQLException {
    return owned(read(connection, owner.journalId()), owner);
  }

  /** The seq of a mark that no later owner left. */
  static long owned(Mark mark, Ownership owner) {
    if (mark.epoch() > owner.epoch()) {
      throw new LakeException(
          "journal %s was opened again elsewhere (epoch %d, this one has %d): this process must stop"
              .formatted(owner.journalId(), mark.epoch(), owner.epoch()));
    }
    return mark.seq();
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
}
