package dev.eider.runtime.lake;

import dev.eider.runtime.journal.AcceptedSink;
import java.io.IOException;

/**
 * Hands on once more what the journal keeps. Needed when a DuckDB instance has to be thrown away
 * with the hot rows that were loaded into it.
 */
@FunctionalInterface
public interface Replay {

  /** Hands on every kept record with {@code afterSeq < seq <= throughSeq}, in order. */
  void replay(long afterSeq, long throughSeq, AcceptedSink into) throws IOException;
}
