package dev.eider.runtime.stats;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The {@code date_range} of a question, before it is known what day it is. */
@FunctionalInterface
interface Period {

  /** Ranges of days, months and years end with the current one; it is in them. */
  String POSSIBLE =
      "possible are \"day\", \"24h\", \"7d\", \"28d\", \"30d\", \"91d\", \"month\", \"6mo\","
          + " \"12mo\", \"year\", \"all\", two dates like [\"2024-01-01\", \"2024-07-01\"] or two"
          + " times like [\"2024-01-01T12:00:00+02:00\", \"2024-01-01T15:59:59+02:00\"]";

  /**
   * The range itself.
   *
   * @param first when the site's first event happened; only asked where it matters
   */
  TimeRange at(Instant now, ZoneId zone, Supplier<Optional<Instant>> first);

  /** Reads any form. */
  static Period parse(JsonNode node) {
    if (node.isTextual()) {
      return ofWord(node.textValue());
    }
    if (node.isArray() && node.size() == 2 && node.get(0).isTextual() && node.get(1).isTextual()) {
      return ofEnds(node.get(0).textValue(), node.get(1).textValue());
    }
    throw invalid(node.toString());
  }

  /**
   * Reads any form; of the current month and year what comes after today, of the current day what
   * comes after this hour is not in it. Other periods are as they are always.
   */
  static Period parseUntilNow(JsonNode node) {
    Period whole = parse(node);
    return switch (node.asText()) {
      case "day" -> whole.trimmed(TimeUnit.HOUR);
      case "month", "year" -> whole.trimmed(TimeUnit.DAY);
      default -> whole;
    };
  }

  private Period trimmed(TimeUnit unit) {
    return (now, zone, first) -> {
      TimeRange range = at(now, zone, first);
      Instant end =
          unit == TimeUnit.DAY
              ? LocalDate.ofInstant(now, zone).plusDays(1).atStartOfDay(zone).toInstant()
              : now.atZone(zone).truncatedTo(ChronoUnit.HOURS).plusHours(1).toInstant();
      return new TimeRange(range.from(), end, zone);
    };
  }

  /** Reads a period's name, such as {@code 7d}. */
  static Period ofWord(String word) {
    return switch (word) {
      case "day" -> days(1);
      case "24h" ->
          (now, zone, first) ->
              new TimeRange(now.minus(24, ChronoUnit.HOURS), now.plusMillis(1), zone);
      case "month" -> months(1);
      case "year" ->
          (now, zone, first) -> {
            LocalDate start = LocalDate.ofInstant(now, zone).withDayOfYear(1);
            return TimeRange.ofDates(start, start.plusYears(1).minusDays(1), zone);
          };
      case "all" ->
          (now, zone, first) -> {
            LocalDate today = LocalDate.ofInstant(now, zone);
            LocalDate start = first.get().map(f -> LocalDate.ofInstant(f, zone)).orElse(today);
            return TimeRange.ofDates(start.isAfter(today) ? today : start, today, zone);
          };
      default -> {
        Matcher counted = Pattern.compile("([1-9][0-9]{0,3})(d|mo)").matcher(word);
        if (!counted.matches()) {
          throw invalid("\"" + word + "\"");
        }
        int number = Integer.parseInt(counted.group(1));
        yield counted.group(2).equals("d") ? days(number) : months(number);
      }
    };
  }

  private static Period days(int number) {
    return (now, zone, first) -> {
      LocalDate today = LocalDate.ofInstant(now, zone);
      return TimeRange.ofDates(today.minusDays(number - 1L), today, zone);
    };
  }

  private static Period months(int number) {
    return (now, zone, first) -> {
      LocalDate start = LocalDate.ofInstant(now, zone).withDayOfMonth(1).minusMonths(number - 1L);
      return TimeRange.ofDates(start, start.plusMonths(number).minusDays(1), zone);
    };
  }

  private static Period ofEnds(String from, String to) {
    try {
      if (from.length() == 10 && to.length() == 10) {
        LocalDate first = LocalDate.parse(from);
        LocalDate last = LocalDate.parse(to);
        inOrder(!last.isBefore(first), from, to);
        return (now, zone, ignored) -> TimeRange.ofDates(first, last, zone);
      }
      Instant first = OffsetDateTime.parse(from).toInstant();
      // The end is in the range with the whole of its second.
      Instant until = OffsetDateTime.parse(to).toInstant().truncatedTo(ChronoUnit.SECONDS);
      inOrder(!until.isBefore(first.truncatedTo(ChronoUnit.SECONDS)), from, to);
      inYears(first);
      inYears(until);
      return (now, zone, ignored) -> new TimeRange(first, until.plusSeconds(1), zone);
    } catch (DateTimeException e) {
      throw invalid("[\"" + from + "\", \"" + to + "\"]");
    }
  }

  private static void inYears(Instant instant) {
    int year = instant.atOffset(ZoneOffset.UTC).getYear();
    if (year < 1 || year > 9999) {
      throw new DateTimeException("year " + year);
    }
  }

  private static void inOrder(boolean inOrder, String from, String to) {
    if (!inOrder) {
      throw new InvalidQuery(
          "date_range ends before it starts: %s is before %s; turn them round".formatted(to, from));
    }
  }

  private static InvalidQuery invalid(String what) {
    return new InvalidQuery("date_range " + what + " is not known; " + POSSIBLE);
  }
}
