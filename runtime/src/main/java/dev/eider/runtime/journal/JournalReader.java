package dev.eider.runtime.journal;

import dev.eider.runtime.disk.Disk;
import dev.eider.runtime.disk.DiskFile;
import dev.eider.runtime.journal.Recovery.Gap;
import dev.eider.runtime.journal.Recovery.Quarantined;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads what an earlier process left and brings it into order: the torn tail is cut, the unreadable
 * copied aside, the rest forced, so that what is handed on from here survives a power failure even
 * if the process that wrote it died before it could force it.
 */
final class JournalReader {

  private static final Logger LOG = LoggerFactory.getLogger(JournalReader.class);

  private final Path directory;
  private final Disk disk;
  private final Quarantine quarantine;
  private final List<Segment> segments = new ArrayList<>();
  private final List<Quarantined> quarantined = new ArrayList<>();
  private final List<Gap> gaps = new ArrayList<>();
  private long lastSeq;

  /** The number that the next segment should begin with; 0 when nothing came before it. */
  private long expected;

  private long records;
  private long cutBytes;

  private JournalReader(Path directory, Disk disk) {
    this.directory = directory;
    this.disk = disk;
    this.quarantine = new Quarantine(directory, disk);
  }

  /**
   * What is there.
   *
   * @param segments the readable segments, oldest first; one without records only as the last
   * @param lastSeq the highest number that was ever used; 0 in a new journal
   */
  record Found(List<Segment> segments, long lastSeq, Recovery recovery) {}

  static Found read(Path directory, Disk disk) throws IOException {
    return new JournalReader(directory, disk).run();
  }

  /**
   * Hands on every readable record of one segment that has {@code after < seq <= through}, in
   * order. What is behind the segment's length is left alone: it may still be being written.
   */
  static void replay(Segment segment, long after, long through, Disk disk, Consumer<Accepted> sink)
      throws IOException {
    int from = segment.index().before(after);
    long to = segment.index().after(through, segment.bytes());
    try (Arena arena = Arena.ofConfined()) {
      ByteBuffer part = disk.read(segment.file(), from, to - from, arena);
      SegmentScan.part(part, segment.header(), after, through, sink);
    }
  }

  private Found run() throws IOException {
    List<Path> files = new ArrayList<>();
    for (Path file : disk.list(directory)) {
      if (SegmentName.firstSeq(file).isPresent()) {
        files.add(file);
      } else if (SegmentName.isLeftover(file)) {
        disk.delete(file);
      }
    }
    for (int i = 0; i < files.size(); i++) {
      read(files.get(i), i == files.size() - 1);
    }
    int kept = (int) segments.stream().filter(segment -> !segment.isEmpty()).count();
    return new Found(segments, lastSeq, new Recovery(kept, records, cutBytes, quarantined, gaps));
  }

  private void read(Path file, boolean newest) throws IOException {
    OptionalLong firstSeq = SegmentName.firstSeq(file);
    SegmentName.requireFile(file);
    try (Arena arena = Arena.ofConfined()) {
      ByteBuffer content = disk.read(file, arena);
      SegmentHeader header;
      try {
        header = header(file, content);
      } catch (MalformedRecordException e) {
        Quarantined copy =
            quarantine.keep(file, content, 0, content.limit(), String.valueOf(e.getMessage()));
        quarantined.add(copy);
        if (!copy.copy().equals(file)) {
          disk.delete(file);
        }
        // Its name still says which numbers are gone.
        lastSeq = Math.max(lastSeq, firstSeq.orElse(0) - 1);
        expected = lastSeq + 1;
        return;
      }
      if (header.firstSeq() <= lastSeq) {
        throw new IOException(
            file
                + " begins at "
                + header.firstSeq()
                + ", but an older segment reaches up to "
                + lastSeq
                + ": two journals are mixed in one directory. Move one of them away");
      }
      read(file, header, content, newest);
    }
  }

  private void read(Path file, SegmentHeader header, ByteBuffer content, boolean newest)
      throws IOException {
    SegmentScan scan = SegmentScan.of(content, header, accepted -> {});
    for (SegmentScan.Bad bad : scan.bad()) {
      quarantined.add(quarantine.keep(file, content, bad.offset(), bad.length(), bad.reason()));
    }
    int tail = content.limit() - scan.tailAt();
    if (newest) {
      settleTail(file, scan.tailAt(), tail);
    } else if (tail > 0) {
      quarantined.add(
          quarantine.keep(file, content, scan.tailAt(), tail, "the end of it cannot be read"));
    }
    if (expected > 0 && header.firstSeq() > expected) {
      gaps.add(new Gap(expected, header.firstSeq() - 1));
    }
    gaps.addAll(scan.gaps());
    records += scan.records();
    lastSeq = scan.lastSeq();
    expected = lastSeq + 1;
    Segment segment =
        new Segment(file, header, lastSeq, newest ? scan.tailAt() : content.limit(), scan.index());
    if (segment.isEmpty() && !newest) {
      disk.delete(file);
    } else {
      segments.add(segment);
    }
  }

  /**
   * Of the newest segment, the last batch may be half there, or there but not yet on the medium.
   */
  private void settleTail(Path file, int end, int tail) throws IOException {
    try (DiskFile open = disk.open(file)) {
      if (tail > 0) {
        open.truncate(end);
        cutBytes = tail;
      }
      open.force();
    }
  }

  private SegmentHeader header(Path file, ByteBuffer content)
      throws MalformedRecordException, IOException {
    byte[] bytes = new byte[Math.min(SegmentHeader.LENGTH, content.limit())];
    content.get(0, bytes);
    SegmentHeader header;
    try {
      header = SegmentHeader.decode(bytes);
    } catch (SegmentHeader.NewerVersionException e) {
      throw new IOException(
          file
              + " was written by a later version of Eider ("
              + e.getMessage()
              + "). Start that version again, or let it flush and stop cleanly first",
          e);
    } catch (MalformedRecordException e) {
      header = SegmentHeader.mended(bytes).orElseThrow(() -> e);
      LOG.warn("{}: one bit of its header is wrong; its records are read all the same", file);
    }
    if (SegmentName.firstSeq(file).orElse(0) != header.firstSeq()) {
      throw new MalformedRecordException(
          "its name does not fit its first seq, " + header.firstSeq());
    }
    for (Segment other : segments) {
      UUID id = other.header().journalId();
      if (!id.equals(header.journalId())) {
        throw new IOException(
            "%s belongs to journal %s, but %s to journal %s: two journals are mixed in one directory. Move one of them away"
                .formatted(file, header.journalId(), other.file(), id));
      }
    }
    return header;
  }
}
