package dev.eider.runtime.lake;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;

/**
 * What a settle did.
 *
 * @param rows rows that went from {@code recent} to {@code events}
 * @param files files of {@code recent} that they were in
 * @param partitions sites' days that got rows or were rewritten, counted once a transaction
 * @param sessions sessions that are new or were computed again
 * @param restamped rows that had been settled and got another session
 * @param transactions how many commits it took
 * @param millis how long it took
 */
@JsonNaming(SnakeCaseStrategy.class)
public record SettleReport(
    long rows,
    long files,
    long partitions,
    long sessions,
    long restamped,
    long transactions,
    long millis) {

  static final SettleReport NOTHING = new SettleReport(0, 0, 0, 0, 0, 0, 0);

  SettleReport plus(SettleReport other) {
    return new SettleReport(
        rows + other.rows,
        files + other.files,
        partitions + other.partitions,
        sessions + other.sessions,
        restamped + other.restamped,
        transactions + other.transactions,
        millis + other.millis);
  }

  SettleReport withMillis(long took) {
    return new SettleReport(rows, files, partitions, sessions, restamped, transactions, took);
  }
}
