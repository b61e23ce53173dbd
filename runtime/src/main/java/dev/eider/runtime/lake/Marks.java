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

  /**
   * Finds a journal's mark with nothing known of it. It is taken from what the catalog knows of the
   * files, so a store that does not answer keeps nobody from starting; only files that hold marks
   * of several journals, as earlier releases wrote them, are read.
   */
  static Mark find(Connection connection, LakeFiles files, UUID journalId) throws SQLException {
    Mark mark = new Mark(0, 0);
    String journal = journalId.toString();
    for (LakeFiles.MarkBounds file : files.marks(connection)) {
      if (!file.ofOneJournal()) {
        return read(connection, journalId, 0);
      }
      if (file.firstJournal().equals(journal)) {
        mark = new Mark(Math.max(mark.epoch(), file.epoch()), Math.max(mark.seq(), file.seq()));
      }
    }
    return mark;
  }

  /**
   * Reads a journal's mark.
   *
   * @param atLeast what it is known to have been: files with lower ones need not be opened
   */
  private static Mark read(Connection connection, UUID journalId, long atLeast)
      throws SQLException {
    return Sql.row(
        connection,
        "SELECT coalesce(max(epoch), 0), coalesce(max(seq), %1$d) FROM lake.journal_marks WHERE journal_id = '%2$s' AND seq >= %1$d"
            .formatted(atLeast, journalId),
        row -> new Mark(row.getLong(1), row.getLong(2)));
  }

  /**
   * Reads the owner's mark, for going on behind it.
   *
   * @param atLeast what it is known to have been
   * @throws LakeException when the journal has been opened by another owner since
   */
  static long read(Connection connection, Ownership owner, long atLeast) throws SQLException {
    return checked(read(connection, owner.journalId(), atLeast), owner);
  }

  /** Like {@link #find}, for the owner. */
  static long find(Connection connection, LakeFiles files, Ownership owner) throws SQLException {
    return checked(find(connection, files, owner.journalId()), owner);
  }

  private static long checked(Mark mark, Ownership owner) {
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
