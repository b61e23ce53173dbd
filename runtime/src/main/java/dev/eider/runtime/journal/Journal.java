package dev.eider.runtime.journal;

import static java.util.Objects.requireNonNull;

import dev.eider.runtime.disk.Disk;
import dev.eider.runtime.disk.DiskFullException;
import dev.eider.runtime.event.Event;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The durable log of accepted events.
 *
 * <p>Group commit: appenders encode on their own threads and wait; one thread takes all that wait,
 * writes once, forces once, hands the events to the sink and wakes the appenders. So the medium
 * serves as many senders as there are with each force.
 */
public final class Journal implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Journal.class);

  /** Most bytes of one batch, so that a burst neither outgrows the buffer nor the segment. */
  private static final int BATCH_BYTES = 4 << 20;

  /**
   * Most bytes that may wait. A medium that stalls would otherwise let the heap fill with what
   * thousands of connections send.
   */
  private static final long WAITING_BYTES = 64 << 20;

  private static final int REPLAY_BATCH = 1000;

  /** After a batch of so many senders the next one waits for more; fewer are not held up. */
  private static final int CROWD = 8;

  /** For how long, in lengths of the last force, which senders wait for anyway. */
  private static final int GATHER = 2;

  private static final long MAX_GATHER_NANOS = 1_000_000;

  /** For so long after a refusal the journal is called full without another look. */
  private static final long REFUSAL_GOOD_FOR_NANOS = 1_000_000_000L;

  private final Path directory;
  private final Disk disk;
  private final Quarantine quarantine;
  private final Closeable ownership;
  private final Recovery recovery;
  private final Segments segments;
  private final CommitQueue queue = new CommitQueue();
  private final Thread committer =
      Thread.ofPlatform().name("journal").daemon().unstarted(this::run);

  /** Held while segments are written, ended or listed; never by appenders. */
  private final ReentrantLock segmentsLock = new ReentrantLock();

  private final AtomicLong waitingBytes = new AtomicLong();
  private final CRC32C crc = new CRC32C();
  private long lastForceNanos;
  private ByteBuffer buffer = ByteBuffer.allocateDirect(256 << 10);
  private @Nullable AcceptedSink sink;

  private volatile boolean started;
  private volatile boolean stopping;
  private volatile String fullReason = "";
  private volatile long refusedBytes;
  private volatile long refusedNanos;
  private volatile String closedReason = "";
  private volatile long lastSeq;
  private volatile long records;
  private volatile long forces;
  private volatile long forceNanos;

  private Journal(
      Path directory, Disk disk, Closeable ownership, Recovery recovery, Segments segments) {
    this.directory = directory;
    this.disk = disk;
    this.quarantine = new Quarantine(directory, disk);
    this.ownership = ownership;
    this.recovery = recovery;
    this.segments = segments;
    this.lastSeq = segments.lastSeq();
  }

  /**
   * Takes a journal over from whoever had it before, or makes a new one: the directory is locked,
   * the torn tail cut, what cannot be read copied aside, the epoch raised. Nothing is accepted
   * before {@link #start}.
   *
   * @throws JournalInUseException when somebody else has it
   * @throws IOException when it cannot be read, belongs to a later version, or the volume is full;
   *     the message says what to do
   */
  public static Journal open(Path directory, JournalSettings settings, Disk disk)
      throws IOException {
    disk.createDirectories(directory);
    Closeable ownership =
        disk.tryLock(directory.resolve("lock"))
            .orElseThrow(() -> new JournalInUseException(directory));
    try {
      JournalReader.Found found = JournalReader.read(directory, disk);
      Segments segments =
          new Segments(directory, settings, disk, found.segments(), found.lastSeq());
      Recovery recovery = found.recovery();
      LOG.info(
          "journal {} opened in {}: epoch {}, {} records in {} segments, last seq {}",
          segments.journalId(),
          directory,
          segments.epoch(),
          recovery.records(),
          recovery.segments(),
          found.lastSeq());
      if (recovery.cutBytes() > 0) {
        LOG.warn(
            "journal: cut {} bytes that a crash left half written; none of it had been accepted",
            recovery.cutBytes());
      }
      return new Journal(directory, disk, ownership, recovery, segments);
    } catch (IOException | RuntimeException e) {
      ownership.close();
      throw e;
    }
  }

  /** Which journal it is; stays the same for as long as its directory does. */
  public UUID id() {
    return segments.journalId();
  }

  /** Which opening of the journal this is, rising by one with each. */
  public long epoch() {
    return segments.epoch();
  }

  /** The number of the first event that it has, or of the next one where it has none. */
  public long firstSeq() {
    return segments.firstSeq();
  }

  /** What was found on opening. */
  public Recovery recovery() {
    return recovery;
  }

  /**
   * Brings the sink up to date and begins to accept. Every kept record behind {@code afterSeq} is
   * handed to the sink before this returns.
   *
   * <p>When the lake knows more than the journal does, as after a file was lost, the journal goes
   * on behind what the lake knows: a number at or below the mark would count as already stored.
   *
   * @param afterSeq the journal's mark in the lake; 0 when it has none
   * @throws IOException when a segment cannot be read or begun
   */
  public void start(long afterSeq, AcceptedSink sink) throws IOException {
    if (started) {
      throw new IllegalStateException("the journal was started already");
    }
    this.sink = sink;
    replay(afterSeq, lastSeq, sink);
    if (segments.firstSeq() > afterSeq + 1) {
      quarantine.noteLost(afterSeq + 1, segments.firstSeq() - 1);
    }
    for (Recovery.Gap gap : recovery.gaps()) {
      if (gap.toSeq() > afterSeq) {
        quarantine.noteLost(Math.max(gap.fromSeq(), afterSeq + 1), gap.toSeq());
      }
    }
    if (afterSeq > segments.lastSeq()) {
      LOG.warn(
          "journal: it ends at {}, but the lake has events up to {}; going on behind those",
          segments.lastSeq(),
          afterSeq);
      segments.skipTo(afterSeq + 1);
      lastSeq = afterSeq;
    }
    started = true;
    committer.start();
  }

  /**
   * What was lost or could not be read, in a sentence each, by this opening or one before it: for
   * as long as nobody has removed what tells of it from {@code quarantine} and {@code lost}.
   */
  public List<String> troubles() {
    return quarantine.troubles();
  }

  /**
   * Accepts events: returns when they are on the medium and the sink has seen them. They stand next
   * to each other in the journal, in their order. Made for virtual threads: the caller waits.
   *
   * @param events at least one
   * @return the seq of the last of them
   * @throws JournalFullException when there is no room for now; nothing was accepted
   * @throws JournalClosedException when the journal is closed. If it closed meanwhile, the events
   *     may turn up after a restart all the same
   * @throws IllegalArgumentException when an event is larger than 1 MiB
   */
  public long append(List<Event> events) throws JournalFullException, JournalClosedException {
    if (!started) {
      throw new IllegalStateException("the journal was not started");
    }
    if (events.isEmpty()) {
      throw new IllegalArgumentException("no events to append");
    }
    Appending appending = Appending.of(events);
    if (waitingBytes.addAndGet(appending.length()) > WAITING_BYTES) {
      waitingBytes.addAndGet(-appending.length());
      throw new JournalFullException("the medium is slower than events come in");
    }
    if (!queue.push(appending, committer)) {
      throw closed();
    }
    try {
      return appending.await();
    } finally {
      waitingBytes.addAndGet(-appending.length());
    }
  }

  /**
   * Hands on once more what is kept, while events go on being accepted: every record with {@code
   * afterSeq < seq <= throughSeq}, in order, on the caller's thread. Nothing of that may be
   * released meanwhile.
   *
   * @param afterSeq the journal's mark in the lake; 0 when it has none
   * @param throughSeq at most {@link #lastSeq}
   * @throws IOException when a segment cannot be read
   */
  public void replay(long afterSeq, long throughSeq, AcceptedSink into) throws IOException {
    if (throughSeq > lastSeq) {
      throw new IllegalArgumentException(
          "seq " + throughSeq + " is not on the medium yet; the last is " + lastSeq);
    }
    List<Segment> kept;
    segmentsLock.lock();
    try {
      kept = segments.all();
    } finally {
      segmentsLock.unlock();
    }
    List<Accepted> batch = new ArrayList<>();
    for (Segment segment : kept) {
      if (segment.lastSeq() <= afterSeq || segment.header().firstSeq() > throughSeq) {
        continue;
      }
      JournalReader.replay(
          segment,
          afterSeq,
          throughSeq,
          disk,
          accepted -> {
            batch.add(accepted);
            if (batch.size() == REPLAY_BATCH) {
              into.accept(List.copyOf(batch));
              batch.clear();
            }
          });
    }
    if (!batch.isEmpty()) {
      into.accept(List.copyOf(batch));
    }
  }

  /** The last seq that is on the medium; 0 in a new journal. */
  public long lastSeq() {
    return lastSeq;
  }

  /**
   * Deletes every segment that lies wholly at or below {@code throughSeq}; also the open one, which
   * is ended first. Call it with what was read back as committed to the lake.
   *
   * @return how many that were
   */
  public int release(long throughSeq) {
    List<Segment> released;
    segmentsLock.lock();
    try {
      if (!closedReason.isEmpty()) {
        return 0;
      }
      released = segments.release(throughSeq);
    } catch (IOException | RuntimeException e) {
      closeForEver("a new segment could not be begun: " + e, e);
      return 0;
    } finally {
      segmentsLock.unlock();
    }
    for (Segment segment : released) {
      try {
        // Not forced: should one come back, the mark keeps it from being counted again.
        disk.delete(segment.file());
      } catch (IOException e) {
        LOG.warn("journal: {} could not be deleted; the next start does it", segment.file(), e);
      }
    }
    segmentsLock.lock();
    try {
      segments.recount();
      seeIfThereIsRoom();
    } finally {
      segmentsLock.unlock();
    }
    return released.size();
  }

  /**
   * Ends the open segment where it has records, so that all that was accepted before goes with a
   * {@link #release}, however much comes after it.
   *
   * @throws IOException when there is no room for another
   */
  public void endSegment() throws IOException {
    segmentsLock.lock();
    try {
      segments.end();
    } finally {
      segmentsLock.unlock();
    }
  }

  /**
   * Deletes copies of what could not be read, and makes sure that neither they nor segments that
   * were released come back with a power failure.
   *
   * @return how many files that were
   */
  public int forgetWhatIsGone() throws IOException {
    int forgotten = quarantine.forget();
    disk.forceDirectory(directory);
    return forgotten;
  }

  /** How it is now. */
  public JournalState state() {
    // Whoever asks this before sending must see that somebody else made room.
    if (!fullReason.isEmpty()
        && System.nanoTime() - refusedNanos > REFUSAL_GOOD_FOR_NANOS
        && segmentsLock.tryLock()) {
      try {
        seeIfThereIsRoom();
      } finally {
        segmentsLock.unlock();
      }
    }
    JournalState.Status status = JournalState.Status.OPEN;
    String reason = "";
    if (!closedReason.isEmpty()) {
      status = JournalState.Status.CLOSED;
      reason = closedReason;
    } else if (!fullReason.isEmpty()) {
      status = JournalState.Status.FULL;
      reason = fullReason;
    }
    return new JournalState(
        status, reason, segments.bytes(), segments.count(), lastSeq, records, forces, forceNanos);
  }

  /** Commits what waits, refuses what comes, and gives the directory to others. */
  @Override
  public void close() throws IOException {
    stopping = true;
    boolean interrupted = false;
    if (started) {
      LockSupport.unpark(committer);
      while (committer.isAlive()) {
        try {
          committer.join();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    }
    closeForEver("it was stopped", null);
    try {
      segments.close();
    } finally {
      ownership.close();
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    try {
      while (!stopping && closedReason.isEmpty()) {
        List<Appending> waiting = queue.takeAll();
        if (waiting.isEmpty()) {
          LockSupport.park(queue);
        } else {
          commit(waiting);
          if (waiting.size() >= CROWD) {
            gather();
          }
        }
      }
      commit(queue.close());
    } catch (Throwable e) {
      closeForEver("its thread failed: " + e, e);
    }
  }

  /** Lets more senders come: a force costs the processors as much for one as for a hundred. */
  private void gather() {
    try {
      TimeUnit.NANOSECONDS.sleep(Math.min(GATHER * lastForceNanos, MAX_GATHER_NANOS));
    } catch (InterruptedException e) {
      // Nobody has a reason to; those who wait are next.
    }
  }

  private void commit(List<Appending> waiting) {
    int from = 0;
    while (from < waiting.size()) {
      int to = from;
      long length = 0;
      do {
        length += waiting.get(to++).length();
      } while (to < waiting.size() && length + waiting.get(to).length() <= BATCH_BYTES);
      commit(waiting.subList(from, to), Math.toIntExact(length));
      from = to;
    }
  }

  private void commit(List<Appending> batch, int length) {
    try {
      if (!closedReason.isEmpty()) {
        refuse(batch, closed());
        return;
      }
      long firstSeq = lastSeq + 1;
      String noRoom = write(batch, length);
      if (!noRoom.isEmpty()) {
        refusedBytes = length;
        refusedNanos = System.nanoTime();
        refuse(batch, full(noRoom));
        return;
      }
      handOn(batch, firstSeq);
    } catch (Throwable e) {
      // After a failed write or force nobody knows what is on the medium, and nobody may be left
      // waiting.
      closeForEver(e.toString(), e);
      refuse(batch, closed());
      return;
    }
    wake(batch);
  }

  /** Writes and forces; returns why there is no room for it, or the empty string when there is. */
  private String write(List<Appending> batch, int length) throws IOException {
    segmentsLock.lock();
    try {
      String noRoom = segments.noRoomFor(length);
      if (noRoom.isEmpty()) {
        segments.rotateIfDue(length);
        fill(batch, length);
      }
      return noRoom;
    } catch (DiskFullException e) {
      return "the volume is full: " + e.getMessage();
    } finally {
      segmentsLock.unlock();
    }
  }

  private void fill(List<Appending> batch, int length) throws IOException {
    if (buffer.capacity() < length) {
      buffer = ByteBuffer.allocateDirect(Math.max(length, 2 * buffer.capacity()));
    }
    buffer.clear();
    long seq = lastSeq;
    for (Appending appending : batch) {
      appending.seal(seq + 1, segments.salt(), crc);
      seq += appending.events().size();
      buffer.put(appending.frames(), 0, appending.length());
    }
    long begun = System.nanoTime();
    segments.append(buffer.flip(), seq);
    count(seq - lastSeq, System.nanoTime() - begun);
    lastSeq = seq;
    if (!fullReason.isEmpty()) {
      nowThereIsRoom();
    }
  }

  /** Only the committer counts, so reading and writing back is no race. */
  @SuppressWarnings("NonAtomicVolatileUpdate")
  private void count(long newRecords, long nanos) {
    records += newRecords;
    forces++;
    forceNanos += nanos;
    lastForceNanos = nanos;
  }

  private void handOn(List<Appending> batch, long firstSeq) {
    List<Accepted> accepted = new ArrayList<>(batch.size());
    long seq = firstSeq;
    for (Appending appending : batch) {
      for (Event event : appending.events()) {
        accepted.add(new Accepted(seq++, event));
      }
    }
    requireNonNull(sink).accept(Collections.unmodifiableList(accepted));
  }

  /** By a virtual thread, which wakes others cheaply and lets this one go on to the next force. */
  private static void wake(List<Appending> batch) {
    Thread.startVirtualThread(() -> batch.forEach(Appending::accepted));
  }

  private JournalClosedException closed() {
    return new JournalClosedException(
        "the journal is closed: "
            + (closedReason.isEmpty() ? "it is being stopped" : closedReason));
  }

  private JournalFullException full(String reason) {
    if (fullReason.isEmpty()) {
      LOG.warn("journal: events are refused for now: {}", reason);
    }
    fullReason = reason;
    return new JournalFullException(reason);
  }

  private void seeIfThereIsRoom() {
    if (!fullReason.isEmpty() && segments.noRoomFor(refusedBytes).isEmpty()) {
      nowThereIsRoom();
    }
  }

  private void nowThereIsRoom() {
    LOG.info("journal: there is room again");
    fullReason = "";
  }

  private static void refuse(List<Appending> batch, JournalFullException why) {
    batch.forEach(appending -> appending.refused(why));
  }

  private static void refuse(List<Appending> batch, JournalClosedException why) {
    batch.forEach(appending -> appending.refused(why));
  }

  /**
   * Accepts nothing more, since somebody else has what it would be given to.
   *
   * @param why in a sentence
   */
  public void giveUp(String why) {
    LOG.error("the journal is closed: {}", why);
    segmentsLock.lock();
    try {
      closeForEver(why, null);
    } finally {
      segmentsLock.unlock();
    }
  }

  private void closeForEver(String reason, @Nullable Throwable cause) {
    if (closedReason.isEmpty()) {
      closedReason = reason;
      if (cause != null) {
        LOG.error(
            "the journal is closed: {}. Accepted events are safe; a restart brings them back",
            closedReason,
            cause);
      }
    }
    refuse(queue.close(), closed());
  }
}
