package dev.eider.runtime.stats;

import dev.eider.runtime.lake.RolledDay;
import dev.eider.runtime.lake.RolledDay.State;
import dev.eider.runtime.lake.RolledUp;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A range of time in parts: days in a row whose sums are read, and what lies before and after them,
 * which is read from rows.
 *
 * <p>Where the sums end and rows begin visits go on. So the last summed day is read from rows as
 * well, together with what comes after it, and its own sums are taken off again: what is left is
 * what came after, less what its visits have counted for already. Where the visits that go on are
 * at hand ({@link GoingOn}), of that day only their rows are read, and what these bring to it by
 * themselves is taken off. By {@code time:day} and {@code time:hour} each day is for itself, and
 * nothing is read twice; nor is it where no visit goes on.
 *
 * @param first the first day whose sums are read
 * @param last the last one
 * @param unit of time that sums are added up by
 * @param joinsBefore whether all rows of the first day are read as well
 * @param joinsAfter whether all rows of the last day are
 * @param pieces what is read from rows
 * @param apart whether visits in three days count once a day
 */
record RolledRange(
    LocalDate first,
    LocalDate last,
    Optional<TimeUnit> unit,
    boolean joinsBefore,
    boolean joinsAfter,
    List<Piece> pieces,
    boolean apart) {

  /** Sums of fewer days save less than they cost. */
  private static final int FEWEST = 2;

  /** How far rows may lie outside of the day that is written on them, after a change of zones. */
  private static final int STRAY_DAYS = 2;

  /** Which rows of a stretch are read. */
  sealed interface Rows {

    /** All. */
    record All() implements Rows {}

    /**
     * All from an instant on, and before it those of visits that go on over it.
     *
     * @param over a relation with all rows of these visits
     */
    record WithGoingOn(Instant at, String over) implements Rows {}

    /** Only those of the visits that go on, to be taken off. */
    record GoingOnAlone(String over) implements Rows {}
  }

  /**
   * A stretch that is read from rows.
   *
   * @param readFrom from when on its visits are; empty where that is not known
   * @param readUntil until when they are
   */
  record Piece(
      TimeRange range, Optional<Instant> readFrom, Optional<Instant> readUntil, Rows rows) {

    /** The instant over which visits go on whose rows before it are here as well. */
    Optional<Instant> goesOnAt() {
      return rows instanceof Rows.WithGoingOn(Instant at, String ignored)
          ? Optional.of(at)
          : Optional.empty();
    }

    /** Whether it is taken off. */
    boolean isTakenOff() {
      return rows instanceof Rows.GoingOnAlone;
    }

    /**
     * What is read for it of a site's events.
     *
     * @param events all of them
     * @param columns of {@code events} that are read
     */
    Source source(Source events, Set<String> columns) {
      return switch (rows) {
        case Rows.All() -> events;
        case Rows.GoingOnAlone(String over) -> Source.of(over);
        case Rows.WithGoingOn(Instant at, String over) -> {
          Set<String> all = new LinkedHashSet<>(columns);
          all.addAll(VisitSql.COLUMNS);
          yield (from, until) ->
              "(SELECT %1$s FROM %2$s UNION ALL SELECT %1$s FROM %3$s)"
                  .formatted(
                      String.join(", ", all),
                      events.within(from.isBefore(at) ? at : from, until),
                      Source.of(over).within(from, until.isBefore(at) ? until : at));
        }
      };
    }
  }

  /**
   * How often a row of sums counts, of {@code date} and {@code correction}: those of a day whose
   * rows are read as well do not, or are taken off where rows are read at both of its ends.
   */
  String factor() {
    StringBuilder times = new StringBuilder("1");
    if (joinsBefore) {
      times.append(" - (date = DATE '%s')::INTEGER".formatted(first));
    }
    if (joinsAfter) {
      times.append(" - (date = DATE '%s')::INTEGER".formatted(last));
    }
    return "CASE WHEN correction THEN (%s)::INTEGER ELSE %s END".formatted(linked(), times);
  }

  /** Whether visits that began the day before are in the same bucket with that. */
  private String linked() {
    String later = "date <> DATE '" + first + "'";
    return unit.map(
            asked ->
                switch (asked) {
                  case WEEK -> later + " AND isodow(date) <> 1";
                  case MONTH -> later + " AND day(date) <> 1";
                  case DAY, HOUR, MINUTE -> "false";
                  case AUTO -> throw new IllegalStateException("the unit of time is not yet known");
                })
        .orElse(later);
  }

  /** A condition of rows of sums: their days. */
  private String within() {
    return "date BETWEEN DATE '%s' AND DATE '%s'".formatted(first, last);
  }

  /**
   * For FROM: rows of sums, with some columns.
   *
   * @param dimension whose
   * @param columns beside those that tell which rows are meant
   */
  String rows(RolledUp.Sums sums, String dimension, Set<String> columns) {
    Set<String> all = new LinkedHashSet<>(columns);
    all.addAll(List.of("date", "dimension"));
    return "(FROM %s WHERE dimension = '%s' AND %s)"
        .formatted(
            sums.relation(
                new RolledUp.Wanted(dimension, all, new RolledUp.Days(first, last), addable())),
            dimension,
            within());
  }

  /** Days whose rows of sums all have the same {@link #factor} and bucket as others of a month. */
  private Optional<RolledUp.Days> addable() {
    return unit.isEmpty() || unit.get() == TimeUnit.MONTH
        ? Optional.of(
            new RolledUp.Days(
                joinsBefore ? first.plusDays(1) : first, joinsAfter ? last.minusDays(1) : last))
        : Optional.empty();
  }

  /** The currencies that the days brought money in. */
  Sql currencies(RolledUp.Sums sums) {
    return Sql.of(
        "SELECT DISTINCT currency FROM %s WHERE currency <> ''"
            .formatted(rows(sums, "", Set.of("currency"))));
  }

  /** Whether rows of some day of a range were removed. */
  static boolean isPruned(RolledUp rolledUp, TimeRange range) {
    return rolledUp.days().stream()
        .anyMatch(
            day ->
                day.isPruned()
                    && !day.date().isBefore(range.firstDate())
                    && !day.date().isAfter(range.lastDate()));
  }

  /** The last day whose rows were removed. */
  static Optional<LocalDate> prunedUntil(RolledUp rolledUp) {
    return rolledUp.days().stream()
        .filter(RolledDay::isPruned)
        .map(RolledDay::date)
        .max(LocalDate::compareTo);
  }

  /** The last day whose rows were removed, and whose sums, too. */
  static Optional<LocalDate> unknownUntil(RolledUp rolledUp) {
    return rolledUp.days().stream()
        .filter(day -> day.isPruned() && !day.isSummed())
        .map(RolledDay::date)
        .max(LocalDate::compareTo);
  }

  /** The last day whose rows were removed, and whose hours no sums tell. */
  static Optional<LocalDate> hoursUnknownUntil(RolledUp rolledUp) {
    return rolledUp.days().stream()
        .filter(RolledDay::isPruned)
        .filter(day -> !day.isSummed() || !DaySums.has(day.contents(), Set.of(DaySums.HOURS)))
        .map(RolledDay::date)
        .max(LocalDate::compareTo);
  }

  /**
   * Cuts a range up; empty where it has no days that are worth it.
   *
   * @param settings what the days must have been summed up by
   * @param missing rows that cannot be read
   * @param goingOn visits that go on over the end of the last day
   */
  static Optional<RolledRange> of(
      TimeRange range,
      RolledShape shape,
      RolledUp rolledUp,
      String settings,
      List<MissingRows> missing,
      GoingOn goingOn) {
    return rolledUp.days().isEmpty()
        ? Optional.empty()
        : new Cutting(range, shape, rolledUp, settings, missing, goingOn).cut();
  }

  /** The work. */
  private static final class Cutting {

    private final TimeRange range;
    private final RolledShape shape;
    private final RolledUp rolledUp;
    private final String settings;
    private final List<MissingRows> missing;
    private final GoingOn goingOn;
    private final Map<LocalDate, RolledDay> known = new HashMap<>();
    private final boolean pruned;

    Cutting(
        TimeRange range,
        RolledShape shape,
        RolledUp rolledUp,
        String settings,
        List<MissingRows> missing,
        GoingOn goingOn) {
      this.range = range;
      this.shape = shape;
      this.rolledUp = rolledUp;
      this.settings = settings;
      this.missing = missing;
      this.goingOn = goingOn;
      rolledUp.days().forEach(day -> known.put(day.date(), day));
      pruned = isPruned(rolledUp, range);
    }

    Optional<RolledRange> cut() {
      LocalDate first = range.firstDate();
      if (start(first).isBefore(range.from())) {
        first = first.plusDays(1);
      }
      LocalDate last = range.lastDate();
      if (start(last.plusDays(1)).isAfter(range.until())) {
        last = last.minusDays(1);
      }
      LocalDate frontier = rolledUp.days().getLast().date();
      if (last.isAfter(frontier)) {
        last = frontier;
      }
      Optional<LocalDate> prunedUntil = pruned ? prunedUntil(rolledUp) : Optional.empty();
      List<List<LocalDate>> runs = runs(first, last);
      // No row of a day that is not summed may be missing: then all that is gone is in the first
      // run.
      List<LocalDate> best =
          runs.stream()
              .filter(run -> !pruned || !beforeOf(run))
              .max(Comparator.comparingInt(List::size))
              .map(this::joinable)
              .orElse(List.of());
      if (best.isEmpty() || !pruned && !isCut(best) && best.size() < FEWEST + joins(best)) {
        return Optional.empty();
      }
      if (prunedUntil.filter(day -> best.getLast().isBefore(lastPruned(day))).isPresent()) {
        return Optional.empty();
      }
      return Optional.of(
          new RolledRange(
              best.getFirst(),
              best.getLast(),
              shape.unit(),
              joinsBefore(best),
              joinsAfter(best),
              pieces(best),
              best.stream().map(known::get).anyMatch(day -> day != null && day.isApart())));
    }

    /** Whether sums say more of a day than is left of its rows. */
    private boolean isCut(List<LocalDate> run) {
      return run.stream().map(known::get).anyMatch(day -> day != null && day.state() == State.CUT);
    }

    private LocalDate lastPruned(LocalDate pruned) {
      return pruned.isAfter(range.lastDate()) ? range.lastDate() : pruned;
    }

    /** Days in a row that can be used. */
    private List<List<LocalDate>> runs(LocalDate first, LocalDate last) {
      List<List<LocalDate>> runs = new ArrayList<>();
      List<LocalDate> run = new ArrayList<>();
      for (LocalDate date = first; !date.isAfter(last); date = date.plusDays(1)) {
        if (isUsable(date)) {
          run.add(date);
        } else if (!run.isEmpty()) {
          runs.add(run);
          run = new ArrayList<>();
        }
      }
      if (!run.isEmpty()) {
        runs.add(run);
      }
      return runs;
    }

    /** Without days at the ends whose rows do not say the same as their sums. */
    private List<LocalDate> joinable(List<LocalDate> run) {
      List<LocalDate> left = new ArrayList<>(run);
      while (!left.isEmpty() && goesOnAfter(left) && !hasRows(left.getLast())) {
        left.removeLast();
      }
      while (!left.isEmpty() && cameBefore(left) && !hasRows(left.getFirst())) {
        left.removeFirst();
      }
      return left;
    }

    private boolean hasRows(LocalDate date) {
      RolledDay day = known.get(date);
      return day == null || day.state() == State.BUILT;
    }

    /** Whether something of the range lies before the days. */
    private boolean beforeOf(List<LocalDate> run) {
      return range.from().isBefore(start(run.getFirst()));
    }

    private boolean afterOf(List<LocalDate> run) {
      return range.until().isAfter(start(run.getLast().plusDays(1)));
    }

    /** Whether visits of the last day go on after it, in what is read from rows. */
    private boolean goesOnAfter(List<LocalDate> run) {
      RolledDay day = known.get(run.getLast());
      return afterOf(run) && day != null && day.reaches().isAfter(day.until().plus(DaySums.SLACK));
    }

    /** Whether visits of the first day began before it, in what is read from rows. */
    private boolean cameBefore(List<LocalDate> run) {
      RolledDay day = known.get(run.getFirst());
      return beforeOf(run) && day != null && day.begins().isBefore(day.from().minus(DaySums.SLACK));
    }

    /** Whether all rows of the last day are read as well. */
    private boolean joinsAfter(List<LocalDate> run) {
      return !shape.byDay() && goesOnAfter(run) && over(run).isEmpty();
    }

    /** The visits that go on over the end of the last day, if that is enough to be read of it. */
    private Optional<String> over(List<LocalDate> run) {
      return shape.byDay() || !goesOnAfter(run)
          ? Optional.empty()
          : goingOn.over(start(run.getLast().plusDays(1)));
    }

    private boolean joinsBefore(List<LocalDate> run) {
      return !shape.byDay() && cameBefore(run);
    }

    private int joins(List<LocalDate> run) {
      return (joinsBefore(run) ? 1 : 0) + (joinsAfter(run) ? 1 : 0);
    }

    private boolean isUsable(LocalDate date) {
      RolledDay day = known.get(date);
      if (day == null) {
        return isEmpty(date);
      }
      if (!day.isSummed()
          || !DaySums.has(day.contents(), shape.needed())
          || !day.from().equals(start(date))
          || !day.until().equals(start(date.plusDays(1)))) {
        return false;
      }
      if (day.isApart() && !pruned && day.state() == State.BUILT) {
        // Its rows say more of visits in three days.
        return false;
      }
      // Rows that are gone cannot be summed up by other settings, and none that comes late stays.
      return day.isPruned() || day.settings().equals(settings) && !rolledUp.isUnsettled(day);
    }

    /** Whether nothing at all happened on a day that nothing is known of. */
    private boolean isEmpty(LocalDate date) {
      boolean stray =
          Stream.iterate(date.minusDays(STRAY_DAYS), at -> at.plusDays(1))
              .limit(2L * STRAY_DAYS + 1)
              .map(known::get)
              // Days of another calendar have rows elsewhere than their dates say.
              .anyMatch(
                  day -> day != null && (!day.isSummed() || !day.from().equals(start(day.date()))));
      Instant from = start(date);
      Instant until = start(date.plusDays(1));
      return !stray
          && missing.stream().noneMatch(rows -> rows.touches(date, date))
          && rolledUp.unsettled().stream()
              .noneMatch(at -> at.plus(RolledUp.GRAIN).isAfter(from) && at.isBefore(until));
    }

    private List<Piece> pieces(List<LocalDate> run) {
      List<Piece> pieces = new ArrayList<>();
      LocalDate first = run.getFirst();
      LocalDate last = run.getLast();
      if (beforeOf(run)) {
        Instant until = start(joinsBefore(run) ? first.plusDays(1) : first);
        pieces.add(
            new Piece(
                new TimeRange(range.from(), until, range.zone()),
                Optional.empty(),
                Optional.of(cameBefore(run) ? known.get(first).reaches() : until),
                new Rows.All()));
      }
      if (afterOf(run)) {
        pieces.addAll(after(run, last));
      }
      return List.copyOf(pieces);
    }

    private List<Piece> after(List<LocalDate> run, LocalDate last) {
      Instant end = start(last.plusDays(1));
      Optional<String> over = over(run);
      if (over.isEmpty()) {
        Instant from = joinsAfter(run) ? start(last) : end;
        return List.of(
            new Piece(
                new TimeRange(from, range.until(), range.zone()),
                Optional.of(goesOnAfter(run) ? known.get(last).begins() : from),
                Optional.empty(),
                new Rows.All()));
      }
      RolledDay day = known.get(last);
      return List.of(
          new Piece(
              new TimeRange(start(last), range.until(), range.zone()),
              Optional.of(day.begins()),
              Optional.empty(),
              new Rows.WithGoingOn(end, over.get())),
          new Piece(
              new TimeRange(start(last), end, range.zone()),
              Optional.of(day.begins()),
              Optional.of(day.reaches()),
              new Rows.GoingOnAlone(over.get())));
    }

    private Instant start(LocalDate date) {
      return date.atStartOfDay(range.zone()).toInstant();
    }
  }
}
