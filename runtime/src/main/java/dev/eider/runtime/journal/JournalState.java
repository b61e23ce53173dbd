package dev.eider.runtime.journal;

/**
 * How a journal is, for probes and metrics.
 *
 * @param status whether events are taken
 * @param reason why they are not, in a sentence; empty while open
 * @param bytes size of all segments
 * @param segments number of segments
 * @param lastSeq last durable seq
 * @param records records appended since it was opened
 * @param forces forces to the medium since it was opened, each for one batch of appends
 * @param forceNanos time spent in those forces, in ns
 */
public record JournalState(
    Status status,
    String reason,
    long bytes,
    int segments,
    long lastSeq,
    long records,
    long forces,
    long forceNanos) {

  /** Whether events are taken. */
  public enum Status {
    /** Events are taken. */
    OPEN,
    /** No room for now; passes by itself. */
    FULL,
    /** For ever, in this process. */
    CLOSED
  }
}
