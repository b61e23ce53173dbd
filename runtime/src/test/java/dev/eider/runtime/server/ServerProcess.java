package dev.eider.runtime.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/** One server that runs, and ends with this JVM at the latest. */
final class ServerProcess implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Process process;
  private final Path log;
  private final Thread atExit;

  private ServerProcess(Process process, Path log) {
    this.process = process;
    this.log = log;
    this.atExit = new Thread(process::destroyForcibly);
    Runtime.getRuntime().addShutdownHook(atExit);
  }

  /** Starts a command and returns when it is ready. */
  static ServerProcess start(
      List<String> command, Map<String, String> environment, Path log, BooleanSupplier ready)
      throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    builder.environment().putAll(environment);
    ServerProcess server = new ServerProcess(builder.start(), log);
    try {
      Awaitility.await()
          .pollInterval(Duration.ofMillis(20))
          .atMost(PATIENCE)
          .until(() -> !server.process.isAlive() || ready.getAsBoolean());
    } catch (ConditionTimeoutException e) {
      server.close();
      throw new IOException("%s did not become ready:%n%s".formatted(command, server.said()), e);
    }
    if (!server.process.isAlive()) {
      server.close();
      throw new IOException("%s ended at once:%n%s".formatted(command, server.said()));
    }
    return server;
  }

  /** What it printed, which holds no secret: those go by the environment. */
  private String said() throws IOException {
    return Files.readString(log);
  }

  /** Sends a signal, INT or QUIT for instance, and returns when the process has ended. */
  void end(String signal) throws IOException {
    try {
      Command.run(List.of("kill", "-" + signal, Long.toString(process.pid())), Map.of());
    } catch (IOException e) {
      if (process.isAlive()) {
        throw e;
      }
    }
    close();
  }

  /** Ends it, kindly or, when that takes too long, not. */
  @Override
  public void close() {
    try {
      process.destroy();
      if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
      Runtime.getRuntime().removeShutdownHook(atExit);
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    } catch (IllegalStateException e) {
      // This JVM is ending, and the hook does the same.
      process.destroyForcibly();
    }
  }
}
