package dev.eider.runtime.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eider.runtime.disk.Disk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalCheckTest {

  private static final JournalSettings SMALL =
      JournalSettings.DEFAULT.withSegmentBytes(2048).withMinFreeBytes(0);

  @TempDir Path directory;

  @Test
  void aSoundJournalIsReadWhileItIsWrittenAndLeftAsItIs() throws Exception {
    try (Journal journal = Journal.open(directory, SMALL, Disk.real())) {
      journal.start(0, batch -> {});
      for (int n = 1; n <= 40; n++) {
        journal.append(JournalTest.events(n, n));
      }
      Map<Path, byte[]> before = content();
      JournalCheck check = check();
      assertThat(check.sound()).isTrue();
      assertThat(check.records()).isEqualTo(40);
      assertThat(check.gaps()).isEmpty();
      assertThat(check.quarantined()).isEmpty();
      assertThat(check.segments()).hasSizeGreaterThan(3);
      JournalCheck.SegmentCheck first = check.segments().getFirst();
      assertThat(first.file()).isEqualTo("segment-00000000000000000001.cbor");
      assertThat(first.firstSeq()).isEqualTo(1);
      assertThat(first.epoch()).isEqualTo(1);
      assertThat(first.journalId()).isEqualTo(journal.id().toString());
      assertThat(check.segments().getLast().lastSeq()).isEqualTo(40);
      assertThat(content()).usingRecursiveComparison().isEqualTo(before);
      journal.append(JournalTest.events(41, 41));
      assertThat(check().records()).isEqualTo(41);
    }
  }

  @Test
  void aTornTailIsToldAndIsNoDamage() throws Exception {
    write(3);
    Files.write(segments().getLast(), new byte[] {(byte) 0x83, 0x1a, 7}, StandardOpenOption.APPEND);
    JournalCheck check = check();
    assertThat(check.sound()).isTrue();
    assertThat(check.segments().getLast().tornBytes()).isEqualTo(3);
    assertThat(check.records()).isEqualTo(3);
  }

  @Test
  void badRecordsAndHeadersAndMissingSegmentsAreTold() throws Exception {
    write(40);
    List<Path> segments = segments();
    flip(segments.getFirst(), SegmentHeader.LENGTH + 30);
    flip(segments.get(1), 40);
    assertThat(check().segments().get(1).bad())
        .singleElement()
        .satisfies(
            part ->
                assertThat(part.reason())
                    .isEqualTo("one bit of the header is wrong; its records can be read"));
    flip(segments.get(1), 41);
    Files.delete(segments.get(2));
    JournalCheck check = check();
    assertThat(check.sound()).isFalse();
    assertThat(check.segments().getFirst().bad())
        .singleElement()
        .satisfies(
            part -> {
              assertThat(part.offset()).isEqualTo(SegmentHeader.LENGTH);
              assertThat(part.reason()).isEqualTo("its checksum or its frame is wrong");
            });
    assertThat(check.segments().get(1).problem()).isEqualTo("the checksum of its header is wrong");
    assertThat(check.gaps())
        .containsExactly(
            new Recovery.Gap(
                check.segments().getFirst().lastSeq() + 1, check.segments().get(2).firstSeq() - 1));
    // What the check says is what an opening finds.
    try (Journal journal = Journal.open(directory, SMALL, Disk.real())) {
      assertThat(journal.recovery().records()).isEqualTo(check.records());
      assertThat(journal.recovery().quarantined()).hasSize(2);
    }
    assertThat(check().quarantined()).hasSize(2);
  }

  private void write(int events) throws Exception {
    try (Journal journal = Journal.open(directory, SMALL, Disk.real())) {
      journal.start(0, batch -> {});
      for (int n = 1; n <= events; n++) {
        journal.append(JournalTest.events(n, n));
      }
    }
  }

  private static void flip(Path file, int at) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    bytes[at] ^= 1;
    Files.write(file, bytes);
  }

  private JournalCheck check() throws IOException {
    return JournalCheck.of(directory, Disk.real());
  }

  private Map<Path, byte[]> content() throws IOException {
    Map<Path, byte[]> content = new TreeMap<>();
    for (Path file : segments()) {
      content.put(file, Files.readAllBytes(file));
    }
    return content;
  }

  private List<Path> segments() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(file -> file.toString().endsWith(".cbor")).sorted().toList();
    }
  }
}
