package dev.eider.runtime.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import dev.eider.runtime.disk.ForgetfulDisk;
import dev.eider.runtime.disk.PowerFailedException;
import dev.eider.runtime.event.Event;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Power fails at every step of the journal's work, and nothing that anybody was told is lost. The
 * same walks fail when any one force is left out, so every force is there for a reason, and the
 * walks would notice if one went missing.
 */
class JournalPowerTest {

  private static final JournalSettings SMALL =
      JournalSettings.DEFAULT.withSegmentBytes(1024).withMinFreeBytes(0);

  @TempDir Path temporary;
  private int walks;

  /** How the process ends at the chosen step. */
  private enum End {
    POWER,
    POWER_WITH_CHANCE,
    KILL_THEN_POWER
  }

  @Test
  void powerFailsAtEveryStep() throws Exception {
    int steps = walkEveryStep("");
    assertThat(steps).isGreaterThan(40);
  }

  @Test
  void randomWalks() throws Exception {
    for (int seed = 0; seed < 40; seed++) {
      randomWalk(seed, "");
    }
  }

  @Test
  void noForceCanBeLeftOut() throws Exception {
    Set<String> kinds = kinds();
    assertThat(kinds)
        .containsExactlyInAnyOrder(
            "createDirectories by Journal.open",
            "force by JournalReader.settleTail",
            "force by Segments.append",
            "replace, its content, by Segments.begin",
            "replace, its name, by Segments.begin");
    for (String kind : kinds) {
      assertThatThrownBy(
              () -> {
                walkEveryStep(kind);
                for (int seed = 0; seed < 40; seed++) {
                  randomWalk(seed, kind);
                }
              },
              "the walks without '%s'",
              kind)
          .isNotInstanceOf(PowerFailedException.class);
    }
  }

  @Test
  void whatWasCopiedAsideOutlivesItsSegment() throws Exception {
    assertThatCode(() -> quarantineWalk("")).doesNotThrowAnyException();
    // The name of the directory itself is forced along with the next segment's.
    for (String kind :
        List.of(
            "replace, its content, by Quarantine.keep", "replace, its name, by Quarantine.keep")) {
      assertThatThrownBy(() -> quarantineWalk(kind), "without '%s'", kind)
          .isInstanceOf(AssertionError.class);
    }
  }

  /** Its deletion may reach the medium before the name of the folder with the copy does. */
  @Test
  void aSegmentThatCannotBeReadIsGoneOnlyWhenItsCopyIsThere() throws Exception {
    unreadableWalk("");
    assertThatThrownBy(() -> unreadableWalk("createDirectories by Quarantine.keep"))
        .isInstanceOf(AssertionError.class);
  }

  private void unreadableWalk(String leftOut) throws Exception {
    Random random = new Random(1);
    boolean died = true;
    for (int step = 1; died; step++) {
      for (int again = 0; again < 20; again++) {
        Path directory = temporary.resolve("unreadable-" + walks++).resolve("journal");
        ForgetfulDisk disk = ForgetfulDisk.over(directory);
        disk.ignoring(leftOut);
        try (Journal journal = Journal.open(directory, SMALL, disk)) {
          journal.start(0, batch -> {});
          journal.append(JournalTest.events(1, 3));
        }
        Path segment = directory.resolve(SegmentName.of(1));
        byte[] bytes = Files.readAllBytes(segment);
        bytes[SegmentHeader.LENGTH / 2] ^= 3;
        Files.write(segment, bytes);
        disk.force(segment);
        disk.failAt(step);
        died = diesOpening(directory, disk);
        disk.failPower(random);
        Path copy = directory.resolve("quarantine").resolve(segment.getFileName() + "-at-0.bin");
        assertThat(Files.exists(copy) ? copy : segment)
            .as("power failed at operation %d", step)
            .hasBinaryContent(bytes);
      }
    }
  }

  private static boolean diesOpening(Path directory, ForgetfulDisk disk) {
    try {
      Journal.open(directory, SMALL, disk).close();
      return false;
    } catch (IOException e) {
      return true;
    }
  }

  private Set<String> kinds() throws Exception {
    ForgetfulDisk disk = ForgetfulDisk.over(temporary.resolve("kinds"));
    Driver driver = new Driver(temporary.resolve("kinds"), disk);
    driver.script();
    driver.kill();
    return driver.disk.kinds();
  }

  /** One fixed piece of work, ended at its first operation, its second, and so on. */
  private int walkEveryStep(String leftOut) throws Exception {
    // One for all: those of neighbouring seeds begin alike.
    Random random = new Random(1);
    int longest = 0;
    for (End end : End.values()) {
      boolean died = true;
      for (int step = 1; died; step++) {
        Path root = temporary.resolve("walk-" + walks++);
        ForgetfulDisk disk = ForgetfulDisk.over(root);
        disk.ignoring(leftOut);
        disk.failAt(step);
        Driver driver = new Driver(root, disk);
        died = driver.runUntilDeath();
        try {
          driver.end(end, random);
          driver.script();
          driver.powerFails(null);
        } catch (AssertionError e) {
          throw new AssertionError("ended at step " + step + " by " + end, e);
        }
        longest = Math.max(longest, step);
      }
    }
    return longest;
  }

  private void randomWalk(long seed, String leftOut) throws Exception {
    Random random = new Random(seed);
    Path root = temporary.resolve("random-" + walks++);
    ForgetfulDisk disk = ForgetfulDisk.over(root);
    disk.ignoring(leftOut);
    Driver driver = new Driver(root, disk);
    for (int turn = 0; turn < 12; turn++) {
      driver.disk.failAt(1 + random.nextInt(60));
      driver.randomWork(random);
      driver.end(End.values()[random.nextInt(End.values().length)], random);
    }
  }

