package dev.eider.runtime.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.cbor.databind.CBORMapper;
import dev.eider.runtime.disk.Disk;
import dev.eider.runtime.disk.ForgetfulDisk;
import dev.eider.runtime.event.Event;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.assertj.core.api.ThrowableAssert;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that are cut, flipped or mixed up. */
class JournalDamageTest {

  private static final JournalSettings SETTINGS = JournalSettings.DEFAULT.withMinFreeBytes(0);
  private static final int RECORDS = 5;

  @TempDir Path temporary;
  private Path directory;

  /** Forces cost nothing on it, and here there are thousands. */
  private ForgetfulDisk disk;

  private Path segment;
  private byte[] whole;

  /** Where each record begins, and at last where they end. */
  private final List<Integer> starts = new ArrayList<>();

  private UUID id;

  @BeforeEach
  void write() throws Exception {
    directory = temporary.resolve("journal");
    disk = ForgetfulDisk.over(directory);
    try (Journal journal = open()) {
      id = journal.id();
      journal.start(0, batch -> {});
      journal.append(JournalTest.events(1, RECORDS));
    }
    segment = segments().getFirst();
    whole = Files.readAllBytes(segment);
    int at = SegmentHeader.LENGTH;
    while (at < whole.length) {
      starts.add(at);
      at += RecordFrame.LENGTH + BigEndian.getInt(whole, at + 16);
    }
    starts.add(at);
    assertThat(starts).hasSize(RECORDS + 1);
  }

  @Test
  void anyCborToolReadsASegment() throws Exception {
    CBORMapper mapper = new CBORMapper();
    List<JsonNode> values = new ArrayList<>();
    try (JsonParser parser = mapper.createParser(whole)) {
      while (parser.nextToken() != null) {
        values.add(parser.readValueAsTree());
      }
    }
    assertThat(values).hasSize(1 + RECORDS);
    JsonNode header = values.getFirst();
    assertThat(header.get(0).asText()).isEqualTo("eider-journal");
    assertThat(header.get(1).asInt()).isEqualTo(1);
    assertThat(header).hasSize(8);
    JsonNode record = values.get(3);
    assertThat(record.get(1).asLong()).isEqualTo(3);
    JsonNode event = mapper.readTree(record.get(2).binaryValue());
    assertThat(event.get("12").asText()).isEqualTo("/3");
  }

  @Test
  void theTornTailIsCutAtEveryByte() throws Exception {
    for (int length = SegmentHeader.LENGTH; length < whole.length; length++) {
      restore(Arrays.copyOf(whole, length));
      int cut = length;
      long kept = starts.stream().skip(1).filter(end -> end <= cut).count();
      try (Journal journal = open()) {
        List<Accepted> seen = new ArrayList<>();
        journal.start(0, seen::addAll);
        assertThat(seen).extracting(Accepted::event).isEqualTo(JournalTest.events(1, kept));
        assertThat(journal.recovery().cutBytes()).isEqualTo(length - starts.get((int) kept));
        assertThat(journal.recovery().quarantined()).isEmpty();
        assertThat(journal.append(JournalTest.events(99, 99))).isEqualTo(kept + 1);
      }
      assertThat(openAndRead()).hasSize((int) kept + 1);
    }
  }

  @Test
  void zeroesAtTheEndAreATornTailToo() throws Exception {
    restore(Arrays.copyOf(whole, whole.length + 8192));
    try (Journal journal = open()) {
      assertThat(journal.recovery().cutBytes()).isEqualTo(8192);
      assertThat(journal.lastSeq()).isEqualTo(RECORDS);
    }
  }

  @Test
  void aBadRecordInTheMiddleIsCopiedAsideAndTheRestIsRead() throws Exception {
    for (int at = starts.get(1); at < starts.get(2); at++) {
      byte[] bad = whole.clone();
      bad[at] ^= 0x40;
      restore(bad);
      try (Journal journal = open()) {
        List<Accepted> seen = new ArrayList<>();
        journal.start(0, seen::addAll);
        assertThat(seen).extracting(Accepted::seq).containsExactly(1L, 3L, 4L, 5L);
        assertThat(journal.recovery().cutBytes()).isZero();
        assertThat(journal.recovery().gaps()).containsExactly(new Recovery.Gap(2, 2));
        Recovery.Quarantined copy = journal.recovery().quarantined().getFirst();
        assertThat(copy.copy())
            .hasBinaryContent(Arrays.copyOfRange(bad, starts.get(1), starts.get(2)));
        assertThat(Files.readString(Path.of(copy.copy().toString().replace(".bin", ".txt"))))
            .contains("at offset " + starts.get(1))
            .contains("checksum");
        assertThat(journal.append(JournalTest.events(99, 99))).isEqualTo(RECORDS + 1);
      }
    }
  }

