package dev.eider.runtime.config;

/**
 * A token bucket: what may come in the long run, and what may come at once.
 *
 * @param eventsPerSecond tokens that come back each second; 1 to 1,000,000
 * @param burst tokens that the full bucket holds; {@code eventsPerSecond} to 10,000,000
 */
public record RateLimit(int eventsPerSecond, int burst) {

  /** A bucket holds so many seconds' worth where only the rate is said. */
  public static final int BURST_SECONDS = 4;

  private static final int MOST_A_SECOND = 1_000_000;
  private static final int LARGEST_BURST = 10_000_000;

  public RateLimit {
    Bounds.check("eventsPerSecond", eventsPerSecond, 1, MOST_A_SECOND);
    Bounds.check("burst", burst, eventsPerSecond, LARGEST_BURST);
  }

  /** With a bucket for {@link #BURST_SECONDS} seconds. */
  public static RateLimit of(int eventsPerSecond) {
    Bounds.check("eventsPerSecond", eventsPerSecond, 1, MOST_A_SECOND);
    return new RateLimit(eventsPerSecond, eventsPerSecond * BURST_SECONDS);
  }
}
