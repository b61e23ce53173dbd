package dev.eider.runtime.lake;

import dev.eider.runtime.config.FlushSettings;
import dev.eider.runtime.journal.Accepted;
import dev.eider.runtime.journal.Journal;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Joins a journal to the lake: what the journal accepts becomes hot, hot rows are flushed by count,
 * by time and at the end, and the journal is released up to what the lake has.
 *
 * <p>A flush that fails is counted, shown, and tried again after 1 s, 2 s, 4 s and so on, at most a
 * minute apart; its rows stay hot meanwhile.
 */
public final class Flusher implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Flusher.class);

  /** At load, flushes are this far apart: each makes a file that queries have to open. */
  private static final Duration GAP = Duration.ofSeconds(5);

  /** But with this many times as many hot rows as wanted, the gap is not waited for. */
  private static final int PATIENCE = 10;

  /** Events that may wait in Java's heap: few enough that collecting garbage takes a moment. */
  private static final int LOAD_ROWS = 20_000;

  /** Files in {@code recent} from which on settling pays. */
  private static final long SETTLE_FILES = 64;

  private static final Duration LONGEST_BACKOFF = Duration.ofMinutes(1);

  private final Lake lake;
  private final Journal journal;
  private final FlushSettings settings;
  private final Thread thread = Thread.ofPlatform().name("flusher").daemon().unstarted(this::run);
  private final AtomicBoolean settling = new AtomicBoolean();

  /** One flush at a time, whoever asks for it. */
  private final ReentrantLock flushing = new ReentrantLock();

  // Guarded by flushing.
  private long publishedNanos = System.nanoTime() - 2 * GAP.toNanos();

  private volatile FlushFigures figures = FlushFigures.NONE;
  private volatile long oldestHotNanos;
  private volatile boolean stopping;

  // The flusher thread's own.
  private long lastFlushNanos = System.nanoTime() - GAP.toNanos();
  private long retryNanos = System.nanoTime();
  private int failuresInARow;

  private Flusher(Lake lake, Journal journal, FlushSettings settings) {
    this.lake = lake;
    this.journal = journal;
    this.settings = settings;
  }

  /**
   * Gives the journal's events to the lake from now on: those it kept first, then those it accepts.
   * The journal must be open and not started.
   *
   * @throws IOException when the journal cannot be read
   * @throws LakeException when the lake cannot be
   */
  public static Flusher start(Lake lake, Journal journal, FlushSettings settings)
      throws IOException {
    Flusher flusher = new Flusher(lake, journal, settings);
    long mark = lake.own(journal.id(), journal.epoch(), journal::replay);
    flusher.oldestHotNanos = System.nanoTime();
    // Begun first: a long journal is flushed while it is replayed, not held in memory as a whole.
    flusher.thread.start();
    boolean done = false;
    try {
      journal.start(mark, flusher::accept);
      done = true;
      return flusher;
    } finally {
      if (!done) {
        flusher.stop(Duration.ZERO);
      }
    }
  }

  private void accept(List<Accepted> batch) {
    lake.accept(batch);
    long hot = lake.hotRows();
    int waiting = lake.waitingRows();
    if (hot <= batch.size()) {
      oldestHotNanos = System.nanoTime();
      LockSupport.unpark(thread);
    } else if (waiting >= LOAD_ROWS && waiting - batch.size() < LOAD_ROWS
        || hot >= settings.maxEvents() && hot - batch.size() < settings.maxEvents()
        || hot >= PATIENCE * (long) settings.maxEvents()) {
      LockSupport.unpark(thread);
    }
  }

  /**
   * Flushes now, and lets the journal go of what is in the lake.
   *
   * @throws LakeException when it fails; it is tried again later
   */
  public FlushReport flush() {
    return flush(true).flush();
  }

  /**
   * A flush, and what the journal let go of after it.
   *
   * @param segments how many segments
   */
  public record Released(FlushReport flush, int segments) {}

  /**
   * Flushes now.
   *
   * @param release whether the journal lets go at once of what is in the lake; the next flush does
   *     otherwise
   * @throws LakeException when it fails; it is tried again later
   */
  public Released flush(boolean release) {
    flushing.lock();
    try {
      FlushReport report = lake.flush();
      int segments = release && report.mark() > 0 ? journal.release(report.mark()) : 0;
      oldestHotNanos = System.nanoTime();
      figures = figures.with(report, Instant.now());
      if (report.rows() > 0 && System.nanoTime() - publishedNanos > GAP.toNanos()) {
        lake.publish();
        publishedNanos = System.nanoTime();
      }
      return new Released(report, segments);
    } catch (RuntimeException e) {
      figures = figures.withFailure(String.valueOf(e.getMessage()));
      throw e;
    } finally {
      flushing.unlock();
    }
  }

  /** How flushing goes. */
  public FlushFigures figures() {
    return figures;
  }

  private void run() {
    while (!stopping) {
      long wait = untilDue();
      if (wait <= 0) {
        attempt(this::flushAndSettle);
      } else if (lake.waitingRows() >= LOAD_ROWS && System.nanoTime() - retryNanos >= 0) {
        attempt(lake::load);
      } else {
        LockSupport.parkNanos(this, wait);
      }
    }
    if (lake.hotRows() > 0) {
      attempt(this::flushAndSettle);
    }
  }

  /** Nanoseconds until a flush is due; 0 or less when it is. */
  private long untilDue() {
    long hot = lake.hotRows();
    if (hot == 0) {
      return Long.MAX_VALUE;
    }
    long now = System.nanoTime();
    long byTime = oldestHotNanos + settings.interval().toNanos() - now;
    long byCount = Long.MAX_VALUE;
    if (hot >= PATIENCE * (long) settings.maxEvents()) {
      byCount = 0;
    } else if (hot >= settings.maxEvents()) {
      byCount = lastFlushNanos + GAP.toNanos() - now;
    }
    return Math.max(Math.min(byTime, byCount), retryNanos - now);
  }

  private void flushAndSettle() {
    FlushReport report = flush();
    if (failuresInARow > 0) {
      LOG.info("flushing works again: {} rows are in the lake", report.rows());
    }
    failuresInARow = 0;
    lastFlushNanos = System.nanoTime();
    lake.keepCatalog();
    settleWhenDue();
  }

  private void attempt(Runnable step) {
    try {
      step.run();
    } catch (RuntimeException e) {
      failuresInARow++;
      Duration backoff = Duration.ofSeconds(1L << Math.min(failuresInARow - 1, 10));
      if (backoff.compareTo(LONGEST_BACKOFF) > 0) {
        backoff = LONGEST_BACKOFF;
      }
      retryNanos = System.nanoTime() + backoff.toNanos();
      LOG.error(
          "bringing events into the lake failed {} times in a row; {} rows stay hot and are tried again in {} s: {}",
          failuresInARow,
          lake.hotRows(),
          backoff.toSeconds(),
          e.toString());
      if (!(e instanceof LakeException)) {
        // What the lake throws says all in its message; a trace a minute would hide it.
        LOG.error("it was not expected to fail by this", e);
      }
    }
  }

  private void settleWhenDue() {
    if (stopping || lake.recentFiles() < SETTLE_FILES || !settling.compareAndSet(false, true)) {
      return;
    }
    Thread.ofVirtual()
        .name("settle")
        .start(
            () -> {
              try {
                LOG.info("settled, since there were many files: {}", lake.settle(this::step));
              } catch (RuntimeException e) {
                LOG.error("settling failed; compaction tries it again", e);
              } finally {
                settling.set(false);
              }
            });
  }

  private void step(String step) {
    if (stopping) {
      throw new LakeException("the runtime is stopping before: " + step);
    }
  }

  /**
   * Flushes what is hot and ends, within the settings' shutdown timeout. What could not be flushed
   * stays in the journal. Close it after the journal's last append and before journal and lake.
   */
  @Override
  public void close() {
    stop(settings.shutdownTimeout());
  }

  private void stop(Duration within) {
    stopping = true;
    LockSupport.unpark(thread);
    boolean interrupted = false;
    long end = System.nanoTime() + within.toNanos();
    while (thread.isAlive()) {
      long left = end - System.nanoTime();
      if (left <= 0) {
        LOG.warn(
            "{} hot rows were not flushed within {}; the journal has them for the next start",
            lake.hotRows(),
            within);
        break;
      }
      try {
        thread.join(Duration.ofNanos(left));
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
