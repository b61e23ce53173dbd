package dev.eider.runtime.collect;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.DateTimeParseException;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoField;
import java.util.Locale;
import java.util.Optional;

/** Points in time as senders write them. Whether they are plausible is not asked here. */
final class Times {

  /** Far beyond any clock, and still an Instant. */
  private static final long MOST_SECONDS = 1_000_000_000_000L;

  /** Of UTC where no offset is said. */
  private static final DateTimeFormatter WITH_A_SPACE =
      new DateTimeFormatterBuilder()
          .append(DateTimeFormatter.ISO_LOCAL_DATE)
          .appendLiteral(' ')
          .append(DateTimeFormatter.ISO_LOCAL_TIME)
          .appendPattern("[' '][XXX][XX][X]")
          .parseDefaulting(ChronoField.OFFSET_SECONDS, 0)
          .toFormatter(Locale.ROOT)
          .withResolverStyle(ResolverStyle.STRICT);

  private Times() {}

  /** ISO 8601 with an offset, or milliseconds since 1970. */
  static Optional<Instant> isoOrMillis(String sent, String field, Problems problems) {
    String text = sent.strip();
    if (text.isEmpty()) {
      return Optional.empty();
    }
    long millis = Text.digits(text);
    if (millis >= 0) {
      return Optional.of(Instant.ofEpochMilli(millis));
    }
    try {
      Instant instant = OffsetDateTime.parse(text).toInstant();
      return Optional.of(Instant.ofEpochMilli(instant.toEpochMilli()));
    } catch (DateTimeParseException | ArithmeticException e) {
      problems.add(
          field,
          "is neither ISO 8601 with an offset, as 2026-05-01T12:00:00Z, nor milliseconds since"
              + " 1970");
      return Optional.empty();
    }
  }

  /** Seconds since 1970. */
  static Optional<Instant> seconds(String sent, String field, Problems problems) {
    String text = sent.strip();
    long seconds = Text.digits(text);
    if (seconds >= 0 && seconds <= MOST_SECONDS) {
      return Optional.of(Instant.ofEpochSecond(seconds));
    }
    if (!text.isEmpty()) {
      problems.add(field, "is not a number of seconds since 1970");
    }
    return Optional.empty();
  }

  /**
   * Matomo's: seconds since 1970, or {@code 2026-05-01 12:00:00} in UTC; its SDKs for telephones
   * also write an offset, and a T for the space.
   */
  static Optional<Instant> secondsOrUtc(String sent, String field, Problems problems) {
    String text = sent.strip();
    if (text.isEmpty() || Text.digits(text) >= 0) {
      return seconds(text, field, problems);
    }
    int point = text.indexOf('.');
    if (point > 0
        && Text.digits(text.substring(0, point)) >= 0
        && Text.digits(text.substring(point + 1)) >= 0) {
      return seconds(text.substring(0, point), field, problems);
    }
    try {
      Instant instant =
          WITH_A_SPACE.parse(text.replaceFirst("(?<=^.{10})[Tt]", " "), Instant::from);
      return Optional.of(Instant.ofEpochMilli(instant.toEpochMilli()));
    } catch (DateTimeException | ArithmeticException e) {
      problems.add(
          field, "is neither a time in UTC, as 2026-05-01 12:00:00, nor seconds since 1970");
      return Optional.empty();
    }
  }
}
