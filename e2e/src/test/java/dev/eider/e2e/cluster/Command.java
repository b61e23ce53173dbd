package dev.eider.e2e.cluster;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Runs a program as a person would type it. What it prints on stderr goes to ours. */
record Command(Map<String, String> environment, Path directory, Duration patience) {

  /** What a program printed on stdout and the code that it ended with. */
  record Result(int exitCode, String output) {

    String mustSucceed(String... words) {
      if (exitCode != 0) {
        throw new IllegalStateException(
            "`%s` ended with %d; it printed: %s"
                .formatted(String.join(" ", words), exitCode, output));
      }
      return output;
    }
  }

  /** Its stdout; an exit code other than 0 is an error. */
  String output(String... words) {
    return run(List.of(words), "", ProcessBuilder.Redirect.INHERIT).mustSucceed(words);
  }

  /**
   * Its output and its errors, whatever its exit code.
   *
   * @param input what it reads on stdin
   */
  Result trying(String input, String... words) {
    return run(List.of(words), input, ProcessBuilder.Redirect.PIPE);
  }

  private Result run(List<String> words, String input, ProcessBuilder.Redirect errors) {
    ProcessBuilder builder =
        new ProcessBuilder(words).directory(directory.toFile()).redirectError(errors);
    builder.redirectErrorStream(errors == ProcessBuilder.Redirect.PIPE);
    builder.environment().putAll(environment);
    try {
      Process process = builder.start();
      try (OutputStream stdin = process.getOutputStream()) {
        stdin.write(input.getBytes(StandardCharsets.UTF_8));
      }
      // The reader ends when the program does, or when it is ended for having taken too long.
      Thread end = Thread.ofVirtual().start(() -> endAfter(process, patience));
      String output =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      int exitCode = process.waitFor();
      end.interrupt();
      return new Result(exitCode, output);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot run " + Arrays.toString(words.toArray()), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while running " + words, e);
    }
  }

  private static void endAfter(Process process, Duration patience) {
    try {
      if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
        Progress.say(
            "ending %s: it took longer than %s".formatted(process.info().commandLine(), patience));
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
