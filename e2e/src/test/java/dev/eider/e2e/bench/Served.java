package dev.eider.e2e.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A server as a process of its own, on a port that it chose and printed. */
final class Served implements AutoCloseable {

  private static final Pattern LISTENS =
      Pattern.compile("listens on http://127\\.0\\.0\\.1:(\\d+)");

  private final Process process;
  private final int port;
  private final Duration toListening;

  private Served(Process process, int port, Duration toListening) {
    this.process = process;
    this.port = port;
    this.toListening = toListening;
  }

  /** Starts it and waits until it says where it listens. */
  static Served start(List<String> command, Map<String, String> environment, Path log)
      throws IOException {
    long start = System.nanoTime();
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(environment);
    Process process = builder.start();
    List<String> lines = new ArrayList<>();
    BufferedReader output = process.inputReader();
    for (String line = output.readLine(); line != null; line = output.readLine()) {
      lines.add(line);
      Matcher matcher = LISTENS.matcher(line);
      if (matcher.find()) {
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        drain(output, log);
        return new Served(process, Integer.parseInt(matcher.group(1)), took);
      }
    }
    throw new BenchException(
        "%s did not start:%n%s".formatted(command.getFirst(), String.join("\n", lines)));
  }

  private static void drain(BufferedReader output, Path log) {
    Thread.ofVirtual()
        .start(
            () -> {
              try (var file = Files.newBufferedWriter(log)) {
                output.transferTo(file);
              } catch (IOException e) {
                // Ending a process closes what it writes to, so this is how most logs end.
              }
            });
  }

  int port() {
    return port;
  }

  /** From its start until it listened. */
  Duration toListening() {
    return toListening;
  }

  /** Memory in use, in MiB. */
  long residentMib() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/" + process.pid() + "/status"))) {
      if (line.startsWith("VmRSS:")) {
        return Long.parseLong(line.replaceAll("\\D", "")) / 1024;
      }
    }
    throw new BenchException("/proc says nothing of the memory of process " + process.pid());
  }

  /** Processor time used so far. */
  Duration cpu() {
    return process.info().totalCpuDuration().orElse(Duration.ZERO);
  }

  /** Ends it in good order. */
  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(60, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new BenchException("process " + process.pid() + " did not end in 60 s");
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
