package dev.eider.runtime.lake;

/**
 * What a flush did.
 *
 * @param rows hot rows that are in the lake now; 0 when there were none
 * @param mark how far the journal is in the lake now; up to here it can be released
 * @param snapshot the lake's version
 * @param millis how long it took
 */
public record FlushReport(long rows, long mark, long snapshot, long millis) {}
