package dev.eider.runtime.config;

import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * How much DuckDB may take, where that is not left to what suits the container.
 *
 * @param memoryLimit bytes before it spills to disk; 64 MiB to 1 TiB
 * @param threads 1 to 1024
 */
public record EngineSettings(OptionalLong memoryLimit, OptionalInt threads) {

  /** What suits the container. */
  public static final EngineSettings DEFAULT =
      new EngineSettings(OptionalLong.empty(), OptionalInt.empty());

  public EngineSettings {
    memoryLimit.ifPresent(bytes -> Bounds.check("memory limit", bytes, 64L << 20, 1L << 40));
    threads.ifPresent(count -> Bounds.check("threads", count, 1, 1024));
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
        threads.isBlank() ? OptionalInt.empty() : OptionalInt.of(number(threads.strip())));
  }

  private static int number(String text) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw new ConfigException("threads is '%s'; it must be a whole number".formatted(text), e);
    }
  }
}
