package dev.eider.runtime.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eider.runtime.event.Event;
import dev.eider.runtime.event.Visitor;
import dev.eider.runtime.lake.Samples;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FromArchiveTest {

  private static final LocalDate DAY = LocalDate.parse("2026-05-04");

  @TempDir private Path temporary;

  private ArchivedLake at;

  @BeforeEach
  void open() {
    at = new ArchivedLake(temporary, Instant.parse("2026-06-01T03:30:00Z"));
  }

  @AfterEach
  void close() {
    at.close();
  }

  @Test
  void daysComeBackAsTheyWere() throws Exception {
    at.accept(DAY, 30);
    at.accept(DAY.plusDays(1), 20);
    at.accept(DAY.plusDays(2), 10);
    at.lake.settle(step -> {});
    List<String> rows = at.rows();
    List<String> sessions = at.sessions();
    at.retain(DAY.plusDays(2));
    assertThat(at.inLake()).isEqualTo(10);

    assertThat(at.bringBack(DAY, DAY.plusDays(1)).rows()).isEqualTo(50);
    assertThat(at.rows()).isEqualTo(rows);
    assertThat(at.sessions()).isEqualTo(sessions);
    assertThat(at.bringBack(DAY, DAY.plusDays(9)).rows()).as("each once").isZero();
    assertThat(at.rows()).isEqualTo(rows);
  }

  @Test
  void aVisitOfDaysComesBackAsOne() throws Exception {
    Instant begin = DAY.atTime(20, 0).toInstant(ZoneOffset.UTC);
    List<Event> visit = new ArrayList<>();
    for (int i = 0; i < 150; i++) {
      Instant at = begin.plus(Duration.ofMinutes(28L * i));
      LocalDate day = LocalDate.ofInstant(at, ZoneOffset.UTC);
      boolean goesOn = at.isBefore(day.atTime(0, 30).toInstant(ZoneOffset.UTC));
      // Ids of days, in no order that means anything.
      visit.add(
          Samples.view("a", new Visitor(id(day), goesOn ? id(day.minusDays(1)) : ""), at, "/" + i));
    }
    at.accept(visit);
    at.lake.settle(step -> {});
    List<String> rows = at.rows();
    List<String> sessions = at.sessions();
    assertThat(sessions).hasSize(1);
    at.retain(DAY.plusDays(9));
    assertThat(at.inLake()).isZero();

    assertThat(at.bringBack(DAY, DAY.plusDays(9)).rows()).isEqualTo(150);
    assertThat(at.sessions()).isEqualTo(sessions);
    assertThat(at.rows()).isEqualTo(rows);
  }

  private static String id(LocalDate day) {
    return "v" + day.hashCode() % 97;
  }

  @Test
  void retentionLeavesThemAloneAndThenRemovesThemAgainWithoutAnotherCopy() throws Exception {
    at.accept(DAY, 30);
    at.accept(DAY.plusDays(1), 20);
    at.retain(DAY.plusDays(2));
    at.bringBack(DAY, DAY);
    at.reopen();
    assertThat(at.retain(DAY.plusDays(2)).sites()).isEmpty();
    assertThat(at.inLake()).isEqualTo(30);
    at.now = at.now.plus(Duration.ofDays(1));
    assertThat(at.retain(DAY.plusDays(2)).rows()).isEqualTo(30);
    assertThat(at.inLake()).isZero();
    assertThat(at.files(".parquet")).hasSize(1);
  }

  @Test
  void aDayOfWhichOnlyLateRowsAreLeftStaysAway() throws Exception {
    at.accept(DAY, 5);
    at.retain(DAY.plusDays(1));
    Files.delete(at.files(".parquet").getFirst());
    Files.delete(at.files(".json").getFirst());
    at.accept(DAY, 2);
    at.retain(DAY.plusDays(1));
    assertThatThrownBy(() -> at.bringBack(DAY, DAY))
        .isInstanceOf(ArchiveException.class)
        .hasMessageStartingWith("of 2026-05-04 the archive has only rows that came late");
    assertThat(at.inLake()).isZero();
  }

  @Test
  void anAlteredFileIsRefused() throws Exception {
    at.accept(DAY, 5);
    at.retain(DAY.plusDays(1));
    Path file = at.files(".parquet").getFirst();
    byte[] bytes = Files.readAllBytes(file);
    bytes[100] ^= 1;
    Files.write(file, bytes);
    assertThatThrownBy(() -> at.bringBack(DAY, DAY))
        .isInstanceOf(ArchiveException.class)
        .hasMessageContaining("is not what was written");
    Files.write(file, new byte[10]);
    assertThatThrownBy(() -> at.bringBack(DAY, DAY)).hasMessageContaining("it has 10 bytes");
    Files.delete(file);
    assertThatThrownBy(() -> at.bringBack(DAY, DAY))
        .isInstanceOf(ArchiveException.class)
        .hasMessageContaining(file.getFileName() + " is not there, and ")
        .hasMessageContaining(" tells of its 5 rows");
    assertThat(at.inLake()).isZero();
  }

  /** Rows come, go to the archive with kills in between, and come back: none is lost or twice. */
  @RepeatedTest(6)
  void wheneverItIsStoppedNoRowIsLostOrTwice(RepetitionInfo info) throws Exception {
    long seed = info.getCurrentRepetition() * 7919L;
    Random random = new Random(seed);
    for (int step = 0; step < 25; step++) {
      at.now = at.now.plus(Duration.ofHours(random.nextInt(30)));
      LocalDate day = DAY.plusDays(random.nextInt(6));
      switch (random.nextInt(5)) {
        case 0, 1 -> at.accept(day, 1 + random.nextInt(12));
        case 2 -> at.bringBack(day, day.plusDays(random.nextInt(3)));
        case 3 -> retain(day, random);
        default -> at.reopen();
      }
      Set<String> everywhere = new HashSet<>();
      List<String> inLake = at.ids();
      everywhere.addAll(inLake);
      assertThat(everywhere).as("once in the lake, seed %d", seed).hasSameSizeAs(inLake);
      everywhere.addAll(at.archivedIds());
      assertThat(everywhere).as("seed %d, step %d", seed, step).hasSize(at.accepted());
    }
    at.now = at.now.plus(Duration.ofDays(2));
    at.retain(DAY.plusDays(9));
    assertThat(at.inLake()).isZero();
    assertThat(at.globbed()).isEqualTo(at.accepted() + " " + at.accepted());
  }

  private void retain(LocalDate keepFrom, Random random) {
    int[] left = {random.nextInt(12)};
    try {
      at.retain(
          keepFrom,
          at.archive(),
          step -> {
            if (--left[0] == 0) {
              throw new IllegalStateException("stopped");
            }
          });
    } catch (IllegalStateException e) {
      at.reopen();
    }
  }
}
