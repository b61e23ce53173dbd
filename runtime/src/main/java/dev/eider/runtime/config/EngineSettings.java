package dev.eider.runtime.config;

import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * How much DuckDB may take, where that is not left to what suits the container.
 *
 * @param memoryLimit bytes before it spills to disk; 64 MiB to 1 TiB
 * @param threads 1 to 1024
 * @param answers most bytes of answers that are kept in Java's memory; 0, which keeps none, to 16
 *     GiB
 */
public record EngineSettings(OptionalLong memoryLimit, OptionalInt threads, long answers) {

  private static final long USUAL_ANSWERS = 16L << 20;

  /** What suits the container. */
  public static final EngineSettings DEFAULT =
      new EngineSettings(OptionalLong.empty(), OptionalInt.empty(), USUAL_ANSWERS);

  public EngineSettings {
    memoryLimit.ifPresent(bytes -> Bounds.check("memory limit", bytes, 64L << 20, 1L << 40));
    threads.ifPresent(count -> Bounds.check("threads", count, 1, 1024));
    Bounds.check("stats cache", answers, 0, 16L << 30);
  }

  /**
   * Reads flags or variables.
   *
   * @param memoryLimit a size such as 512Mi; empty for what suits
   * @param threads a number; empty for what suits
   * @throws ConfigException when one cannot be used
   */
  public static EngineSettings of(String memoryLimit, String threads) {
    return new EngineSettings(
        memoryLimit.isBlank()
            ? OptionalLong.empty()
            : OptionalLong.of(Manifests.bytes(memoryLimit.strip())),
        threads.isBlank() ? OptionalInt.empty() : OptionalInt.of(number(threads.strip())),
        USUAL_ANSWERS);
  }

  /** The same with more or fewer answers kept; a size such as 64Mi, empty for the usual. */
  public EngineSettings withAnswers(String size) {
    return new EngineSettings(
        memoryLimit,
        threads,
        size.isBlank()
            ? USUAL_ANSWERS
            : size.strip().equals("0") ? 0 : Manifests.bytes(size.strip()));
  }

  private static int number(String text) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw new ConfigException("threads is '%s'; it must be a whole number".formatted(text), e);
    }
  }
}