  @Test
  void whatWasLostIsToldByEachOpeningUntilSomebodyHasLookedAtIt() throws Exception {
    byte[] bad = whole.clone();
    bad[starts.get(1) + 20] ^= 0x40;
    restore(bad);
    Path quarantine = directory.resolve("quarantine");
    String copied = "segment-00000000000000000001.cbor-at-%d.txt".formatted(starts.get(1));
    for (int opening = 0; opening < 2; opening++) {
      try (Journal journal = open()) {
        journal.start(opening == 0 ? 0 : RECORDS, batch -> {});
        assertThat(journal.troubles())
            .satisfiesExactly(
                lost ->
                    assertThat(lost)
                        .isEqualTo(
                            "journal: events 2 to 2 are neither in the journal nor in the lake (%s; remove it when that was looked into)"
                                .formatted(directory.resolve("lost/2-2.txt"))),
                unreadable ->
                    assertThat(unreadable)
                        .startsWith("journal: ")
                        .endsWith(
                            "(%s; remove it when that was looked into)"
                                .formatted(quarantine.resolve(copied))));
        // By then the lake has all of it.
        journal.release(journal.lastSeq());
      }
    }
    Files.delete(directory.resolve("lost/2-2.txt"));
    Files.delete(quarantine.resolve(copied));
    try (Journal journal = open()) {
      assertThat(journal.troubles()).isEmpty();
    }
  }

  @Test
  void aFolderWhereASegmentShouldBeIsNamed() throws Exception {
    Path folder = Files.createDirectory(directory.resolve("segment-00000000000000000900.cbor"));
    for (ThrowableAssert.ThrowingCallable reading :
        List.<ThrowableAssert.ThrowingCallable>of(
            this::open, () -> JournalCheck.of(directory, Disk.real()))) {
      assertThatThrownBy(reading)
          .isInstanceOf(IOException.class)
          .hasMessage(
              folder
                  + " is a folder, where a segment of the journal should be: take it away, or bring the segment back");
    }
  }

  @Test
  void aFlippedBitAnywhereLosesItsRecordAloneAndSaysWhich() throws Exception {
    List<Event> written = JournalTest.events(1, RECORDS);
    for (int at = 0; at < whole.length; at++) {
      byte[] bad = whole.clone();
      bad[at] ^= (byte) (1 << at % 8);
      restore(bad);
      int record = recordAt(at);
      List<Accepted> seen = new ArrayList<>();
      try (Journal journal = open()) {
        journal.start(0, seen::addAll);
        Recovery found = journal.recovery();
        if (record == 0) {
          assertThat(seen).as("bit at %d", at).hasSize(RECORDS);
          assertThat(found.quarantined()).isEmpty();
          continue;
        }
        List<Accepted> others = new ArrayList<>();
        for (int n = 1; n <= RECORDS; n++) {
          if (n != record) {
            others.add(new Accepted(n, written.get(n - 1)));
          }
        }
        assertThat(seen).as("bit at %d", at).isEqualTo(others);
        int length = starts.get(record) - starts.get(record - 1);
        if (record == RECORDS) {
          // Where nothing comes behind it, it is taken for one that was never whole.
          assertThat(found.cutBytes()).isEqualTo(length);
          assertThat(found.quarantined()).isEmpty();
        } else {
          assertThat(found.cutBytes()).isZero();
          assertThat(found.gaps()).containsExactly(new Recovery.Gap(record, record));
          assertThat(found.quarantined())
              .extracting(Recovery.Quarantined::offset, Recovery.Quarantined::length)
              .containsExactly(tuple((long) starts.get(record - 1), (long) length));
        }
      }
    }
  }

  @Test
  void whateverIsWrittenOverASegmentNothingWrongIsLoaded() throws Exception {
    List<Event> written = JournalTest.events(1, RECORDS);
    Random random = new Random(7);
    for (int round = 0; round < 300; round++) {
      byte[] bad = whole.clone();
      int from = random.nextInt(bad.length);
      byte[] noise = new byte[1 + random.nextInt(bad.length - from)];
      random.nextBytes(noise);
      System.arraycopy(noise, 0, bad, from, noise.length);
      restore(Arrays.copyOf(bad, from + noise.length + random.nextInt(bad.length)));
      List<Accepted> seen = new ArrayList<>();
      try (Journal journal = open()) {
        journal.start(0, seen::addAll);
        Set<Long> told = new TreeSet<>();
        for (Accepted accepted : seen) {
          assertThat(accepted.event()).isEqualTo(written.get((int) accepted.seq() - 1));
          assertThat(told.add(accepted.seq())).as("once").isTrue();
        }
        Recovery found = journal.recovery();
        if (seen.size() < RECORDS) {
          assertThat(found.clean()).as("round %d: what is lost is told", round).isFalse();
        }
        long lost = found.gaps().stream().mapToLong(gap -> gap.toSeq() - gap.fromSeq() + 1).sum();
        long last = told.isEmpty() ? 0 : new TreeSet<>(told).last();
        assertThat(lost).isEqualTo(last - told.size());
      }
    }
  }

