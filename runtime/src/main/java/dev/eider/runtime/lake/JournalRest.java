package dev.eider.runtime.lake;

import dev.eider.runtime.journal.Journal;
import java.io.IOException;

/** What a journal still has, for a lake that is built anew and knows nothing of it. */
public final class JournalRest {

  private static final int AT_ONCE = 100_000;

  private JournalRest() {}

  /**
   * Brings all of it into the lake, which knows from then on that it has it.
   *
   * @param journal open, and not started
   * @return how many rows
   * @throws IOException when it cannot be read
   * @throws LakeException when it could not be brought
   */
  public static long bring(Journal journal, Lake lake) throws IOException {
    long mark = lake.own(journal.id(), journal.epoch(), journal::replay);
    long[] rows = {0};
    journal.replay(
        mark,
        journal.lastSeq(),
        batch -> {
          lake.accept(batch);
          if (lake.hotRows() >= AT_ONCE) {
            rows[0] += lake.flush().rows();
          }
        });
    return rows[0] + lake.flush().rows();
  }
}
