package dev.eider.runtime.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eider.runtime.disk.Disk;
import dev.eider.runtime.event.Event;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalTest {

  private static final JournalSettings SMALL =
      JournalSettings.DEFAULT.withSegmentBytes(2048).withMinFreeBytes(0);

  @TempDir Path directory;
  private final List<Accepted> seen = new ArrayList<>();

  @Test
  void whatIsAppendedReachesTheSinkAndAnotherOpening() throws Exception {
    try (Journal journal = open(SMALL)) {
      journal.start(0, seen::addAll);
      assertThat(journal.append(events(1, 3))).isEqualTo(3);
      assertThat(journal.append(events(4, 4))).isEqualTo(4);
      assertThat(seen).isEqualTo(accepted(1, 4));
    }
    seen.clear();
    try (Journal journal = open(SMALL)) {
      journal.start(1, seen::addAll);
      assertThat(seen).isEqualTo(accepted(2, 4));
      assertThat(journal.append(events(5, 5))).isEqualTo(5);
      assertThat(journal.recovery().clean()).isTrue();
      assertThat(journal.recovery().records()).isEqualTo(4);
    }
  }

  @Test
  void theJournalStaysTheSameAndItsEpochRises() throws Exception {
    UUID id;
    try (Journal journal = open(SMALL)) {
      id = journal.id();
      assertThat(journal.epoch()).isEqualTo(1);
    }
    try (Journal journal = open(SMALL)) {
      assertThat(journal.id()).isEqualTo(id);
      assertThat(journal.epoch()).isEqualTo(2);
      journal.start(0, seen::addAll);
      journal.append(events(1, 1));
    }
    try (Journal journal = open(SMALL)) {
      assertThat(journal.epoch()).isEqualTo(3);
    }
  }

  @Test
  void aSecondOwnerIsToldWhoHasIt() throws Exception {
    try (Journal journal = open(SMALL)) {
      assertThatThrownBy(() -> open(SMALL))
          .isInstanceOf(JournalInUseException.class)
          .hasMessageContaining("is in use")
          .hasMessageContaining("Stop that one first");
      assertThat(journal.epoch()).isEqualTo(1);
    }
    open(SMALL).close();
  }

  @Test
  void segmentsEndBySizeAndAreReleasedWhole() throws Exception {
    try (Journal journal = open(SMALL)) {
      journal.start(0, seen::addAll);
      for (int n = 1; n <= 40; n++) {
        journal.append(events(n, n));
      }
      int before = segments().size();
      assertThat(before).isGreaterThan(4);
      assertThat(journal.state().segments()).isEqualTo(before);
      assertThat(journal.state().bytes()).isEqualTo(bytesOnDisk());
      journal.release(20);
      assertThat(segments()).hasSizeLessThan(before);
      assertThat(journal.state().bytes()).isEqualTo(bytesOnDisk());
    }
    seen.clear();
    try (Journal journal = open(SMALL)) {
      journal.start(20, seen::addAll);
      assertThat(seen).isEqualTo(accepted(21, 40));
    }
  }

  @Test
  void whatIsKeptCanBeHandedOnAgainWhileEventsAreAccepted() throws Exception {
    try (Journal journal = open(SMALL)) {
      journal.start(0, seen::addAll);
      for (int n = 1; n <= 30; n++) {
        journal.append(events(n, n));
        if (n % 10 == 0) {
          List<Accepted> again = new ArrayList<>();
          journal.replay(4, n - 1, again::addAll);
          assertThat(again).isEqualTo(accepted(5, n - 1));
        }
      }
      assertThatThrownBy(() -> journal.replay(0, 31, batch -> {}))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("the last is 30");
    }
  }

  @Test
  void segmentsEndByAge() throws Exception {
    try (Journal journal = open(SMALL.withMaxSegmentAge(Duration.ofNanos(1)))) {
      journal.start(0, seen::addAll);
      journal.append(events(1, 1));
      journal.append(events(2, 2));
      assertThat(segments()).hasSize(2);
    }
  }

  @Test
  void numbersGoOnAfterEverythingWasReleased() throws Exception {
    try (Journal journal = open(SMALL)) {
      journal.start(0, seen::addAll);
      journal.append(events(1, 9));
      journal.release(9);
      assertThat(journal.lastSeq()).isEqualTo(9);
      assertThat(segments()).hasSize(1);
    }
    for (int again = 0; again < 3; again++) {
      try (Journal journal = open(SMALL)) {
        assertThat(journal.lastSeq()).isEqualTo(9);
        assertThat(segments()).hasSize(1);
      }
    }
    seen.clear();
    try (Journal journal = open(SMALL)) {
      journal.start(9, seen::addAll);
      assertThat(seen).isEmpty();
      assertThat(journal.append(events(10, 10))).isEqualTo(10);
    }
  }

  @Test
  void itGoesOnBehindWhatTheLakeKnows() throws Exception {
    try (Journal journal = open(SMALL)) {
      journal.start(100, seen::addAll);
      assertThat(journal.lastSeq()).isEqualTo(100);
      assertThat(journal.append(events(101, 101))).isEqualTo(101);
    }
    try (Journal journal = open(SMALL)) {
      journal.start(100, seen::addAll);
      assertThat(journal.append(events(102, 102))).isEqualTo(102);
    }
  }

  @Test
  void nothingIsTakenBeforeTheStartOrAfterTheEnd() throws Exception {
    Journal journal = open(SMALL);
    assertThatThrownBy(() -> journal.append(events(1, 1)))
        .isInstanceOf(IllegalStateException.class);
    journal.start(0, seen::addAll);
    journal.close();
    assertThatThrownBy(() -> journal.append(events(1, 1)))
        .isInstanceOf(JournalClosedException.class)
        .hasMessageContaining("stopped");
    assertThat(journal.state().status()).isEqualTo(JournalState.Status.CLOSED);
  }

  @Test
  void aSinkThatFailsClosesTheJournalButLosesNothing() throws Exception {
    Journal journal = open(SMALL);
    journal.start(
        0,
        batch -> {
          throw new IllegalStateException("out of memory, say");
        });
    assertThatThrownBy(() -> journal.append(events(1, 1)))
        .isInstanceOf(JournalClosedException.class)
        .hasMessageContaining("out of memory, say");
    journal.close();
    try (Journal next = open(SMALL)) {
      next.start(0, seen::addAll);
      assertThat(seen).isEqualTo(accepted(1, 1));
    }
  }

  @Test
  void manyAppendersAtOnceGetTheirOwnNumbers() throws Exception {
    int appenders = 64;
    int each = 50;
    ConcurrentLinkedQueue<Accepted> answered = new ConcurrentLinkedQueue<>();
    try (Journal journal = open(SMALL.withSegmentBytes(1 << 16));
        var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      journal.start(0, seen::addAll);
      List<Future<?>> all = new ArrayList<>();
      for (int a = 0; a < appenders; a++) {
        long base = (long) a * each;
        all.add(
            executor.submit(
                () -> {
                  for (long n = base; n < base + each; n++) {
                    Event event = SomeEvents.number(n);
                    answered.add(new Accepted(journal.append(List.of(event)), event));
                  }
                  return null;
                }));
      }
      for (Future<?> one : all) {
        one.get();
      }
      JournalState state = journal.state();
      assertThat(state.records()).isEqualTo((long) appenders * each);
      assertThat(state.forces()).isLessThan((long) appenders * each);
    }
    assertThat(seen).extracting(Accepted::seq).isEqualTo(seqs(1, (long) appenders * each));
    assertThat(answered).containsExactlyInAnyOrderElementsOf(seen);
    List<Accepted> before = List.copyOf(seen);
    seen.clear();
    try (Journal journal = open(SMALL)) {
      journal.start(0, seen::addAll);
    }
    assertThat(seen).isEqualTo(before);
  }

  @Test
  void anInterruptedAppenderStillLearnsTheOutcome() throws Exception {
    try (Journal journal = open(SMALL)) {
      journal.start(0, seen::addAll);
      Thread.currentThread().interrupt();
      assertThat(journal.append(events(1, 1))).isEqualTo(1);
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  @Test
  void aSegmentOfALaterVersionIsRefused() throws Exception {
    try (Journal journal = open(SMALL)) {
      assertThat(journal.epoch()).isEqualTo(1);
    }
    Path segment = segments().getFirst();
    byte[] bytes = Files.readAllBytes(segment);
    bytes[4 + 14 + 2] = 9;
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, SegmentHeader.LENGTH - 4);
    BigEndian.putInt(bytes, SegmentHeader.LENGTH - 4, (int) crc.getValue());
    Files.write(segment, bytes);
    assertThatThrownBy(() -> open(SMALL))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("later version of Eider (format 9")
        .hasMessageContaining("Start that version again");
  }

  private Journal open(JournalSettings settings) throws IOException {
    return Journal.open(directory, settings, Disk.real());
  }

  private List<Path> segments() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(file -> file.toString().endsWith(".cbor")).sorted().toList();
    }
  }

  private long bytesOnDisk() throws IOException {
    long sum = 0;
    for (Path segment : segments()) {
      sum += Files.size(segment);
    }
    return sum;
  }

  /** With segments that have many noted places, of this process and of the one before. */
  @Test
  void anyPartOfALongJournalIsHandedOnAgain() throws Exception {
    JournalSettings settings =
        JournalSettings.DEFAULT.withSegmentBytes(1 << 20).withMinFreeBytes(0);
    int perLife = 8_000;
    try (Journal journal = open(settings)) {
      journal.start(0, batch -> {});
      for (long from = 1; from < perLife; from += 500) {
        journal.append(events(from, from + 499));
      }
    }
    try (Journal journal = open(settings)) {
      journal.start(0, batch -> {});
      for (long from = perLife + 1; from < 2L * perLife; from += 100) {
        journal.append(events(from, from + 99));
      }
      assertThat(journal.state().segments()).isGreaterThan(3);
      Random random = new Random(4);
      for (int i = 0; i < 40; i++) {
        long after = random.nextInt(2 * perLife);
        long through = Math.min(2L * perLife, after + random.nextInt(3_000));
        List<Accepted> again = new ArrayList<>();
        journal.replay(after, through, again::addAll);
        assertThat(again).isEqualTo(accepted(after + 1, through));
      }
    }
  }

  static List<Event> events(long from, long to) {
    return LongStream.rangeClosed(from, to).mapToObj(SomeEvents::number).toList();
  }

  private static List<Accepted> accepted(long from, long to) {
    return LongStream.rangeClosed(from, to)
        .mapToObj(n -> new Accepted(n, SomeEvents.number(n)))
        .toList();
  }

  private static List<Long> seqs(long from, long to) {
    return LongStream.rangeClosed(from, to).boxed().toList();
  }
}
