package dev.eider.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Answers that take a file, where none can be written, as on a volume that became read-only. */
final class NoScratchTest {

  @TempDir private Path folder;

  @Test
  void whoAsksIsToldAndTheLogHasWhy() throws Exception {
    ARuntime.declare(folder, ARuntime.BLOG);
    try (ARuntime runtime = ARuntime.in(folder)) {
      runtime.view("/");
      assertThat(runtime.row("SELECT count(*) FROM events")).isEqualTo("1");
      Path scratch = folder.resolve("data/tmp/sql");
      Files.deleteIfExists(scratch);
      Files.writeString(scratch, "no folder");

      var answer = runtime.sql("SELECT count(*) FROM events");
      assertThat(answer.statusCode()).isEqualTo(503);
      assertThat(answer.body())
          .contains(
              "a file that answering this takes could not be written; the log has it under request id ")
          .doesNotContain(folder.toString());
    }
  }
}
