package dev.eider.runtime.lake;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a view knows of a site's rollups.
 *
 * @param days how it stands with each day, in their order; of the days before the last one, one
 *     that is not here has no settled events
 * @param sums where they are
 * @param unsettled when events happened that are in no file of their day yet: each begins a stretch
 *     of {@link #GRAIN} in which some did
 */
public record RolledUp(List<RolledDay> days, Sums sums, List<Instant> unsettled) {

  /** Nothing is rolled up. */
  public static final RolledUp NOTHING =
      new RolledUp(List.of(), (columns, first, last) -> "", List.of());

  /** Knows where the sums are. */
  @FunctionalInterface
  public interface Sums {
    /**
     * For use in FROM on the view's connection: the site's sums of these days as far as they are
     * summed up, and perhaps of others. DuckDB takes its time with each column and each file, be it
     * read or not.
     *
     * @param columns of {@code rollups} that it must have
     */
    String relation(Set<String> columns, LocalDate first, LocalDate last);

    /** The same of some of them. */
    default String relation(Wanted wanted) {
      return relation(wanted.columns(), wanted.days().first(), wanted.days().last());
    }
  }

  /** Days in a row, both ends among them. */
  public record Days(LocalDate first, LocalDate last) {}

  /**
   * Some sums.
   *
   * @param dimension whose; rows of others may be there, too
   * @param columns of {@code rollups} that are needed
   * @param days whose; rows of others may be there, too
   * @param addable days that need not be told apart: where all days of a month are among them, they
   *     may be added up. Under its first day stand then the sums of all of them, with the
   *     corrections of that day, and under its second the corrections of the others.
   */
  public record Wanted(String dimension, Set<String> columns, Days days, Optional<Days> addable) {

    /** The same of other days. */
    Wanted of(Days others) {
      return new Wanted(dimension, columns, others, addable);
    }
  }

  /** How finely it is known when events happened that are not settled. */
  public static final Duration GRAIN = Duration.ofMinutes(10);

  public RolledUp {
    days = List.copyOf(days);
    unsettled = List.copyOf(unsettled);
  }

  RolledUp with(List<Instant> notSettled) {
    return new RolledUp(days, sums, notSettled);
  }

  /** Whether events that are not settled have an influence on a day's sums. */
  public boolean isUnsettled(RolledDay day) {
    return unsettled.stream()
        .anyMatch(at -> at.plus(GRAIN).isAfter(day.begins()) && !at.isAfter(day.reaches()));
  }
}
