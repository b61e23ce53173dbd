package dev.eider.runtime.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.eider.runtime.config.FlushSettings;
import dev.eider.runtime.disk.Disk;
import dev.eider.runtime.event.Event;
import dev.eider.runtime.journal.Journal;
import dev.eider.runtime.journal.JournalSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FlusherTest {

  private static final FlushSettings BY_COUNT =
      new FlushSettings(100, Duration.ofHours(1), Duration.ofSeconds(30));

  @TempDir Path data;

  @Test
  void flushesByCountAndReleasesTheJournal() throws Exception {
    try (Lake lake = lake();
        Journal journal = journal();
        Flusher flusher = Flusher.start(lake, journal, BY_COUNT)) {
      journal.append(events(99));
      assertThat(lake.hotRows()).isEqualTo(99);
      journal.append(events(1));
      await().untilAsserted(() -> assertThat(flusher.figures().rows()).isEqualTo(100));
      assertThat(flusher.figures().flushes()).isEqualTo(1);
      assertThat(lake.hotRows()).isZero();
      assertThat(lake.mark(journal.id())).isEqualTo(100);
      assertThat(Samples.count(lake, "a")).isEqualTo(100);
    }
  }

  @Test
  void flushesByTime() throws Exception {
    FlushSettings settings =
        new FlushSettings(1_000_000, Duration.ofSeconds(1), Duration.ofSeconds(30));
    try (Lake lake = lake();
        Journal journal = journal();
        Flusher flusher = Flusher.start(lake, journal, settings)) {
      journal.append(events(3));
      await().untilAsserted(() -> assertThat(flusher.figures().rows()).isEqualTo(3));
      assertThat(lake.hotRows()).isZero();
    }
  }

  @Test
  void flushesAtTheEnd() throws Exception {
    try (Lake lake = lake()) {
      try (Journal journal = journal();
          Flusher flusher = Flusher.start(lake, journal, BY_COUNT)) {
        journal.append(events(7));
        assertThat(flusher.figures().rows()).isZero();
      }
      assertThat(lake.hotRows()).isZero();
    }
  }

  @Test
  void anOlderCatalogThanTheLakesIsRefusedUntilSomebodySaysSo() throws Exception {
    Path catalog = data.resolve("lake/catalog.ducklake");
    Path copy = data.resolve("older");
    for (int run = 0; run < 2; run++) {
      try (Lake lake = lake();
          Journal journal = journal();
          Flusher flusher = Flusher.start(lake, journal, BY_COUNT)) {
        journal.append(events(5));
        flusher.flush(true);
      }
      if (run == 0) {
        Files.copy(catalog, copy);
      }
    }
    Files.copy(copy, catalog, StandardCopyOption.REPLACE_EXISTING);
    try (Lake lake = lake();
        Journal journal = journal()) {
      assertThatThrownBy(() -> Flusher.start(lake, journal, BY_COUNT))
          .isInstanceOf(LakeException.class)
          .hasMessageStartingWith(
              catalog
                  + " is an older catalog than this lake's: it does not know events 6 to 10, nor 1 files that were committed, of which one is "
                  + data.resolve("lake/data/main/recent/ducklake-"))
          .hasMessageEndingWith(
              "Whoever wants to go on without these events deletes %s"
                  .formatted(data.resolve("lake/write-ahead.txt")));
    }
    Files.delete(data.resolve("lake/write-ahead.txt"));
    try (Lake lake = lake();
        Journal journal = journal();
        Flusher flusher = Flusher.start(lake, journal, BY_COUNT)) {
      journal.append(events(2));
      flusher.flush();
      assertThat(Samples.count(lake, "a")).isEqualTo(7);
    }
  }

  @Test
  void replaysWhatWasNotFlushed() throws Exception {
    try (Lake lake = lake();
        Journal journal = journal()) {
      journal.start(lake.own(journal.id(), journal.epoch(), journal::replay), lake::accept);
      journal.append(events(5));
      lake.flush();
      journal.append(events(4));
    }
    try (Lake lake = lake();
        Journal journal = journal();
        Flusher flusher = Flusher.start(lake, journal, BY_COUNT)) {
      assertThat(lake.hotRows()).isEqualTo(4);
      assertThat(Samples.count(lake, "a")).isEqualTo(9);
      assertThat(flusher.flush().rows()).isEqualTo(4);
      assertThat(Samples.count(lake, "a")).isEqualTo(9);
    }
  }

  @Test
  void aFailedFlushIsShownAndTriedAgain() throws Exception {
    Path files = data.resolve("lake/data");
    try (Lake lake = lake();
        Journal journal = journal();
        Flusher flusher = Flusher.start(lake, journal, BY_COUNT)) {
      // A file where DuckLake wants a folder.
      Files.writeString(files.resolve("main/recent"), "in the way");
      journal.append(events(100));
      await().untilAsserted(() -> assertThat(flusher.figures().failures()).isPositive());
      assertThat(flusher.figures().lastError()).contains("the flush failed");
      assertThat(Samples.count(lake, "a")).isEqualTo(100);
      Files.delete(files.resolve("main/recent"));
      await().untilAsserted(() -> assertThat(flusher.figures().rows()).isEqualTo(100));
      assertThat(flusher.figures().lastError()).isEmpty();
      assertThat(Samples.count(lake, "a")).isEqualTo(100);
    }
  }

  @Test
  void takesMoreThanOneFlushMayInSeveralAndLetsTheJournalGoInBetween() throws Exception {
    FlushSettings settings = new FlushSettings(1, Duration.ofHours(1), Duration.ofSeconds(30));
    LakeSettings bounded = Samples.settings(data).withSettleRows(40);
    try (Lake lake = Lake.open(bounded, Disk.real());
        Journal journal =
            Journal.open(
                data.resolve("journal"),
                JournalSettings.DEFAULT.withSegmentBytes(1024).withMinFreeBytes(0),
                Disk.real())) {
      long mark = lake.own(journal.id(), journal.epoch(), journal::replay);
      journal.start(mark, lake::accept);
      for (int i = 0; i < 10; i++) {
        journal.append(events(10));
      }
      assertThat(lake.flushNext().rows()).isEqualTo(40);
      assertThat(journal.release(40)).isPositive();
      assertThat(Samples.count(lake, "a")).isEqualTo(100);
    }
    try (Lake lake = Lake.open(bounded, Disk.real());
        Journal journal = journal();
        Flusher flusher = Flusher.start(lake, journal, settings)) {
      await().untilAsserted(() -> assertThat(flusher.figures().rows()).isEqualTo(60));
      assertThat(flusher.figures().flushes()).isEqualTo(2);
      assertThat(Samples.count(lake, "a")).isEqualTo(100);
      journal.append(events(90));
      assertThat(flusher.flush().mark()).isEqualTo(190);
      assertThat(lake.liveFiles(Schema.RECENT).stream().map(LakeFile::rows).toList())
          .allMatch(rows -> rows <= 40);
      assertThat(journal.state().segments()).isEqualTo(1);
      assertThat(Samples.count(lake, "a")).isEqualTo(190);
    }
  }

  /** Far more than waits in the heap, from a journal that a dead process left. */
  @Test
  void startsBehindALongJournal() throws Exception {
    int events = 45_000;
    try (Journal journal = journal()) {
      journal.start(0, batch -> {});
      for (int i = 0; i < events; i += 500) {
        journal.append(events(500));
      }
    }
    FlushSettings settings =
        new FlushSettings(1_000_000, Duration.ofHours(1), Duration.ofSeconds(30));
    try (Lake lake = Lake.open(Samples.settings(data).withSettleRows(10_000), Disk.real());
        Journal journal = journal();
        Flusher flusher = Flusher.start(lake, journal, settings)) {
      assertThat(lake.hotRows()).isEqualTo(events);
      journal.append(events(1));
      assertThat(Samples.count(lake, "a")).isEqualTo(events + 1);
      assertThat(flusher.flush().rows()).isEqualTo(events + 1);
      assertThat(Samples.count(lake, "a")).isEqualTo(events + 1);
      assertThat(lake.liveFiles(Schema.RECENT)).hasSize(5);
    }
  }

  private Lake lake() {
    return Lake.open(Samples.settings(data), Disk.real());
  }

  private Journal journal() throws Exception {
    return Journal.open(
        data.resolve("journal"), JournalSettings.DEFAULT.withMinFreeBytes(0), Disk.real());
  }

  private static List<Event> events(int count) {
    List<Event> events = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      events.add(Samples.view("a", "v" + i, Instant.parse("2026-05-04T12:00:00Z"), "/" + i));
    }
    return events;
  }
}
