package dev.eider.runtime.config;

import java.time.Duration;
import java.util.Collection;
import java.util.function.Supplier;

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

  /** Counts characters as people do, not as Java does. */
  static void checkLength(String setting, String value, int least, int most) {
    int length = value.codePointCount(0, value.length());
    if (length < least || length > most) {
      throw new ConfigException(
          "%s has %d characters; it must have between %d and %d"
              .formatted(setting, length, least, most));
    }
  }

  static void checkSize(String setting, Collection<?> values, int least, int most) {
    if (values.size() < least || values.size() > most) {
      throw new ConfigException(
          "%s has %d items; it must have between %d and %d"
              .formatted(setting, values.size(), least, most));
    }
  }

  /** Reads a value; says which setting it is of where it is wrong. */
  static <T> T in(String setting, Supplier<T> reading) {
    try {
      return reading.get();
    } catch (ConfigException e) {
      throw new ConfigException("%s: %s".formatted(setting, e.getMessage()), e);
    }
  }

  private static String text(Duration duration) {
    long millis = duration.toMillis();
    return millis % 1000 == 0 ? millis / 1000 + "s" : millis + "ms";
  }
}
