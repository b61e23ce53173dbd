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
 * <p>A flush takes a bounded number of rows. With more than that waiting, as when more comes in
 * than can be flushed, one follows the other and the journal lets go after each.
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

  /** Files in {@code recent} from which on settling pays. */
  private static final long SETTLE_FILES = 64;

  private final Lake lake;
  private final Journal journal;
  private final FlushSettings settings;
  private final Loader loader;
  private final Thread thread = Thread.ofPlatform().name("flusher").daemon().unstarted(this::run);
  private final AtomicBoolean settling = new AtomicBoolean();

  /** One flush at a time, whoever asks for it. */
  private final ReentrantLock flushing = new ReentrantLock();

  // Guarded by flushing.
  private long publishedNanos = System.nanoTime() - 2 * GAP.toNanos();

  private volatile FlushFigures figures = FlushFigures.NONE;
  private volatile long oldestHotNanos;
  private volatile boolean stopping;

  /** While the journal hands on what it kept: no sender waits, and it can wait for the loading. */
  private volatile boolean starting = true;

  // The flusher thread's own.
  private long lastFlushNanos = System.nanoTime() - GAP.toNanos();
  private final Backoff backoff = new Backoff();

  private Flusher(Lake lake, Journal journal, FlushSettings settings) {
    this.lake = lake;
    this.journal = journal;
    this.settings = settings;
    this.loader = new Loader(lake);
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
    if (journal.firstSeq() > mark + 1) {
      lake.requireNewestCatalog(mark + 1, journal.firstSeq() - 1);
    }
    flusher.oldestHotNanos = System.nanoTime();
    // Begun first: a long journal is flushed while it is replayed, not held in memory as a whole.
    flusher.thread.start();
    flusher.loader.start();
    boolean done = false;
    try {
      journal.start(mark, flusher::accept);
      flusher.starting = false;
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
    if (lake.isLoadDue()) {
      if (starting) {
        loader.help();
      } else {
        loader.wake();
      }
    }
    long hot = lake.hotRows();
    if (hot <= batch.size()) {
      oldestHotNanos = System.nanoTime();
      LockSupport.unpark(thread);
    } else if (hot >= settings.maxEvents() && hot - batch.size() < settings.maxEvents()
        || hot >= PATIENCE * (long) settings.maxEvents()) {
      LockSupport.unpark(thread);
    }
  }

  /**
   * Flushes all that was accepted before the call, and lets the journal go of it.
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
  public record Released(FlushReport flush, int segments) {

    private Released and(Released next) {
      return new Released(flush.and(next.flush), segments + next.segments);
    }
  }

  /**
   * Flushes all that was accepted before the call.
   *
   * @param release whether the journal lets go at once of what is in the lake; the next flush does
   *     otherwise
   * @throws LakeException when it fails; it is tried again later
   */
  public Released flush(boolean release) {
    flushing.lock();
    try {
      long goal = lake.acceptedThrough();
      Released released = flushNext(release);
      while (released.flush().mark() < goal) {
        released = released.and(flushNext(release));
      }
      return released;
    } finally {
      flushing.unlock();
    }
  }

  /** As much as goes in at once. */
  private Released flushNext(boolean release) {
    flushing.lock();
    try {
      long goal = lake.acceptedThrough();
      FlushReport report = lake.flushNext();
      loader.wake();
      int segments = release && report.mark() > 0 ? journal.release(report.mark()) : 0;
      if (report.mark() >= goal) {
        oldestHotNanos = System.nanoTime();
      }
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
        attempt();
      } else {
        LockSupport.parkNanos(this, wait);
      }
    }
    while (lake.hotRows() > 0 && attempt()) {
      // The rest.
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
    return Math.max(Math.min(byTime, byCount), backoff.nanosLeft());
  }

  private void flushAndSettle() {
    FlushReport report = flushNext(true).flush();
    if (backoff.failures() > 0) {
      LOG.info("flushing works again: {} rows are in the lake", report.rows());
    }
    backoff.succeeded();
    lastFlushNanos = System.nanoTime();
    lake.keepCatalog();
    settleWhenDue();
  }

  /** Flushes; answers whether it went well. */
  private boolean attempt() {
    try {
      flushAndSettle();
      return true;
    } catch (FencedException e) {
      // Before more is accepted that would be in no lake.
      journal.giveUp(String.valueOf(e.getMessage()));
      stopping = true;
      return false;
    } catch (RuntimeException e) {
      Duration wait = backoff.failed();
      LOG.error(
          "bringing events into the lake failed {} times in a row; {} rows stay hot and are tried again in {} s: {}",
          backoff.failures(),
          lake.hotRows(),
          wait.toSeconds(),
          e.toString());
      if (!(e instanceof LakeException)) {
        // What the lake throws says all in its message; a trace a minute would hide it.
        LOG.error("it was not expected to fail by this", e);
      }
      return false;
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
    loader.close();
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
