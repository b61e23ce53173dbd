package dev.eider.operator.schedule;

import java.time.LocalDateTime;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Five cron fields, read as the Kubernetes CronJob controller reads them: when both days are
 * restricted either may match; a time that a change to summer time skips is skipped.
 */
public final class CronSchedule {

  /** Past this a schedule is taken to name a day that never comes. */
  private static final int YEARS = 8;

  private static final List<String> MONTHS =
      List.of("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec");
  private static final List<String> WEEKDAYS =
      List.of("sun", "mon", "tue", "wed", "thu", "fri", "sat");

  private final BitSet minutes;
  private final BitSet hours;
  private final BitSet days;
  private final BitSet months;
  private final BitSet weekdays;
  private final boolean anyDay;
  private final boolean anyWeekday;

  private CronSchedule(List<String> fields) {
    minutes = field("minute", fields.get(0), 0, 59, List.of());
    hours = field("hour", fields.get(1), 0, 23, List.of());
    days = field("day of month", fields.get(2), 1, 31, List.of());
    months = field("month", fields.get(3), 1, 12, MONTHS);
    weekdays = field("day of week", fields.get(4), 0, 6, WEEKDAYS);
    anyDay = isAny(fields.get(2));
    anyWeekday = isAny(fields.get(4));
  }

  /**
   * Reads a schedule.
   *
   * @throws IllegalArgumentException with a sentence for people when it is not one
   */
  public static CronSchedule parse(String text) {
    List<String> fields = List.of(text.strip().split("\\s+"));
    if (fields.size() != 5) {
      throw new IllegalArgumentException(
          "the schedule '%s' has %d fields; write five: minute hour day-of-month month day-of-week"
              .formatted(text, fields.size()));
    }
    try {
      return new CronSchedule(fields);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "the schedule '%s' cannot be used: %s".formatted(text, e.getMessage()), e);
    }
  }

  /** The first time after {@code time}; empty when it never comes. */
  public Optional<ZonedDateTime> next(ZonedDateTime time) {
    LocalDateTime candidate = time.toLocalDateTime().truncatedTo(ChronoUnit.MINUTES).plusMinutes(1);
    LocalDateTime end = candidate.plusYears(YEARS);
    while (candidate.isBefore(end)) {
      if (!months.get(candidate.getMonthValue())) {
        candidate = candidate.withDayOfMonth(1).truncatedTo(ChronoUnit.DAYS).plusMonths(1);
      } else if (!dayMatches(candidate)) {
        candidate = candidate.truncatedTo(ChronoUnit.DAYS).plusDays(1);
      } else if (!hours.get(candidate.getHour())) {
        candidate = candidate.truncatedTo(ChronoUnit.HOURS).plusHours(1);
      } else if (!minutes.get(candidate.getMinute())) {
        candidate = candidate.plusMinutes(1);
      } else {
        ZonedDateTime found = candidate.atZone(time.getZone());
        if (found.toLocalDateTime().equals(candidate) && found.isAfter(time)) {
          return Optional.of(found);
        }
        candidate = candidate.plusMinutes(1);
      }
    }
    return Optional.empty();
  }

  /** A star with a step restricts, as it does in Kubernetes. */
  private static boolean isAny(String field) {
    return List.of(field.split(",", -1)).stream()
        .anyMatch(part -> part.equals("*") || part.equals("*/1"));
  }

  private boolean dayMatches(LocalDateTime time) {
    boolean day = days.get(time.getDayOfMonth());
    boolean weekday = weekdays.get(time.getDayOfWeek().getValue() % 7);
    return anyDay || anyWeekday ? day && weekday : day || weekday;
  }

  private static BitSet field(String what, String text, int least, int most, List<String> names) {
    BitSet values = new BitSet();
    for (String part : text.split(",", -1)) {
      String[] range = part.split("/", -1);
      if (range.length > 2) {
        throw new IllegalArgumentException("'%s' has more than one step".formatted(part));
      }
      int step = range.length == 2 ? number(what, range[1], 1, most, List.of(), 0) : 1;
      int from = least;
      int to = most;
      if (!range[0].equals("*")) {
        String[] ends = range[0].split("-", -1);
        from = number(what, ends[0], least, most, names, least);
        // "5/15" means from 5 on, as in Kubernetes; "5" means 5 alone.
        to = ends.length > 1 ? number(what, ends[1], least, most, names, least) : from;
        to = ends.length == 1 && range.length == 2 ? most : to;
        if (ends.length > 2 || to < from) {
          throw new IllegalArgumentException(
              "the %s range '%s' ends before it begins".formatted(what, range[0]));
        }
      }
      for (int value = from; value <= to; value += step) {
        values.set(value);
      }
    }
    return values;
  }

  private static int number(
      String what, String text, int least, int most, List<String> names, int firstName) {
    int named = names.indexOf(text.toLowerCase(Locale.ROOT));
    if (named >= 0) {
      return named + firstName;
    }
    if (text.matches("[0-9]{1,2}")) {
      int number = Integer.parseInt(text);
      if (number >= least && number <= most) {
        return number;
      }
    }
    throw new IllegalArgumentException(
        "the %s '%s' is not between %d and %d".formatted(what, text, least, most));
  }
}
