package dev.eider.runtime.journal;

import dev.eider.runtime.event.Event;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** Events on their way into the journal, encoded by the thread that then waits for them. */
final class Appending {

  private final List<Event> events;
  private final Thread waiter = Thread.currentThread();
  private final byte[] frames;
  private final int length;

  /** The one that was pushed before; belongs to {@link CommitQueue}. */
  @Nullable Appending next;

  // Written before settled, read after it.
  private long lastSeq;
  private @Nullable JournalFullException full;
  private @Nullable JournalClosedException closed;
  private volatile boolean settled;

  private Appending(List<Event> events, byte[] frames, int length) {
    this.events = events;
    this.frames = frames;
    this.length = length;
  }

  static Appending of(List<Event> events) {
    CborWriter out = new CborWriter(512 * events.size());
    for (Event event : events) {
      int start = out.size();
      out.skip(RecordFrame.LENGTH);
      EventCodec.encode(event, out);
      int payload = out.size() - start - RecordFrame.LENGTH;
      if (payload > RecordFrame.MAX_PAYLOAD) {
        throw new IllegalArgumentException(
            "an event of " + payload + " bytes is larger than a record may be");
      }
      RecordFrame.open(out.buffer(), start, payload);
    }
    return new Appending(events, out.buffer(), out.size());
  }

  List<Event> events() {
    return events;
  }

  byte[] frames() {
    return frames;
  }

  int length() {
    return length;
  }

  /** Gives the events their numbers, the first of them {@code firstSeq}. */
  void seal(long firstSeq, byte[] salt, CRC32C crc) {
    long seq = firstSeq;
    for (int at = 0; at < length; ) {
      at = RecordFrame.seal(frames, at, seq++, salt, crc);
    }
    lastSeq = seq - 1;
  }

  void accepted() {
    settle();
  }

  void refused(JournalFullException why) {
    full = why;
    settle();
  }

  void refused(JournalClosedException why) {
    closed = why;
    settle();
  }

  /** Waits for the outcome; an interrupt is kept for later, since the events may be accepted. */
  long await() throws JournalFullException, JournalClosedException {
    boolean interrupted = false;
    while (!settled) {
      LockSupport.park(this);
      interrupted |= Thread.interrupted();
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    if (full != null) {
      throw full;
    }
    if (closed != null) {
      throw closed;
    }
    return lastSeq;
  }

  private void settle() {
    settled = true;
    LockSupport.unpark(waiter);
  }
}
