package dev.eider.runtime.stats;

/** A good question that was not answered in time or because the store failed. Status 503. */
public final class StatsUnavailable extends RuntimeException {

  private static final long serialVersionUID = 1;

  /** Says to the asker why, and what to do. */
  public StatsUnavailable(String sentence, Throwable cause) {
    super(sentence, cause);
  }
}
