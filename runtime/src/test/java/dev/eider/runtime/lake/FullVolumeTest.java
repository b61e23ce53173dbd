package dev.eider.runtime.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.eider.runtime.config.FlushSettings;
import dev.eider.runtime.disk.Disk;
import dev.eider.runtime.event.Event;
import dev.eider.runtime.journal.Journal;
import dev.eider.runtime.journal.JournalFullException;
import dev.eider.runtime.journal.JournalSettings;
import dev.eider.runtime.journal.JournalState;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file system of some MiB that is really full. Mounting one takes root. */
class FullVolumeTest {

  private static final Instant NOON = Instant.parse("2026-05-04T12:00:00Z");
  private static final long MIB = 1L << 20;

  /** Far above what is appended: flushes happen when the test says so. */
  private static final FlushSettings BY_HAND =
      new FlushSettings(10_000_000, Duration.ofHours(1), Duration.ofSeconds(30));

  private static final JournalSettings JOURNAL =
      JournalSettings.DEFAULT
          .withSegmentBytes(256 << 10)
          .withMaxBytes(64 * MIB)
          .withMinFreeBytes(8 * MIB);

  @TempDir Path temporary;
  private Path volume;
  private int accepted;

  @BeforeEach
  void mount() throws Exception {
    volume = Files.createDirectory(temporary.resolve("volume"));
    String said = run("mount", "-t", "tmpfs", "-o", "size=24m", "eider-test", volume.toString());
    assumeTrue(said.isEmpty(), "no file system of its own could be mounted (root?): " + said);
  }

  @AfterEach
  void unmount() throws Exception {
    run("umount", volume.toString());
  }

  @Test
  void isRefusedBeforeItIsFullAndGoesOnByItself() throws Exception {
    Path ballast = volume.resolve("ballast");
    try (Lake lake = lake();
        Journal journal = journal();
        Flusher flusher = Flusher.start(lake, journal, BY_HAND)) {
      append(journal, 500);
      assertThat(flusher.flush().rows()).isEqualTo(500);
      lake.settle(Steps.UNOBSERVED);

      appendUntilFull(journal);
      assertThat(journal.state().status()).isEqualTo(JournalState.Status.FULL);
      assertThat(journal.state().reason()).contains("are kept for the lake");
      assertThat(volume.toFile().getUsableSpace()).isGreaterThan(7 * MIB);
      assertThat(count(lake)).isEqualTo(accepted);

      fill(ballast);
      // What still fits into the page that the segment ends in is taken, and durable.
      appendUntilFull(journal);
      assertThatThrownBy(flusher::flush).isInstanceOf(LakeException.class);
      assertThatThrownBy(flusher::flush).isInstanceOf(LakeException.class);
      assertThat(flusher.figures().failures()).isEqualTo(2);
      assertThat(count(lake)).as("stats go on").isEqualTo(accepted);

      Files.delete(ballast);
      assertThat(flusher.flush().rows()).isEqualTo(accepted - 500);
      await().until(() -> journal.state().status() == JournalState.Status.OPEN);
      append(journal, 1);

      fill(ballast);
      assertThatThrownBy(() -> lake.settle(Steps.UNOBSERVED)).isInstanceOf(LakeException.class);
      assertThat(count(lake)).isEqualTo(accepted);
      Files.delete(ballast);
      assertThat(lake.settle(Steps.UNOBSERVED).rows()).isEqualTo(accepted - 501);
      assertThat(count(lake)).isEqualTo(accepted);
      assertThat(lake.unreadable()).isEmpty();
    }
    try (Lake lake = lake();
        Journal journal = journal();
        Flusher flusher = Flusher.start(lake, journal, BY_HAND)) {
      assertThat(journal.recovery().clean()).isTrue();
      assertThat(flusher.flush().rows()).isZero();
      assertThat(count(lake)).isEqualTo(accepted);
    }
  }

  private void append(Journal journal, int count) throws Exception {
    List<Event> events = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int n = accepted + i;
      events.add(Samples.view("a", "v" + n % 97, NOON.plusSeconds(n), "/" + n));
    }
    journal.append(events);
    accepted += count;
  }

  private void appendUntilFull(Journal journal) throws Exception {
    for (int i = 0; i < 10_000; i++) {
      try {
        append(journal, 200);
      } catch (JournalFullException e) {
        return;
      }
    }
    throw new AssertionError("never full");
  }

  /** Down to the last byte. */
  private static void fill(Path file) throws IOException {
    byte[] block = new byte[4096];
    try (OutputStream out = Files.newOutputStream(file)) {
      while (true) {
        out.write(block);
      }
    } catch (IOException e) {
      assertThat(e).hasMessageContaining("No space left");
    }
  }

  private static long count(Lake lake) throws Exception {
    try (LakeView view = lake.view("a")) {
      return Sql.number(view.connection(), "SELECT count(DISTINCT event_id) FROM " + view.events());
    }
  }

  private Lake lake() {
    return Lake.open(Samples.settings(volume), Disk.real());
  }

  private Journal journal() throws IOException {
    return Journal.open(volume.resolve("journal"), JOURNAL, Disk.real());
  }

  private static String run(String... words) throws Exception {
    try {
      Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
      String said =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      return process.waitFor() == 0 ? "" : said.isEmpty() ? "it failed" : said;
    } catch (IOException e) {
      return e.toString();
    }
  }
}
