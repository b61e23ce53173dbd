package dev.eider.runtime.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.eider.runtime.config.FlushSettings;
import dev.eider.runtime.disk.Disk;
import dev.eider.runtime.event.Event;
import dev.eider.runtime.journal.Journal;
import dev.eider.runtime.journal.JournalFullException;
import dev.eider.runtime.journal.JournalSettings;
import dev.eider.runtime.journal.JournalState;
import dev.eider.runtime.server.Fault;
import dev.eider.runtime.server.FaultProxy;
import dev.eider.runtime.server.S3Server;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A bucket that is away for longer than the journal has room for. */
class BucketAwayTest {

  private static final Instant NOON = Instant.parse("2026-05-04T12:00:00Z");
  private static final JournalSettings SMALL =
      JournalSettings.DEFAULT.withSegmentBytes(64 << 10).withMaxBytes(512 << 10);

  /** By time alone, as soon as it may be. */
  private static final FlushSettings EACH_SECOND =
      new FlushSettings(10_000_000, Duration.ofSeconds(1), Duration.ofSeconds(2));

  @TempDir Path temporary;
  private int accepted;

  @Test
  void sendersAreRefusedAtTheBoundAloneAndItEmptiesByItself() throws Exception {
    S3Server server = S3Server.shared();
    String bucket = server.bucket();
    try (FaultProxy proxy = FaultProxy.beforeS3(server.port())) {
      try (Lake lake = lake(bucket, proxy);
          Journal journal = journal();
          Flusher flusher = Flusher.start(lake, journal, EACH_SECOND)) {
        ServerPlaces.hasten(lake);
        append(journal, 100);
        await().until(() -> lake.hotRows() == 0);
        proxy.set(Fault.refuse());
        appendUntilFull(journal);
        assertThat(journal.state().status()).isEqualTo(JournalState.Status.FULL);
        assertThat(journal.state().bytes()).isBetween(400L << 10, 512L << 10);
        assertThat(lake.hotRows()).as("all that was accepted is kept").isEqualTo(accepted - 100);
        await().until(() -> flusher.figures().failures() > 0);
      }
      // Killed or stopped meanwhile, it has all of it, and is as full as it was.
      try (Lake lake = lake(bucket, proxy);
          Journal journal = journal();
          Flusher flusher = Flusher.start(lake, journal, EACH_SECOND)) {
        ServerPlaces.hasten(lake);
        assertThat(lake.hotRows()).isEqualTo(accepted - 100);
        assertThatThrownBy(() -> append(journal, 2_000)).isInstanceOf(JournalFullException.class);
        await().until(() -> flusher.figures().failures() > 0);
        proxy.pass();
        await().atMost(Duration.ofSeconds(30)).until(() -> lake.hotRows() == 0);
        await().until(() -> journal.state().status() == JournalState.Status.OPEN);
        append(journal, 2_000);
        assertThat(Samples.count(lake, "a")).isEqualTo(accepted);
        flusher.flush();
        try (LakeView view = lake.view("a")) {
          assertThat(
                  Sql.number(
                      view.connection(), "SELECT count(DISTINCT event_id) FROM " + view.events()))
              .isEqualTo(accepted);
        }
      }
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
        append(journal, 50);
      } catch (JournalFullException e) {
        return;
      }
    }
    throw new AssertionError("never full");
  }

  private Lake lake(String bucket, FaultProxy proxy) throws IOException {
    return Lake.open(
        Samples.settings(temporary.resolve("data"))
            .withPlace(
                ServerPlaces.inBucket(
                    bucket,
                    S3Server.endpoint(proxy),
                    S3Server.shared().keys(),
                    temporary.resolve("keys"))),
        Disk.real());
  }

  private Journal journal() throws IOException {
    return Journal.open(temporary.resolve("data/journal"), SMALL, Disk.real());
  }
}