  private void quarantineWalk(String leftOut) throws Exception {
    Path root = temporary.resolve("quarantine-" + walks++);
    ForgetfulDisk disk = ForgetfulDisk.over(root);
    disk.ignoring(leftOut);
    Driver driver = new Driver(root, disk);
    driver.append(3);
    driver.powerFails(null);
    Path segment;
    try (Stream<Path> files = Files.list(driver.directory)) {
      segment = files.filter(file -> file.toString().endsWith("1.cbor")).findFirst().orElseThrow();
    }
    byte[] bytes = Files.readAllBytes(segment);
    bytes[SegmentHeader.LENGTH + 40] ^= 1;
    Files.write(segment, bytes);
    driver.disk.force(segment);
    driver.lost(1);
    driver.powerFails(null);
    driver.release();
    driver.disk.forceDirectory(driver.directory);
    driver.powerFails(null);
    assertThat(segment).doesNotExist();
    try (Stream<Path> copies = Files.list(driver.directory.resolve("quarantine"))) {
      assertThat(copies.toList()).hasSize(2).allSatisfy(copy -> assertThat(copy).isNotEmptyFile());
    }
  }

  /** A process that works with the journal, and all that it was ever told. */
  private static final class Driver {

    private final Path directory;
    private ForgetfulDisk disk;
    private @Nullable Journal journal;
    private final Map<Long, Event> told = new HashMap<>();
    private final List<Accepted> sunk = new ArrayList<>();
    private @Nullable UUID id;
    private long epoch;
    private long mark;
    private long lastTold;
    private long next = 1;

    Driver(Path root, ForgetfulDisk disk) {
      this.directory = root.resolve("data/journal");
      this.disk = disk;
    }

    /** Works until it dies; false when it came to its end alive. */
    boolean runUntilDeath() {
      try {
        script();
        return false;
      } catch (IOException | JournalClosedException e) {
        return true;
      } catch (JournalFullException e) {
        return fail("not full", e);
      }
    }

    void script() throws IOException, JournalFullException, JournalClosedException {
      append(2);
      append(4);
      append(1);
      flush(sunk.getLast().seq() - 2);
      append(3);
      reopen();
      append(1);
      flush(sunk.getLast().seq());
      reopen();
      append(5);
    }

    void randomWork(Random random) {
      try {
        for (int i = 0; i < 25; i++) {
          switch (random.nextInt(8)) {
            case 0 -> reopen();
            case 1 -> flush(open().lastSeq());
            case 2 -> flush(Math.max(mark, open().lastSeq() - random.nextInt(5)));
            default -> append(1 + random.nextInt(4));
          }
        }
      } catch (IOException | JournalClosedException e) {
        // It died; that was the point.
      } catch (JournalFullException e) {
        fail("not full", e);
      }
    }

    void append(int count) throws IOException, JournalFullException, JournalClosedException {
      List<Event> events = JournalTest.events(next, next + count - 1);
      next += count;
      long last = open().append(events);
      for (int i = 0; i < count; i++) {
        long seq = last - count + 1 + i;
        assertThat(told).as("seq %d was told by the sink", seq).containsKey(seq);
        tell(seq, events.get(i));
      }
    }

    /** The lake commits up to here, durably, and the journal may let go. */
    void flush(long seq) throws IOException {
      Journal open = open();
      mark = Math.max(mark, seq);
      open.release(mark);
    }

    void release() throws IOException {
      flush(open().lastSeq());
    }

    void lost(long seq) {
      told.remove(seq);
    }

    void end(End end, Random random) throws IOException {
      switch (end) {
        case POWER -> powerFails(null);
        case POWER_WITH_CHANCE -> powerFails(random);
        case KILL_THEN_POWER -> {
          kill();
          // What this one finds and tells must be durable, though its writer never forced it.
          open();
          powerFails(null);
        }
      }
    }

    void powerFails(@Nullable Random random) throws IOException {
      Journal old = journal;
      journal = null;
      disk = random == null ? disk.failPower() : disk.failPower(random);
      if (old != null) {
        old.close();
      }
      open();
    }

    void kill() throws IOException {
      Journal old = journal;
      journal = null;
      disk = disk.kill();
      if (old != null) {
        old.close();
      }
    }

    private void reopen() throws IOException {
      Journal old = open();
      journal = null;
      old.close();
      open();
    }

    private Journal open() throws IOException {
      if (journal != null) {
        return journal;
      }
      Journal opened = Journal.open(directory, SMALL, disk);
      journal = opened;
      if (id != null) {
        assertThat(opened.id()).isEqualTo(id);
      }
      id = opened.id();
      assertThat(opened.epoch()).as("epoch").isGreaterThan(epoch);
      epoch = opened.epoch();
      assertThat(opened.lastSeq()).as("last seq").isGreaterThanOrEqualTo(lastTold);
      lastTold = opened.lastSeq();
      sunk.clear();
      opened.start(mark, this::sink);
      List<Long> replayed = sunk.stream().map(Accepted::seq).toList();
      assertThat(replayed)
          .as("replayed")
          .containsAll(told.keySet().stream().filter(seq -> seq > mark).toList());
      return opened;
    }

    private void sink(List<Accepted> batch) {
      for (Accepted accepted : batch) {
        sunk.add(accepted);
        tell(accepted.seq(), accepted.event());
      }
    }

    private void tell(long seq, Event event) {
      Event before = told.putIfAbsent(seq, event);
      assertThat(event).as("event of seq %d", seq).isEqualTo(before == null ? event : before);
      lastTold = Math.max(lastTold, seq);
    }
  }
}
