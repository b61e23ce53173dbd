package dev.eider.api.v1alpha1;

import java.time.Duration;

/** Durations as specs write them: a whole number and one of s, m, h. */
public final class Durations {

  private Durations() {}

  /**
   * Reads {@code 60s}, {@code 5m} or {@code 1h}.
   *
   * @throws IllegalArgumentException with a sentence for people when {@code text} has another form
   */
  public static Duration parse(String text) {
    if (!text.matches("[1-9][0-9]{0,5}[smh]")) {
      throw new IllegalArgumentException(
          "'" + text + "' is no duration: " + Rules.DURATION_MESSAGE);
    }
    long amount = Long.parseLong(text.substring(0, text.length() - 1));
    return switch (text.charAt(text.length() - 1)) {
      case 's' -> Duration.ofSeconds(amount);
      case 'm' -> Duration.ofMinutes(amount);
      default -> Duration.ofHours(amount);
    };
  }
}
