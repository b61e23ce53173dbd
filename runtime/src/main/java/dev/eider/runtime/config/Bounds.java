package dev.eider.runtime.config;

import java.time.Duration;

/** Says in one sentence what is wrong with a setting. */
final class Bounds {

  private Bounds() {}

  static void check(String setting, long value, long least, long most) {
    if (value < least || value > most) {
      throw new ConfigException(
          "%s is %d; it must be between %d and %d".formatted(setting, value, least, most));
    }
  }

  static void check(String setting, Duration value, Duration least, Duration most) {
    if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
      throw new ConfigException(
          "%s is %s; it must be between %s and %s"
              .formatted(setting, text(value), text(least), text(most)));
    }
  }

  private static String text(Duration duration) {
    long millis = duration.toMillis();
    return millis % 1000 == 0 ? millis / 1000 + "s" : millis + "ms";
  }
}
