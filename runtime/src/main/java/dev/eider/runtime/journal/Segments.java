package dev.eider.runtime.journal;

import dev.eider.runtime.disk.Disk;
import dev.eider.runtime.disk.DiskFile;
import dev.eider.runtime.disk.DiskFullException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * The segments on the disk, the newest of which is written. One thread at a time, but for the
 * figures.
 */
final class Segments implements AutoCloseable {

  private static final SecureRandom RANDOM = new SecureRandom();

  /** Free space on the volume changes by others' doing too; how long a look at it is good for. */
  private static final long FREE_BYTES_GOOD_FOR_NANOS = 1_000_000_000L;

  private final Path directory;
  private final JournalSettings settings;
  private final Disk disk;
  private final UUID journalId;
  private final long epoch;
  private final List<Segment> ended;

  private SegmentHeader header;
  private Path path;
  private DiskFile file;
  private SegmentIndex index = new SegmentIndex();
  private long openBytes;
  private long lastSeq;
  private long begunNanos;

  private long freeBytes;
  private long freeBytesNanos;

  private volatile long bytes;
  private volatile int count;

  /** Goes on behind what was found, with a new segment under a new epoch. */
  Segments(Path directory, JournalSettings settings, Disk disk, List<Segment> found, long lastSeq)
      throws IOException {
    this.directory = directory;
    this.settings = settings;
    this.disk = disk;
    this.ended = new ArrayList<>(found);
    this.lastSeq = lastSeq;
    if (found.isEmpty()) {
      journalId = UUID.randomUUID();
      epoch = 1;
    } else {
      journalId = found.getLast().header().journalId();
      epoch = found.getLast().header().epoch() + 1;
    }
    // One without records has the name that the new one gets, and is replaced by it.
    ended.removeIf(Segment::isEmpty);
    header = newHeader(lastSeq + 1);
    path = directory.resolve(SegmentName.of(lastSeq + 1));
    file = begin(path, header);
    begunNanos = System.nanoTime();
    openBytes = SegmentHeader.LENGTH;
    recount();
    lookAtFreeBytes();
  }

  UUID journalId() {
    return journalId;
  }

  long epoch() {
    return epoch;
  }

  byte[] salt() {
    return header.salt();
  }

  /** Of the first record, or of the next one where there is none. */
  long firstSeq() {
    return ended.isEmpty() ? header.firstSeq() : ended.getFirst().header().firstSeq();
  }

  long lastSeq() {
    return lastSeq;
  }

  /** Size of all segments in bytes. Any thread. */
  long bytes() {
    return bytes;
  }

  /** Number of segments. Any thread. */
  int count() {
    return count;
  }

  /** Segments with records as they are now, the open one included, oldest first. */
  List<Segment> all() {
    List<Segment> all = new ArrayList<>(ended);
    if (!isOpenEmpty()) {
      all.add(new Segment(path, header, lastSeq, openBytes, index));
    }
    return all;
  }

  /** Why there is no room for so many bytes more, in a sentence, or empty when there is. */
  String noRoomFor(long more) {
    // A new segment may have to be begun for them.
    if (bytes + more + SegmentHeader.LENGTH > settings.maxBytes()) {
      return "the journal holds %d bytes and may hold %d; it is emptied by the next flush"
          .formatted(bytes, settings.maxBytes());
    }
    if (freeBytes - more < settings.minFreeBytes()
        || System.nanoTime() - freeBytesNanos > FREE_BYTES_GOOD_FOR_NANOS) {
      lookAtFreeBytes();
    }
    if (freeBytes - more < settings.minFreeBytes()) {
      return "the volume of %s has %d bytes free, of which %d are kept for the lake"
          .formatted(directory, freeBytes, settings.minFreeBytes());
    }
    return "";
  }

  /** Ends the open segment if so many bytes more would make it too large, or if it is too old. */
  void rotateIfDue(long more) throws IOException {
    if (isOpenEmpty()) {
      return;
    }
    long age = System.nanoTime() - begunNanos;
    if (openBytes + more > settings.segmentBytes() || age > settings.maxSegmentAge().toNanos()) {
      rotate(lastSeq + 1);
    }
  }

