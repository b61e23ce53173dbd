package dev.eider.runtime.command;

import dev.eider.runtime.config.EngineSettings;
import picocli.CommandLine.Option;

/** Flags that say how much DuckDB may take, for every command that opens a lake. */
final class EngineOptions {

  @Option(
      names = "--memory-limit",
      paramLabel = "SIZE",
      defaultValue = "${env:EIDER_MEMORY_LIMIT:-}",
      description =
          "Memory that DuckDB takes before it spills to disk, such as 512Mi. Default: two fifths of"
              + " the container's, a quarter below 768 MiB.")
  private String memoryLimit = "";

  @Option(
      names = "--threads",
      paramLabel = "N",
      defaultValue = "${env:EIDER_THREADS:-}",
      description = "Threads that DuckDB takes. Default: the container's processors.")
  private String threads = "";

  /** What they say. */
  EngineSettings settings() {
    return EngineSettings.of(memoryLimit, threads);
  }
}
