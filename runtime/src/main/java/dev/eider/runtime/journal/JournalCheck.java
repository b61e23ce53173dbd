package dev.eider.runtime.journal;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.eider.runtime.disk.Disk;
import dev.eider.runtime.journal.Recovery.Gap;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What is in a journal's directory, found without changing anything and without its lock; also
 * while a runtime writes to it.
 *
 * @param segments the segments, oldest first
 * @param records readable records in all of them
 * @param gaps numbers that no segment has, both inclusive; what the lake has of them is not lost
 * @param quarantined what earlier openings of the journal copied aside, as files
 * @param sound whether every segment can be read, every record of it, and none is missing between
 *     them; a torn tail of the newest segment is no damage, since nothing in it was accepted
 */
@JsonNaming(SnakeCaseStrategy.class)
public record JournalCheck(
    List<SegmentCheck> segments,
    long records,
    List<Gap> gaps,
    List<String> quarantined,
    boolean sound) {

  /**
   * One segment.
   *
   * @param file its name
   * @param bytes its length
   * @param records readable records
   * @param firstSeq number of its first record, by its header
   * @param lastSeq number of its last record; {@code firstSeq - 1} when it has none
   * @param epoch which opening of the journal wrote it
   * @param created when it was begun, UTC, ISO 8601
   * @param journalId which journal it belongs to
   * @param tornBytes what stands half written at its end
   * @param bad parts that cannot be read
   * @param problem why it cannot be read as a whole; empty when it can
   */
  @JsonNaming(SnakeCaseStrategy.class)
  public record SegmentCheck(
      String file,
      long bytes,
      long records,
      long firstSeq,
      long lastSeq,
      long epoch,
      String created,
      String journalId,
      long tornBytes,
      List<Part> bad,
      String problem) {

    static SegmentCheck unreadable(Path file, long bytes, String problem) {
      return new SegmentCheck(name(file), bytes, 0, 0, 0, 0, "", "", 0, List.of(), problem);
    }
  }

  /**
   * Bytes that hold no readable event.
   *
   * @param offset where in the segment, in bytes
   * @param length how many
   * @param reason what is wrong with them
   */
  public record Part(long offset, long length, String reason) {}

  /**
   * Looks through a journal.
   *
   * @throws IOException when the directory cannot be read
   */
  public static JournalCheck of(Path directory, Disk disk) throws IOException {
    List<Path> files =
        disk.list(directory).stream()
            .filter(file -> SegmentName.firstSeq(file).isPresent())
            .toList();
    List<SegmentCheck> segments = new ArrayList<>();
    for (Path file : files) {
      SegmentName.requireFile(file);
      try (Arena arena = Arena.ofConfined()) {
        segments.add(check(file, disk.read(file, arena), file.equals(files.getLast())));
      } catch (NoSuchFileException | FileNotFoundException e) {
        // A running journal lets go of what is in the lake.
        segments.clear();
      }
    }
    List<Gap> gaps = new ArrayList<>();
    Set<String> journals = new HashSet<>();
    long last = 0;
    boolean sound = true;
    for (SegmentCheck segment : segments) {
      sound &= segment.problem().isEmpty() && segment.bad().isEmpty();
      if (!segment.problem().isEmpty()) {
        continue;
      }
      journals.add(segment.journalId());
      if (last > 0 && segment.firstSeq() > last + 1) {
        gaps.add(new Gap(last + 1, segment.firstSeq() - 1));
      }
      sound &= last == 0 || segment.firstSeq() == last + 1;
      last = segment.lastSeq();
    }
    return new JournalCheck(
        List.copyOf(segments),
        segments.stream().mapToLong(SegmentCheck::records).sum(),
        gaps,
        quarantined(directory, disk),
        sound && journals.size() <= 1);
  }

  private static SegmentCheck check(Path file, ByteBuffer content, boolean newest) {
    byte[] head = new byte[Math.min(SegmentHeader.LENGTH, content.limit())];
    content.get(0, head);
    SegmentHeader header;
    List<Part> bad = new ArrayList<>();
    try {
      header = SegmentHeader.decode(head);
    } catch (MalformedRecordException e) {
      Optional<SegmentHeader> mended = SegmentHeader.mended(head);
      if (mended.isEmpty()) {
        return SegmentCheck.unreadable(file, content.limit(), String.valueOf(e.getMessage()));
      }
      header = mended.get();
      bad.add(new Part(0, head.length, "one bit of the header is wrong; its records can be read"));
    } catch (SegmentHeader.NewerVersionException e) {
      return SegmentCheck.unreadable(file, content.limit(), String.valueOf(e.getMessage()));
    }
    if (SegmentName.firstSeq(file).orElse(0) != header.firstSeq()) {
      return SegmentCheck.unreadable(
          file, content.limit(), "its name does not fit its first seq, " + header.firstSeq());
    }
    SegmentScan scan = SegmentScan.of(content, header, accepted -> {});
    scan.bad().forEach(part -> bad.add(new Part(part.offset(), part.length(), part.reason())));
    long tail = content.limit() - scan.tailAt();
    if (tail > 0 && !newest) {
      bad.add(new Part(scan.tailAt(), tail, "the end of it cannot be read"));
    }
    return new SegmentCheck(
        name(file),
        content.limit(),
        scan.records(),
        header.firstSeq(),
        scan.lastSeq(),
        header.epoch(),
        header.created().toString(),
        header.journalId().toString(),
        newest ? tail : 0,
        bad,
        "");
  }

  private static List<String> quarantined(Path directory, Disk disk) throws IOException {
    try {
      return disk.list(directory.resolve("quarantine")).stream()
          .map(JournalCheck::name)
          .filter(name -> name.endsWith(".bin"))
          .toList();
    } catch (NoSuchFileException e) {
      return List.of();
    }
  }

  private static String name(Path file) {
    return file.getFileName().toString();
  }
}
