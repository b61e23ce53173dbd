package dev.eider.runtime.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.eider.runtime.disk.DiskFullException;
import dev.eider.runtime.disk.ForgetfulDisk;
import dev.eider.runtime.event.Event;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Disks that are full or broken. */
class JournalFaultTest {

  private static final JournalSettings SETTINGS =
      JournalSettings.DEFAULT.withSegmentBytes(2048).withMinFreeBytes(0);

  @TempDir Path temporary;
  private Path directory;
  private ForgetfulDisk disk;
  private final List<Accepted> seen = new ArrayList<>();

  @BeforeEach
  void disk() throws IOException {
    Path root = temporary.resolve("data");
    directory = root.resolve("journal");
    disk = ForgetfulDisk.over(root);
  }

  @Test
  void itsOwnBoundMakesItFullUntilARelease() throws Exception {
    try (Journal journal = open(SETTINGS.withMaxBytes(8192))) {
      journal.start(0, seen::addAll);
      int taken = appendUntilFull(journal, "may hold 8192");
      assertThat(taken).isGreaterThan(20);
      assertThat(journal.state().status()).isEqualTo(JournalState.Status.FULL);
      assertThat(journal.state().bytes()).isLessThanOrEqualTo(8192);
      journal.release(taken);
      assertThat(journal.state().status()).isEqualTo(JournalState.Status.OPEN);
      assertThat(journal.append(JournalTest.events(1, 1))).isEqualTo(taken + 1);
      assertThat(seen).hasSize(taken + 1);
    }
  }

  @Test
  void theReserveOnTheVolumeMakesItFullUntilSomebodyMakesRoom() throws Exception {
    long[] free = {100_000};
    disk.setFreeBytes(() -> free[0]);
    try (Journal journal = open(SETTINGS.withMinFreeBytes(50_000))) {
      journal.start(0, seen::addAll);
      journal.append(JournalTest.events(1, 1));
      free[0] = 40_000;
      journal.release(0); // looks at the volume anew
      assertThatThrownBy(() -> journal.append(JournalTest.events(2, 2)))
          .isInstanceOf(JournalFullException.class)
          .hasMessageContaining("40000 bytes free")
          .hasMessageContaining("50000 are kept for the lake");
      assertThat(journal.state().status()).isEqualTo(JournalState.Status.FULL);
      free[0] = 100_000;
      await().until(() -> journal.state().status() == JournalState.Status.OPEN);
      assertThat(journal.append(JournalTest.events(2, 2))).isEqualTo(2);
    }
  }

  @Test
  void aVolumeThatIsSuddenlyFullRefusesAndGoesOnLater() throws Exception {
    try (Journal journal = open(SETTINGS)) {
      journal.start(0, seen::addAll);
      journal.append(JournalTest.events(1, 2));
      disk.setFault(
          (operation, file) -> {
            if (operation.equals("append")) {
              throw new DiskFullException("No space left on device");
            }
          });
      for (int i = 0; i < 3; i++) {
        assertThatThrownBy(() -> journal.append(JournalTest.events(9, 9)))
            .isInstanceOf(JournalFullException.class)
            .hasMessageContaining("No space left on device");
      }
      assertThat(journal.state().status()).isEqualTo(JournalState.Status.FULL);
      disk.setFault((operation, file) -> {});
      assertThat(journal.append(JournalTest.events(3, 3))).isEqualTo(3);
      assertThat(journal.state().status()).isEqualTo(JournalState.Status.OPEN);
    }
    seen.clear();
    try (Journal journal = open(SETTINGS)) {
      journal.start(0, seen::addAll);
      assertThat(journal.recovery().clean()).isTrue();
      assertThat(seen).extracting(Accepted::event).isEqualTo(JournalTest.events(1, 3));
    }
  }

  @Test
  void noRoomForANewSegmentIsFullToo() throws Exception {
    try (Journal journal = open(SETTINGS)) {
      journal.start(0, seen::addAll);
      disk.setFault(
          (operation, file) -> {
            if (operation.equals("create")) {
              throw new DiskFullException("No space left on device");
            }
          });
      int taken = appendUntilFull(journal, "No space left on device");
      disk.setFault((operation, file) -> {});
      assertThat(journal.append(JournalTest.events(1, 1))).isEqualTo(taken + 1);
    }
  }

  @Test
  void aFailedForceClosesItForEver() throws Exception {
    try (Journal journal = open(SETTINGS)) {
      journal.start(0, seen::addAll);
      journal.append(JournalTest.events(1, 1));
      disk.setFault(
          (operation, file) -> {
            if (operation.equals("force")) {
              throw new IOException("Input/output error");
            }
          });
      assertThatThrownBy(() -> journal.append(JournalTest.events(2, 2)))
          .isInstanceOf(JournalClosedException.class)
          .hasMessageContaining("Input/output error");
      disk.setFault((operation, file) -> {});
      // A force that works again says nothing about what the failed one left behind.
      assertThatThrownBy(() -> journal.append(JournalTest.events(3, 3)))
          .isInstanceOf(JournalClosedException.class)
          .hasMessageContaining("Input/output error");
      assertThat(journal.state().status()).isEqualTo(JournalState.Status.CLOSED);
      assertThat(journal.state().reason()).contains("Input/output error");
      assertThat(journal.lastSeq()).isEqualTo(1);
      assertThat(seen).hasSize(1);
    }
  }

