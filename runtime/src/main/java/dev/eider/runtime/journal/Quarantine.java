package dev.eider.runtime.journal;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.eider.runtime.disk.Disk;
import dev.eider.runtime.disk.DiskFullException;
import dev.eider.runtime.journal.Recovery.Quarantined;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies of what could not be read, each beside a text with the reason, and notes of what is lost.
 * Nothing here is read back.
 */
final class Quarantine {

  private static final Logger LOG = LoggerFactory.getLogger(Quarantine.class);

  private final Path directory;

  /** Notes of events that are nowhere. */
  private final Path lost;

  private final Disk disk;

  Quarantine(Path journal, Disk disk) {
    this.directory = journal.resolve("quarantine");
    this.lost = journal.resolve("lost");
    this.disk = disk;
  }

  /** Notes numbers of events that are nowhere, until somebody removes the note. */
  void noteLost(long fromSeq, long toSeq) {
    String which =
        "events %d to %d are neither in the journal nor in the lake".formatted(fromSeq, toSeq);
    LOG.error("journal: {}", which);
    try {
      disk.createDirectories(lost);
      disk.replace(
          lost.resolve("%d-%d.txt".formatted(fromSeq, toSeq)), (which + "\n").getBytes(UTF_8));
    } catch (IOException e) {
      LOG.warn("journal: that could not be noted, so it is said only now: {}", e.toString());
    }
  }

  /** What is there, in a sentence each: until somebody has looked at it and removed it. */
  List<String> troubles() {
    try {
      return reasons();
    } catch (IOException e) {
      return List.of("journal: its quarantine cannot be read: " + e.getMessage());
    }
  }

  private List<String> reasons() throws IOException {
    List<String> reasons = new ArrayList<>();
    for (Path folder : List.of(lost, directory)) {
      for (Path file : Files.isDirectory(folder) ? disk.list(folder) : List.<Path>of()) {
        if (file.getFileName().toString().endsWith(".txt")) {
          reasons.add(
              "journal: %s (%s; remove it when that was looked into)"
                  .formatted(new String(disk.read(file), UTF_8).strip(), file));
        }
      }
    }
    return reasons;
  }

  /** Deletes all of it, durably; answers how many files that were. */
  int forget() throws IOException {
    if (!Files.isDirectory(directory)) {
      return 0;
    }
    List<Path> files = disk.list(directory);
    for (Path file : files) {
      disk.delete(file);
    }
    disk.forceDirectory(directory);
    return files.size();
  }

  /**
   * Copies a part of a segment aside, again with each opening for as long as the segment is there:
   * an earlier copy may not have been forced. On a full volume the copy is left out, so that the
   * journal can still be opened and drained.
   *
   * @return where the copy is; the segment itself when there was no room for one
   */
  Quarantined keep(Path segment, ByteBuffer content, int offset, int length, String reason)
      throws IOException {
    String name = segment.getFileName() + "-at-" + offset;
    Path copy = directory.resolve(name + ".bin");
    byte[] bytes = new byte[length];
    content.get(offset, bytes);
    String why = "%d bytes at offset %d of %s: %s%n".formatted(length, offset, segment, reason);
    try {
      disk.createDirectories(directory);
      disk.replace(directory.resolve(name + ".txt"), why.getBytes(UTF_8));
      disk.replace(copy, bytes);
    } catch (DiskFullException e) {
      LOG.warn("no room to copy aside {}", why.strip());
      copy = segment;
    }
    LOG.error(
        "journal: {} bytes at offset {} of {} cannot be read ({}); copied to {}",
        length,
        offset,
        segment.getFileName(),
        reason,
        copy);
    return new Quarantined(segment, offset, length, reason, copy);
  }
}
