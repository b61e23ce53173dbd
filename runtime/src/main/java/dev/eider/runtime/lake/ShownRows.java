package dev.eider.runtime.lake;

import java.sql.Connection;
import java.time.Instant;
import java.util.List;

/** Rows for a DuckDB instance that the lake is not attached to. While it is open they are kept. */
public sealed interface ShownRows extends AutoCloseable permits Excerpt, ArchivedExcerpt {

  /**
   * Makes a view of events in another instance.
   *
   * @param other a connection to that instance, which may still reach files
   * @return names of the files that the view reads, and nothing else has to be reachable
   * @throws LakeException when the rows could not be read
   */
  List<String> showEvents(Connection other, String view);

  /** The same of sessions. */
  List<String> showSessions(Connection other, String view);

  /** All that was accepted before is in it. */
  Instant asOf();

  /** What is missing: files that cannot be read and may hold rows that belong to it. */
  List<UnreadableFile> unreadable();

  @Override
  void close();
}
