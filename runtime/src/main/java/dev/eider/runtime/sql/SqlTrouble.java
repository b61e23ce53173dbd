package dev.eider.runtime.sql;

import dev.eider.runtime.lake.LakeException;
import java.sql.SQLException;
import java.util.Locale;
import java.util.stream.Collectors;

/** What is said of a statement that failed. */
final class SqlTrouble {

  private static final String OF_THE_CALL =
      "Attempting to execute an unsuccessful or closed pending query result";

  private SqlTrouble() {}

  /** The sentence for the asker, or for us where it is no fault of theirs. */
  static RuntimeException of(
      SQLException e, SqlCancel cancel, SqlLimits limits, ScratchFolder folder) {
    String message = String.valueOf(e.getMessage());
    if (cancel.is(SqlCancel.Reason.GONE)) {
      return new InvalidSql("whoever asked has gone");
    }
    if (cancel.is(SqlCancel.Reason.TIME)) {
      return new InvalidSql(
          "the query took longer than %d s and was stopped; ask for fewer days (WHERE date >= …) or fewer groups"
              .formatted(limits.time().toSeconds()));
    }
    if (cancel.is(SqlCancel.Reason.MEMORY)
        || message.toLowerCase(Locale.ROOT).contains("out of memory")) {
      return new InvalidSql(
          "the query needs more memory than the %d MiB that it may take; ask for fewer days, columns or groups"
              .formatted(limits.memory() >> 20));
    }
    return isOfTheLake(message)
        ? new LakeException("the sites' rows could not be read: " + message, e)
        : new InvalidSql("the query was not answered: " + told(message, folder));
  }

  private static boolean isOfTheLake(String message) {
    return (message.contains("IO Error")
            || message.contains("HTTP")
            || message.contains("Could not establish connection")
            || message.contains("No magic bytes")
            || message.contains("TProtocolException")
            || message.contains("Decompression failure"))
        && !message.contains("disabled by configuration");
  }

  /** DuckDB's words, without what it says of how it was called, and of where files are. */
  private static String told(String message, ScratchFolder folder) {
    int own = message.indexOf(OF_THE_CALL);
    String told =
        own < 0
            ? message
            : message.substring(own + OF_THE_CALL.length()).replaceFirst("^\\W*Error: ", "");
    return told.replace(folder.path().toString(), "…")
        .lines()
        .takeWhile(line -> !line.startsWith("LINE "))
        .filter(line -> !line.isBlank())
        .collect(Collectors.joining(" "));
  }
}
