package dev.eider.runtime.lake;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
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
   * files, so that none need be opened for it and a store that does not answer keeps nobody from
   * starting; only where files hold marks of several journals, as earlier releases wrote them, they
   * are read.
   */
  static Mark find(Connection connection, LakeFiles files, UUID journalId) throws SQLException {
    return find(connection, files, journalId, Point.NONE, since(connection, files, Point.NONE));
  }

  /**
   * Finds the owner's mark, for going on behind it.
   *
   * @param known a version and the mark at it; {@link Point#NONE} when nothing is known
   * @throws LakeException when the journal has been opened by another owner since
   */
  static long find(Connection connection, LakeFiles files, Ownership owner, Point known)
      throws SQLException {
    return find(connection, files, owner, known, since(connection, files, known));
  }

  /**
   * The same.
   *
   * @param since live files, those of marks that came after the known version among them
   */
  static long find(
      Connection connection, LakeFiles files, Ownership owner, Point known, List<LakeFile> since)
      throws SQLException {
    List<LakeFile> marks =
        since.stream().filter(file -> file.table().equals(Schema.MARKS)).toList();
    Mark mark = find(connection, files, owner.journalId(), known, marks);
    if (mark.epoch() > owner.epoch()) {
      throw new LakeException(
          "journal %s was opened again elsewhere (epoch %d, this one has %d): this process must stop"
              .formatted(owner.journalId(), mark.epoch(), owner.epoch()));
    }
    return mark.seq();
  }

  private static List<LakeFile> since(Connection connection, LakeFiles files, Point known)
      throws SQLException {
    return files.liveSince(connection, List.of(Schema.MARKS), known.snapshot());
  }

  private static Mark find(
      Connection connection, LakeFiles files, UUID journalId, Point known, List<LakeFile> marks)
      throws SQLException {
    Mark mark = new Mark(0, known.mark());
    String journal = journalId.toString();
    for (LakeFiles.MarkBounds file : files.marks(connection, marks)) {
      if (!file.ofOneJournal()) {
        return read(connection, journalId, known.mark());
      }
      if (file.firstJournal().equals(journal)) {
        mark = new Mark(Math.max(mark.epoch(), file.epoch()), Math.max(mark.seq(), file.seq()));
      }
    }
    return mark;
  }

  private static Mark read(Connection connection, UUID journalId, long atLeast)
      throws SQLException {
    return Sql.row(
        connection,
        "SELECT coalesce(max(epoch), 0), coalesce(max(seq), %1$d) FROM lake.journal_marks WHERE journal_id = '%2$s' AND seq >= %1$d"
            .formatted(atLeast, journalId),
        row -> new Mark(row.getLong(1), row.getLong(2)));
  }

  /** Adds a mark in the transaction that brings the rows. */
  static void insert(Transaction transaction, UUID journalId, long epoch, long seq)
      throws SQLException {
    transaction.insert(
        Schema.MARKS,
        "INSERT INTO lake.journal_marks VALUES ('%s', %d, %d)".formatted(journalId, epoch, seq),
        "journal_id = '%s' AND seq = %d".formatted(journalId, seq));
  }
}
