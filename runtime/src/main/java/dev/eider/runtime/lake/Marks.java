package dev.eider.runtime.lake;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How far each journal is in the lake. A flush tells it in the message of its own commit, which
 * costs no file; before a snapshot goes, and its message with it, what it told is put into the
 * table {@code journal_marks}. Both are only added to; the highest counts.
 */
final class Marks {

  private static final Pattern TOLD =
      Pattern.compile("journal ([0-9a-f-]{36}) epoch (\\d{1,18}) seq (\\d{1,18})");

  private Marks() {}

  /**
   * A journal's mark.
   *
   * @param epoch the highest epoch under which it was flushed; 0 when it never was
   * @param seq the last of its events that is in the lake; 0 when none is
   */
  record Mark(long epoch, long seq) {

    static final Mark NONE = new Mark(0, 0);

    /** The higher of both, each part by itself. */
    Mark or(Mark other) {
      return new Mark(Math.max(epoch, other.epoch), Math.max(seq, other.seq));
    }
  }

  /**
   * Finds a journal's mark with nothing known of it. It is taken from what the catalog knows of
   * commits and files, so that none need be opened for it and a store that does not answer keeps
   * nobody from starting; only where files hold marks of several journals, as earlier releases
   * wrote them, they are read.
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
      throw new FencedException(
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
    String journal = journalId.toString();
    Mark mark =
        told(files.told(connection, known.snapshot()))
            .getOrDefault(journal, Mark.NONE)
            .or(new Mark(0, known.mark()));
    for (LakeFiles.MarkBounds file : files.marks(connection, marks)) {
      if (!file.ofOneJournal()) {
        return mark.or(read(connection, journalId, known.mark()));
      }
      if (file.firstJournal().equals(journal)) {
        mark = mark.or(new Mark(file.epoch(), file.seq()));
      }
    }
    return mark;
  }

  /** What commits told of each journal. */
  private static Map<String, Mark> told(List<String> messages) {
    Map<String, Mark> told = new TreeMap<>();
    for (String message : messages) {
      Matcher mark = TOLD.matcher(message);
      if (mark.matches()) {
        told.merge(
            mark.group(1),
            new Mark(Long.parseLong(mark.group(2)), Long.parseLong(mark.group(3))),
            Mark::or);
      }
    }
    return told;
  }

  private static Mark read(Connection connection, UUID journalId, long atLeast)
      throws SQLException {
    return Sql.row(
        connection,
        "SELECT coalesce(max(epoch), 0), coalesce(max(seq), %1$d) FROM lake.journal_marks WHERE journal_id = '%2$s' AND seq >= %1$d"
            .formatted(atLeast, journalId),
        row -> new Mark(row.getLong(1), row.getLong(2)));
  }

  /** Tells a mark in the commit of the transaction that brings the rows. */
  static void tell(Transaction transaction, UUID journalId, long epoch, long seq) {
    transaction.note("journal %s epoch %d seq %d".formatted(journalId, epoch, seq));
  }

  /** Adds a mark to the table, where the transaction brings no rows and so would not be there. */
  static void insert(Transaction transaction, String journalId, Mark mark) throws SQLException {
    transaction.insert(
        Schema.MARKS,
        "INSERT INTO lake.journal_marks VALUES ('%s', %d, %d)"
            .formatted(journalId, mark.epoch(), mark.seq()),
        "journal_id = '%s' AND seq = %d".formatted(journalId, mark.seq()));
  }

  /** What commits have told and the table does not say yet, by journal. */
  static Map<String, Mark> onlyTold(Connection connection, LakeFiles files) throws SQLException {
    Map<String, Mark> told = told(files.told(connection, 0));
    Map<String, Mark> only = new TreeMap<>();
    for (Map.Entry<String, Mark> mark : told.entrySet()) {
      Mark inTable = read(connection, UUID.fromString(mark.getKey()), 0);
      if (!inTable.or(mark.getValue()).equals(inTable)) {
        only.put(mark.getKey(), inTable.or(mark.getValue()));
      }
    }
    return only;
  }
}