  /**
   * Writes sealed frames and forces them.
   *
   * @throws DiskFullException when nothing was written and the next try may do better
   */
  void append(ByteBuffer frames, long newLastSeq) throws IOException {
    int length = frames.remaining();
    try {
      file.append(frames);
    } catch (DiskFullException e) {
      // What did get in must not stand between this batch and the next.
      file.truncate(openBytes);
      lookAtFreeBytes();
      throw e;
    } catch (IOException e) {
      takeBack(e);
      throw e;
    }
    try {
      file.force();
    } catch (IOException e) {
      takeBack(e);
      throw e;
    }
    index.note(lastSeq + 1, openBytes);
    openBytes += length;
    bytes += length;
    freeBytes -= length;
    lastSeq = newLastSeq;
  }

  /**
   * Whoever sent these is told that they were refused, and may send them again: a restart is not to
   * find them, as far as that can be helped.
   */
  private void takeBack(IOException why) {
    try {
      file.truncate(openBytes);
    } catch (IOException e) {
      why.addSuppressed(e);
    }
  }

  /** Lets the next record have this number; those before it are never given. */
  void skipTo(long nextSeq) throws IOException {
    Path before = path;
    boolean wasEmpty = isOpenEmpty();
    lastSeq = nextSeq - 1;
    rotate(nextSeq);
    if (wasEmpty) {
      disk.delete(before);
    }
  }

  /** Forgets what lies wholly at or below this number; the caller deletes the files. */
  List<Segment> release(long throughSeq) throws IOException {
    if (!isOpenEmpty() && lastSeq <= throughSeq) {
      try {
        rotate(lastSeq + 1);
      } catch (DiskFullException e) {
        // The ended ones below make room; this one goes next time.
      }
    }
    List<Segment> released =
        ended.stream().filter(segment -> segment.lastSeq() <= throughSeq).toList();
    ended.removeAll(released);
    return released;
  }

  /** Counts anew after files were deleted. */
  void recount() {
    count = ended.size() + 1;
    bytes = openBytes + ended.stream().mapToLong(Segment::bytes).sum();
    freeBytesNanos = System.nanoTime() - FREE_BYTES_GOOD_FOR_NANOS;
  }

  @Override
  public void close() throws IOException {
    file.close();
  }

  private boolean isOpenEmpty() {
    return lastSeq < header.firstSeq();
  }

  /** Ends the open segment where it has records. */
  void end() throws IOException {
    if (!isOpenEmpty()) {
      rotate(lastSeq + 1);
    }
  }

  /** The old segment stays open until the new one is there, so that failing changes nothing. */
  private void rotate(long firstSeq) throws IOException {
    SegmentHeader nextHeader = newHeader(firstSeq);
    Path nextPath = directory.resolve(SegmentName.of(firstSeq));
    DiskFile nextFile = begin(nextPath, nextHeader);
    file.close();
    if (!isOpenEmpty()) {
      ended.add(new Segment(path, header, lastSeq, openBytes, index));
    }
    header = nextHeader;
    path = nextPath;
    file = nextFile;
    index = new SegmentIndex();
    openBytes = SegmentHeader.LENGTH;
    begunNanos = System.nanoTime();
    recount();
  }

  /**
   * Makes a segment with its header at once and durably: its name and first seq are what keeps
   * numbers from being given twice once all older segments are gone.
   */
  private DiskFile begin(Path at, SegmentHeader beginning) throws IOException {
    disk.replace(at, beginning.encode());
    return disk.open(at);
  }

  private SegmentHeader newHeader(long firstSeq) {
    byte[] salt = new byte[SegmentHeader.SALT_BYTES];
    RANDOM.nextBytes(salt);
    return new SegmentHeader(
        journalId, epoch, firstSeq, Instant.now().truncatedTo(ChronoUnit.MILLIS), salt);
  }

  private void lookAtFreeBytes() {
    try {
      freeBytes = disk.freeBytes(directory);
    } catch (IOException e) {
      // Not knowing is no reason to refuse; a full volume shows itself when written to.
      freeBytes = Long.MAX_VALUE;
    }
    freeBytesNanos = System.nanoTime();
  }
}
