package dev.eider.e2e.soak;

import dev.eider.e2e.Tally;
import dev.eider.e2e.client.Load;
import dev.eider.e2e.client.Statistics;
import dev.eider.e2e.client.Visitors;
import dev.eider.e2e.errand.OpenTree;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Ends a runtime again and again under load, then asks for every event that was accepted: in the
 * statistics while rows are still in memory and in three tables, and in the open tree by a DuckDB
 * that knows nothing of Eider.
 */
final class Soak {

  private static final int CONNECTIONS = 32;
  private static final int PER_SECOND = 1_000;

  private final Path root;
  private final LocalRuntime runtime;
  private final Random random;

  /**
   * @param seed decides when blows fall
   */
  Soak(Path root, Path home, long seed) throws IOException {
    this.root = root;
    this.runtime = new LocalRuntime(root, home);
    this.random = new Random(seed);
  }

  /**
   * What was done and found.
   *
   * @param kills ends by SIGKILL
   * @param terms ends by SIGTERM, of which {@code hurried} with too short a time to stop
   * @param intoSettles blows that fell shortly after a settle was asked for
   * @param intoCompactions blows that fell shortly after a compaction was asked for
   * @param accepted events answered with 202
   * @param unsure events without an answer, which may be there once or not at all
   * @param inStatistics what is wrong with the statistics before a last settle
   * @param inOpenTree what is wrong with the open tree after it
   * @param secondRefused whether a second process on the same data was refused with a sentence
   * @param journalSound whether {@code eider verify journal} found nothing
   * @param took how long all of it took
   */
  record Report(
      int kills,
      int terms,
      int hurried,
      int intoSettles,
      int intoCompactions,
      int accepted,
      int unsure,
      Tally inStatistics,
      Tally inOpenTree,
      boolean secondRefused,
      boolean journalSound,
      Duration took) {

    boolean isRight() {
      return inStatistics.isRight() && inOpenTree.isRight() && secondRefused && journalSound;
    }
  }

  /**
   * Does it.
   *
   * @param blows how often the process is ended at least
   * @param length how long it goes on at least
   */
  Report run(int blows, Duration length) throws Exception {
    long start = System.nanoTime();
    int kills = 0;
    int terms = 0;
    int hurried = 0;
    int settles = 0;
    int compactions = 0;
    Load load =
        new Load(new Visitors(runtime.url(), LocalRuntime.DOMAIN), Integer.MAX_VALUE, PER_SECOND);
    try (runtime;
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Blow blow = Blow.number(0, random);
      runtime.start(blow.shutdownSeconds());
      Future<?> sending =
          threads.submit(
              () -> {
                load.run(CONNECTIONS, length.plus(Duration.ofHours(1)));
                return load;
              });
      try {
        for (int i = 0; i < blows || System.nanoTime() - start < length.toNanos(); i++) {
          awaitAccepted(load, load.acceptedCount() + 300 + random.nextInt(1200));
          if (!blow.verb().isEmpty()) {
            runtime.ask(blow.verb());
            settles += blow.verb().equals("settle") ? 1 : 0;
            compactions += blow.verb().equals("compact") ? 1 : 0;
          }
          Thread.sleep(blow.pauseMillis());
          runtime.note("blow %d: %s, %d accepted".formatted(i, blow, load.acceptedCount()));
          if (blow.kill()) {
            runtime.kill();
            kills++;
          } else {
            runtime.terminate();
            terms++;
            hurried += blow.shutdownSeconds() == 1 ? 1 : 0;
          }
          blow = Blow.number(i + 1, random);
          runtime.start(blow.shutdownSeconds());
        }
      } finally {
        load.stop();
      }
      sending.get();

      boolean refused = secondIsRefused();
      Statistics statistics =
          new Statistics(runtime.url(), LocalRuntime.DOMAIN, LocalRuntime.TOKEN);
      Tally counted = tally(load, statistics.by("pageviews", "event:page"));
      runtime.complete("flush");
      runtime.complete("settle");
      Tally open = tally(load, openTree());
      boolean sound =
          runtime.eider("verify", "journal", "--data", runtime.data().toString()).code() == 0;
      runtime.terminate();
      return new Report(
          kills,
          terms,
          hurried,
          settles,
          compactions,
          load.acceptedCount(),
          load.unsure().size(),
          counted,
          open,
          refused,
          sound,
          Duration.ofNanos(System.nanoTime() - start));
    }
  }

  private void awaitAccepted(Load load, int count) throws InterruptedException {
    long end = System.nanoTime() + Duration.ofMinutes(2).toNanos();
    while (load.acceptedCount() < count) {
      if (System.nanoTime() > end) {
        throw new SoakException(
            "events are not accepted any more; the end of the log:\n" + runtime.endOfLog());
      }
      Thread.sleep(5);
    }
  }

  private boolean secondIsRefused() throws IOException, InterruptedException {
    LocalRuntime.Ended second =
        runtime.eider(
            "serve",
            "--sites",
            runtime.data().resolveSibling("sites").toString(),
            "--data",
            runtime.data().toString(),
            "--port",
            "0");
    return second.code() == 1 && second.output().contains("in use");
  }

  /** As any tool reads it, in a process of its own. */
  private Map<String, Long> openTree() throws IOException, InterruptedException {
    LocalRuntime.Ended read =
        LocalRuntime.run(
            List.of(
                ProcessHandle.current().info().command().orElseThrow(),
                "-cp",
                root.resolve("e2e/target/test-classes")
                    + ":"
                    + root.resolve("runtime/target/lib/*"),
                OpenTree.class.getName(),
                runtime.data().resolve("open").toString(),
                "pathname"));
    if (read.code() != 0) {
      throw new SoakException("the open tree could not be read:\n" + read.output());
    }
    return OpenTree.counts(read.output());
  }

  private static Tally tally(Load load, Map<String, Long> counted) {
    return Tally.of(load.accepted(), load.unsure(), counted);
  }
}
