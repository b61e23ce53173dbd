package dev.eider.runtime.stats;

/** Buckets of time on the site's calendar. */
enum TimeUnit implements Dimension {
  /** Stands for the unit that fits the range. */
  AUTO("time", ""),
  MINUTE("time:minute", "minute"),
  HOUR("time:hour", "hour"),
  DAY("time:day", "day"),
  WEEK("time:week", "week"),
  MONTH("time:month", "month");

  private final String word;
  private final String trunc;

  TimeUnit(String word, String trunc) {
    this.word = word;
    this.trunc = trunc;
  }

  @Override
  public String word() {
    return word;
  }

  @Override
  public String whenEmpty() {
    return "";
  }

  /** Whether a bucket is shorter than a day, and is shown with its time. */
  boolean withTime() {
    return this == MINUTE || this == HOUR;
  }

  /** The local start of a row's bucket, in milliseconds as if local time were UTC. */
  String valueSql(TimeRange range) {
    return bucketSql(ScanSql.localTime(range), range);
  }

  /**
   * The same of any local time or date.
   *
   * @param local an expression
   */
  String bucketSql(String local, TimeRange range) {
    return switch (this) {
      // A week that began before the range is shown from the range's first day on.
      case WEEK ->
          "epoch_ms(greatest(date_trunc('week', %s)::TIMESTAMP, TIMESTAMP '%s 00:00:00'))"
              .formatted(local, range.firstDate());
      case AUTO -> throw new IllegalStateException("the unit of time is not yet known");
      default -> "epoch_ms(date_trunc('" + trunc + "', " + local + ")::TIMESTAMP)";
    };
  }
}