  /** Counted from 1; 0 is the header. */
  private int recordAt(int offset) {
    return (int) starts.stream().filter(start -> start <= offset).count();
  }

  @Test
  void textThatLooksLikeARecordIsNotTakenForOne() throws Exception {
    // Somebody who knows the format, but not the salt, sends a record inside a title.
    Appending forged = Appending.of(JournalTest.events(6, 6));
    forged.seal(2, new byte[16], new CRC32C());
    byte[] bad = whole.clone();
    System.arraycopy(
        forged.frames(),
        0,
        bad,
        starts.get(1) + 30,
        Math.min(forged.length(), starts.get(3) - starts.get(1) - 30));
    restore(bad);
    assertThat(openAndRead()).extracting(Accepted::seq).doesNotContain(2L).contains(1L, 4L, 5L);
  }

  @Test
  void aSegmentWithABadHeaderIsPutAsideWholeAndItsNumbersAreNotGivenAgain() throws Exception {
    try (Journal journal = open()) {
      journal.start(0, batch -> {});
      journal.append(JournalTest.events(6, 7));
    }
    Path second = segments().getLast();
    byte[] bad = Files.readAllBytes(second);
    bad[40] ^= 3;
    Files.write(second, bad);
    try (Journal journal = open()) {
      assertThat(journal.id()).isEqualTo(id);
      assertThat(journal.recovery().quarantined())
          .singleElement()
          .satisfies(copy -> assertThat(copy.copy()).hasBinaryContent(bad));
      List<Accepted> seen = new ArrayList<>();
      // The lake had one of the lost events already.
      journal.start(6, seen::addAll);
      assertThat(seen).isEmpty();
      assertThat(journal.append(JournalTest.events(99, 99))).isEqualTo(7);
    }
    assertThat(openAndRead()).extracting(Accepted::seq).containsExactly(1L, 2L, 3L, 4L, 5L, 7L);
  }

  @Test
  void aJournalWithoutAnyReadableHeaderIsANewOne() throws Exception {
    byte[] bad = whole.clone();
    bad[0] ^= 3;
    restore(bad);
    try (Journal journal = open()) {
      // Under the old id its numbers would count as already in the lake.
      assertThat(journal.id()).isNotEqualTo(id);
      assertThat(journal.recovery().quarantined()).hasSize(1);
    }
  }

  @Test
  void segmentsOfTwoJournalsAreNotMixed() throws Exception {
    Path elsewhere = Files.createDirectory(temporary.resolve("elsewhere"));
    try (Journal other = Journal.open(elsewhere, SETTINGS, disk)) {
      other.start(10, batch -> {});
      other.append(JournalTest.events(1, 1));
    }
    try (Stream<Path> files = Files.list(elsewhere)) {
      for (Path file : files.filter(each -> each.toString().endsWith(".cbor")).toList()) {
        Files.copy(file, directory.resolve(file.getFileName()));
      }
    }
    assertThatThrownBy(this::open)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("two journals are mixed in one directory");
  }

  private Journal open() throws IOException {
    return Journal.open(directory, SETTINGS, disk);
  }

  private List<Accepted> openAndRead() throws IOException {
    List<Accepted> seen = new ArrayList<>();
    try (Journal journal = open()) {
      journal.start(0, seen::addAll);
    }
    for (Accepted accepted : seen) {
      Event event = accepted.event();
      assertThat(event.name()).isEqualTo("pageview");
    }
    return seen;
  }

  /** The directory with only this one segment. */
  private void restore(byte[] content) throws IOException {
    for (Path file : segments()) {
      Files.delete(file);
    }
    Path quarantine = directory.resolve("quarantine");
    if (Files.exists(quarantine)) {
      try (Stream<Path> files = Files.list(quarantine)) {
        for (Path file : files.toList()) {
          Files.delete(file);
        }
      }
    }
    Files.write(segment, content);
  }

  private List<Path> segments() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(file -> file.toString().endsWith(".cbor")).sorted().toList();
    }
  }
}