  @Test
  void anIoErrorAtAnyOperationLosesNothingThatWasAcceptedAndKeepsNothingElse() throws Exception {
    int operation = 0;
    boolean reached = true;
    while (reached) {
      operation++;
      Path root = temporary.resolve("eio-" + operation);
      ForgetfulDisk failing = ForgetfulDisk.over(root);
      AtomicInteger left = new AtomicInteger(operation);
      failing.setFault(
          (what, file) -> {
            if (left.decrementAndGet() == 0) {
              throw new IOException("Input/output error");
            }
          });
      TreeMap<Long, Event> accepted = new TreeMap<>();
      work(root.resolve("journal"), failing, accepted);
      reached = left.get() <= 0;
      failing.setFault((what, file) -> {});
      List<Accepted> found = new ArrayList<>();
      try (Journal journal = Journal.open(root.resolve("journal"), SETTINGS, failing)) {
        journal.start(RELEASED, found::addAll);
        List<Accepted> kept = List.copyOf(found);
        assertThat(kept)
            .as("after an error at operation %d", operation)
            .hasSize(accepted.tailMap(RELEASED, false).size());
        long next = journal.append(JournalTest.events(99, 99));
        assertThat(next).isGreaterThan(accepted.isEmpty() ? 0 : accepted.lastKey());
      }
      TreeMap<Long, Event> there = new TreeMap<>();
      found.forEach(each -> assertThat(there.put(each.seq(), each.event())).isNull());
      assertThat(there)
          .as("after an error at operation %d", operation)
          .containsAllEntriesOf(accepted.tailMap(RELEASED, false));
    }
    assertThat(operation).as("operations that were made to fail").isGreaterThan(60);
  }

  private static final long RELEASED = 6;

  /** Two processes, one after the other, and what was accepted until one of them failed. */
  private static void work(Path directory, ForgetfulDisk disk, TreeMap<Long, Event> accepted) {
    int sent = 1;
    for (int process = 0; process < 2; process++) {
      try (Journal journal = Journal.open(directory, SETTINGS, disk)) {
        journal.start(0, batch -> {});
        for (int i = 0; i < 12; i++) {
          List<Event> events = JournalTest.events(sent, sent + i % 3);
          sent += events.size();
          long last = journal.append(events);
          for (int n = 0; n < events.size(); n++) {
            accepted.put(last - events.size() + 1 + n, events.get(n));
          }
          if (i == 8 && last > RELEASED) {
            journal.release(RELEASED);
          }
        }
      } catch (IOException | JournalClosedException e) {
        assertThat(e).hasMessageContaining("Input/output error");
      } catch (JournalFullException e) {
        throw new AssertionError(e);
      }
    }
  }

  @Test
  void whatWaitsForASlowMediumIsBounded() throws Exception {
    CountDownLatch slow = new CountDownLatch(1);
    try (Journal journal = open(JournalSettings.DEFAULT.withMinFreeBytes(0))) {
      journal.start(0, seen::addAll);
      disk.setFault(
          (operation, file) -> {
            try {
              slow.await();
            } catch (InterruptedException e) {
              throw new IOException(e);
            }
          });
      List<Event> many = JournalTest.events(1, 20_000);
      List<Thread> waiting = new ArrayList<>();
      AtomicInteger refused = new AtomicInteger();
      for (int i = 0; i < 20; i++) {
        waiting.add(
            Thread.startVirtualThread(
                () -> {
                  try {
                    journal.append(many);
                  } catch (JournalFullException e) {
                    assertThat(e).hasMessageContaining("slower than events come in");
                    refused.incrementAndGet();
                  } catch (JournalClosedException e) {
                    throw new AssertionError(e);
                  }
                }));
      }
      await().until(() -> refused.get() > 0);
      slow.countDown();
      for (Thread each : waiting) {
        each.join();
      }
      assertThat(seen).hasSize((20 - refused.get()) * many.size());
      assertThat(journal.append(JournalTest.events(1, 1))).isEqualTo(seen.size());
    }
  }

  private int appendUntilFull(Journal journal, String words) {
    for (int taken = 0; taken < 1000; taken++) {
      try {
        journal.append(JournalTest.events(taken, taken));
      } catch (JournalFullException e) {
        assertThat(e).hasMessageContaining(words);
        return taken;
      } catch (JournalClosedException e) {
        throw new AssertionError(e);
      }
    }
    throw new AssertionError("never full");
  }

  private Journal open(JournalSettings settings) throws IOException {
    return Journal.open(directory, settings, disk);
  }
}
