package dev.eider.runtime.lake;

import java.time.Instant;
import java.time.LocalDate;
import java.util.Locale;

/**
 * How it stands with the rollups of a site's day.
 *
 * @param date the day
 * @param state whether its sums can be used
 * @param build which rows of {@code rollups} are the day's
 * @param from when the day began, on the site's calendar of then
 * @param until when it ended
 * @param begins events before this have no influence on its sums
 * @param reaches events after this have none
 * @param settings {@link Rollups.Site#settings} of then
 * @param contents {@link Rollups#contents} of then, {@link #APART} and {@link #ERASED}
 */
public record RolledDay(
    LocalDate date,
    State state,
    long build,
    Instant from,
    Instant until,
    Instant begins,
    Instant reaches,
    String settings,
    String contents) {

  /** What is said beside the contents of a day of which visits are in three days. */
  public static final String APART = " apart";

  /** What is said beside those of a day of whose archived rows some were erased. */
  static final String ERASED = " erased";

  /** What is said beside those of a day that is unfit. */
  static final String STRAYS = " strays";

  /** For SQL: contents without that. */
  static String bare(String contents) {
    return "replace(replace(%s, '%s', ''), '%s', '')".formatted(contents, APART, STRAYS);
  }

  /** What the sums of a day are worth. */
  public enum State {
    /** They are those of its rows. */
    BUILT,
    /** Its rows are others now. */
    CHANGED,
    /** It cannot be summed up: rows bear another date, after a change of zones. */
    UNFIT,
    /** They are right, but retention cut off the beginning of visits in its rows. */
    CUT,
    /** They are right; its rows are gone. */
    KEPT,
    /** Its rows are gone, and there are no sums of them. */
    GONE;

    /** As it is stored. */
    String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    static State of(String word) {
      return valueOf(word.toUpperCase(Locale.ROOT));
    }
  }

  /** Whether its sums are right. */
  public boolean isSummed() {
    return state == State.BUILT || state == State.CUT || state == State.KEPT;
  }

  /** Whether its sums know of visits in three days only what these were on each. */
  public boolean isApart() {
    return (contents + " ").contains(APART + " ");
  }

  /** Whether its rows are there no more. */
  public boolean isPruned() {
    return state == State.KEPT || state == State.GONE;
  }
}
