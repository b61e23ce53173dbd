package dev.eider.e2e.cluster;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.format.DateTimeFormatter;

/**
 * Says on stdout what goes on: tests on a cluster take minutes, and nobody likes to stare at
 * nothing.
 */
public final class Progress {
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss");

  private Progress() {}

  /** A step that may fail. */
  @FunctionalInterface
  public interface Step<T, E extends Exception> {
    /** Does it. */
    T run() throws E;
  }

  /** Runs a step and says what it was and how long it took. */
  public static <T, E extends Exception> T step(String what, Step<T, E> step) throws E {
    Instant began = Instant.now();
    say(what + " …");
    boolean done = false;
    try {
      T result = step.run();
      done = true;
      return result;
    } finally {
      Duration took = Duration.between(began, Instant.now());
      say(
          "%s: %s %.1f s"
              .formatted(what, done ? "took" : "FAILED after", took.toMillis() / 1000.0));
    }
  }

  /** As {@link #step}, for what has no result. */
  public static void run(String what, Runnable step) {
    step(
        what,
        () -> {
          step.run();
          return what;
        });
  }

  /** Says one thing. */
  public static void say(String what) {
    System.out.println("[e2e " + LocalTime.now().format(TIME) + "] " + what);
  }
}
