package dev.eider.runtime.lake;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The newest {@link Point}, and the ones that open views still look at. A generation can go when no
 * point needs it any more, a snapshot when none pins it.
 */
final class Points {

  private static final Logger LOG = LoggerFactory.getLogger(Points.class);

  /** How long questions that are under way may take; what takes longer has to be asked again. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** An open view's hold on a point. */
  record Pin(Point point, Instant since) {}

  private final InstantSource clock;
  private final Map<Pin, Pin> pins = new IdentityHashMap<>();
  private final List<Generation> retired = new ArrayList<>();
  private Set<Long> expiring = Set.of();
  private Point now = Point.NONE;

  Points(InstantSource clock) {
    this.clock = clock;
  }

  synchronized Point now() {
    return now;
  }

  /** Starts over on what an engine found: no hot rows yet. */
  synchronized void reset(long snapshot, long mark) {
    // The old generations went with their engine.
    retired.clear();
    now = new Point(snapshot, mark, mark, List.of(), snapshot);
  }

  /** Hot rows up to {@code through} are in {@code generation}, which may be new. */
  synchronized void loaded(Generation generation, long through) {
    List<Generation> generations = now.generations();
    if (!generations.contains(generation)) {
      generations = new ArrayList<>(generations);
      generations.add(generation);
    }
    now = new Point(now.snapshot(), now.mark(), through, generations, now.keptSince());
  }

  /** There is nothing more to be loaded up to {@code through}. */
  synchronized void passed(long through) {
    now =
        new Point(
            now.snapshot(),
            now.mark(),
            Math.max(through, now.hotThrough()),
            now.generations(),
            now.keptSince());
  }

  /**
   * A transaction that touched no hot rows was committed.
   *
   * @param mark how far the journal is in the lake at that version
   */
  synchronized void committed(long snapshot, long mark) {
    long further = Math.max(mark, now.mark());
    now =
        new Point(
            snapshot, further, Math.max(further, now.hotThrough()), now.generations(), snapshot);
  }

  /** Hot rows up to {@code mark} are in the lake; {@code emptied} hold no others. */
  synchronized void flushed(long snapshot, long mark, List<Generation> emptied) {
    List<Generation> left = new ArrayList<>(now.generations());
    left.removeAll(emptied);
    retired.addAll(emptied);
    now = new Point(snapshot, mark, Math.max(mark, now.hotThrough()), left, now.keptSince());
  }

  synchronized Pin pin() {
    Pin pin = new Pin(now, clock.instant());
    pins.put(pin, pin);
    return pin;
  }

  /**
   * Holds an old snapshot, after whoever is letting some go has ended. Whether it is still there
   * has to be looked at after that.
   */
  synchronized Pin pinPast(long snapshot) {
    boolean interrupted = false;
    while (expiring.contains(snapshot)) {
      try {
        wait();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    Pin pin = new Pin(new Point(snapshot, 0, 0, List.of(), snapshot), clock.instant());
    pins.put(pin, pin);
    return pin;
  }

  /**
   * Of some snapshots, those that nobody reads. Until {@link #expired} nobody can pin them either.
   */
  synchronized List<Long> expiring(List<Long> among) {
    Set<Long> read = new HashSet<>();
    read.add(now.snapshot());
    pins.values().forEach(pin -> read.add(pin.point().snapshot()));
    List<Long> going = among.stream().filter(snapshot -> !read.contains(snapshot)).toList();
    expiring = Set.copyOf(going);
    return going;
  }

  /** What was {@link #expiring} is gone, or stays after all. */
  synchronized void expired() {
    expiring = Set.of();
    notifyAll();
  }

  synchronized void unpin(Pin pin) {
    pins.remove(pin);
    notifyAll();
  }

  /**
   * Waits until no view reads a version before this one.
   *
   * @return whether that came to be in time
   */
  synchronized boolean awaitNoneBefore(long snapshot, Duration within) {
    long end = System.nanoTime() + within.toNanos();
    try {
      while (oldestNeededSnapshot() < snapshot) {
        long left = (end - System.nanoTime()) / 1_000_000;
        if (left <= 0) {
          return false;
        }
        wait(left);
      }
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Waits until nothing is read, so that an instance can be closed. */
  void awaitQuiet() {
    if (!awaitNoViews(PATIENCE)) {
      LOG.warn(
          "{} questions have gone on for {} s while the catalog is opened anew; they have to be asked again",
          openViews(),
          PATIENCE.toSeconds());
    }
  }

  private synchronized boolean awaitNoViews(Duration within) {
    long end = System.nanoTime() + within.toNanos();
    try {
      while (!pins.isEmpty()) {
        long left = (end - System.nanoTime()) / 1_000_000;
        if (left <= 0) {
          return false;
        }
        wait(left);
      }
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Takes out the generations that nobody needs any more; the caller drops them. */
  synchronized List<Generation> takeUnused() {
    List<Generation> unused = new ArrayList<>();
    for (Generation generation : retired) {
      if (pins.values().stream().noneMatch(pin -> pin.point().generations().contains(generation))) {
        unused.add(generation);
      }
    }
    retired.removeAll(unused);
    return unused;
  }

  /** The oldest snapshot that somebody reads. */
  private synchronized long oldestNeededSnapshot() {
    return pins.values().stream()
        .mapToLong(pin -> pin.point().snapshot())
        .min()
        .orElse(now.snapshot());
  }

  /** When the longest open view was opened. */
  synchronized Optional<Instant> oldestView() {
    return pins.values().stream().map(Pin::since).min(Instant::compareTo);
  }

  synchronized int openViews() {
    return pins.size();
  }
}
