package dev.eider.runtime.journal;

import java.util.Arrays;

/**
 * Where in a segment some of its records begin, a quarter of a MiB apart, so that the end of it can
 * be read without the beginning. Grows at its end only.
 */
final class SegmentIndex {

  private static final int APART = 256 << 10;

  private long[] seqs = new long[8];
  private int[] offsets = new int[8];
  private int size;

  /** Notes a record if it is far enough behind the last one that was noted. */
  synchronized void note(long seq, long offset) {
    if (offset - (size == 0 ? 0 : offsets[size - 1]) < APART) {
      return;
    }
    if (size == seqs.length) {
      seqs = Arrays.copyOf(seqs, 2 * size);
      offsets = Arrays.copyOf(offsets, 2 * size);
    }
    seqs[size] = seq;
    offsets[size++] = Math.toIntExact(offset);
  }

  /** Where to begin to read for what comes behind a record: the last noted place before it. */
  synchronized int before(long seq) {
    int at = Arrays.binarySearch(seqs, 0, size, seq);
    int found = at >= 0 ? at : -at - 2;
    return found < 0 ? SegmentHeader.LENGTH : offsets[found];
  }

  /** A place at or behind the end of a record, or the given end where none is noted. */
  synchronized long after(long seq, long end) {
    int at = Arrays.binarySearch(seqs, 0, size, seq + 1);
    int found = at >= 0 ? at : -at - 1;
    return found < size ? Math.min(end, offsets[found]) : end;
  }
}
