package dev.eider.runtime.disk;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the real disk forces, as Java's own flight recorder saw it: the power failure tests put
 * another disk in its place, and would not notice if this one forced nothing.
 */
class RealDiskTest {

  private final Disk disk = Disk.real();
  @TempDir Path temporary;
  private Path folder;

  @BeforeEach
  void folder() throws IOException {
    folder = temporary.toRealPath();
  }

  /** Something that is done to the disk. */
  @FunctionalInterface
  private interface Work {
    void run() throws IOException;
  }

  @Test
  void aFileIsForcedWhenItIsToldTo() throws IOException {
    Path log = folder.resolve("log");
    try (DiskFile file = disk.create(log)) {
      assertThat(forcedBy(() -> file.append(ByteBuffer.wrap(new byte[10])))).isEmpty();
      assertThat(forcedBy(file::force)).containsExactly(log);
    }
    try (DiskFile file = disk.open(log)) {
      assertThat(forcedBy(file::force)).containsExactly(log);
    }
    assertThat(forcedBy(() -> disk.force(log))).containsExactly(log);
  }

  @Test
  void aDirectoryIsForcedWhenItIsToldTo() throws IOException {
    assertThat(forcedBy(() -> disk.forceDirectory(folder))).containsExactly(folder);
  }

  @Test
  void aReplacedFileIsForcedBeforeItsNameIs() throws IOException {
    Path file = folder.resolve("settings");
    for (String content : List.of("old", "new")) {
      assertThat(forcedBy(() -> disk.replace(file, content.getBytes(UTF_8))))
          .containsExactly(folder.resolve("settings.new"), folder);
      assertThat(file).hasContent(content);
    }
  }

  @Test
  void everyNewDirectorysNameIsForcedAndThatOfOneThatWasThere() throws IOException {
    Path inner = folder.resolve("a/b/c");
    assertThat(forcedBy(() -> disk.createDirectories(inner)))
        .containsExactly(folder.getParent(), folder, folder.resolve("a"), folder.resolve("a/b"));
    assertThat(forcedBy(() -> disk.createDirectories(inner)))
        .containsExactly(folder.resolve("a/b"));
  }

  /** The files and directories that this thread forced meanwhile, in order. */
  private List<Path> forcedBy(Work work) throws IOException {
    Path records = Files.createTempFile(temporary.getParent(), "forces", ".jfr");
    try (Recording recording = new Recording()) {
      recording.enable("jdk.FileForce").withoutThreshold().withoutStackTrace();
      recording.start();
      work.run();
      recording.stop();
      recording.dump(records);
      List<RecordedEvent> events = new ArrayList<>(RecordingFile.readAllEvents(records));
      events.removeIf(
          event -> event.getThread().getJavaThreadId() != Thread.currentThread().threadId());
      events.sort((one, other) -> one.getStartTime().compareTo(other.getStartTime()));
      return events.stream().map(event -> Path.of(event.getString("path"))).toList();
    } finally {
      Files.delete(records);
    }
  }
}
