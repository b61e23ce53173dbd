package dev.eider.runtime.journal;

import java.nio.file.Path;

/**
 * A segment that is no longer written.
 *
 * @param file where it is
 * @param header how it begins
 * @param lastSeq its last record's number, or the one before its first when it has none
 * @param bytes its length
 * @param index where in it records begin
 */
record Segment(Path file, SegmentHeader header, long lastSeq, long bytes, SegmentIndex index) {

  boolean isEmpty() {
    return lastSeq < header.firstSeq();
  }
}
