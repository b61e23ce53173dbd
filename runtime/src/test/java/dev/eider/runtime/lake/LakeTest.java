package dev.eider.runtime.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eider.runtime.disk.Disk;
import dev.eider.runtime.event.Event;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.duckdb.DuckDBConnection;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LakeTest {

  private static final Instant NOON = Instant.parse("2026-05-04T12:00:00Z");

  @TempDir Path data;

  @Test
  void countsHotRowsBeforeAnyFlush() throws Exception {
    try (Lake lake = open(1)) {
      lake.accept(Samples.numbered(1, List.of(Samples.view("a", "v1", NOON, "/"))));
      lake.accept(Samples.numbered(2, List.of(Samples.view("b", "v2", NOON, "/"))));
      assertThat(Samples.count(lake, "a")).isEqualTo(1);
      lake.accept(Samples.numbered(3, List.of(Samples.view("a", "v3", NOON, "/"))));
      assertThat(Samples.count(lake, "a")).isEqualTo(2);
      assertThat(lake.hotRows()).isEqualTo(3);
    }
  }

  @Test
  void keepsEveryFieldFromMemoryToFile() throws Exception {
    Event full = Samples.full("a", "v", NOON);
    Event bare = Samples.view("a", "w", NOON, "/bare");
    String sql = "SELECT to_json(list(e ORDER BY e.visitor_id))::VARCHAR FROM %s e";
    try (Lake lake = open(1)) {
      lake.accept(Samples.numbered(1, List.of(full, bare)));
      String hot;
      try (LakeView view = lake.view("a")) {
        hot = Sql.texts(view.connection(), sql.formatted(view.events())).getFirst();
      }
      assertThat(hot)
          .contains("\"props\":{\"plan\":\"pro\"}", "\"revenue_amount\":12.5", "/bare")
          .contains("\"scroll_depth\":80", "\"previous_visitor_id\":\"v-yesterday\"")
          .contains("\"channel\":\"Paid Search\",\"click_id\":\"gclid\"")
          .contains("\"device_brand\":\"Purism\",\"device_model\":\"Librem 14\"")
          .contains("\"region_code\":\"DE-BE\",\"city_geoname_id\":2950159")
          .contains("\"event_category\":\"shop\",\"event_action\":\"pay\"")
          .contains("\"event_label\":\"card\",\"event_value\":1.5")
          .contains("\"transaction_id\":\"A-17\",\"tax\":2.0,\"shipping\":4.9")
          .contains("\"items\":[{\"sku\":\"b1\",\"price\":12.5,\"quantity\":1}]")
          .contains("\"custom_dimensions\":{\"1\":\"gold\"},\"custom_metrics\":{\"2\":7}")
          .contains("\"language\":\"de-AT\",\"sdk_version\":\"shop 1.2\"")
          .contains("\"scroll_depth\":null", "\"city\":null", full.id().toString());
      FlushReport report = lake.flush();
      assertThat(report.rows()).isEqualTo(2);
      assertThat(lake.hotRows()).isZero();
      try (LakeView view = lake.view("a")) {
        assertThat(Sql.texts(view.connection(), sql.formatted(view.events()))).containsExactly(hot);
      }
    }
  }

  @Test
  void writesOneFileAFlushAndFindsItsMarkAgain() throws Exception {
    try (Lake lake = open(1)) {
      for (int flush = 0; flush < 3; flush++) {
        List<Event> events = new ArrayList<>();
        for (int i = 0; i < 5000; i++) {
          events.add(Samples.view("site-" + i % 7, "v" + i, NOON.plusMillis(i), "/" + i % 50));
        }
        lake.accept(Samples.numbered(1 + flush * 5000L, events));
        FlushReport report = lake.flush();
        assertThat(report.rows()).isEqualTo(5000);
        assertThat(report.mark()).isEqualTo(5000L * (flush + 1));
        assertThat(lake.mark(Samples.JOURNAL)).isEqualTo(report.mark());
      }
      assertThat(lake.flush().rows()).isZero();
      assertThat(parquetFiles("recent")).isEqualTo(3);
      assertThat(lake.liveFiles(Schema.MARKS)).as("files for marks").isEmpty();
    }
    try (Lake lake = open(2)) {
      assertThat(lake.mark(Samples.JOURNAL)).isEqualTo(15_000);
      assertThat(Samples.count(lake, "site-0")).isEqualTo(3 * 715);
    }
  }

  @Test
  void aMarkOutlivesTheSnapshotThatToldIt() throws Exception {
    try (Lake lake = open(1)) {
      for (int flush = 0; flush < 3; flush++) {
        lake.accept(
            Samples.numbered(1 + flush, List.of(Samples.view("a", "v" + flush, NOON, "/"))));
        lake.flush();
        lake.settle(Steps.UNOBSERVED);
        lake.expire(0, false, Steps.UNOBSERVED);
        assertThat(lake.mark(Samples.JOURNAL)).isEqualTo(1 + flush);
      }
      assertThat(lake.snapshots())
          .extracting(Snapshot::commitMessage)
          .containsExactly("settling 1 rows", "keeping journal marks");
    }
    try (Lake lake = open(2)) {
      assertThat(lake.mark(Samples.JOURNAL)).isEqualTo(3);
      lake.accept(Samples.numbered(4, List.of(Samples.view("a", "v4", NOON, "/"))));
      assertThat(lake.flush().mark()).isEqualTo(4);
      assertThat(Samples.count(lake, "a")).isEqualTo(4);
    }
    try (Lake lake = Lake.open(Samples.settings(data), Disk.real())) {
      assertThatThrownBy(() -> lake.own(Samples.JOURNAL, 1, Samples.NO_REPLAY))
          .as("one with an earlier epoch than a commit has told")
          .isInstanceOf(LakeException.class)
          .hasMessageContaining("was opened again elsewhere (epoch 2, this one has 1)");
    }
  }

  @Test
  void aViewStaysAtItsPointWhileOthersFlushAndAccept() throws Exception {
    try (Lake lake = open(1)) {
      lake.accept(Samples.numbered(1, List.of(Samples.view("a", "v1", NOON, "/"))));
      lake.flush();
      lake.accept(Samples.numbered(2, List.of(Samples.view("a", "v2", NOON, "/"))));
      try (LakeView before = lake.view("a")) {
        assertThat(Samples.count(before)).isEqualTo(2);
        lake.accept(Samples.numbered(3, List.of(Samples.view("a", "v3", NOON, "/"))));
        assertThat(Samples.count(lake, "a")).isEqualTo(3);
        assertThat(Samples.count(before)).isEqualTo(2);
        lake.flush();
        assertThat(Samples.count(before)).isEqualTo(2);
        assertThat(Samples.count(lake, "a")).isEqualTo(3);
      }
      assertThat(Samples.count(lake, "a")).isEqualTo(3);
    }
  }

  @Test
  void whatWasNotFlushedIsLeftToTheJournal() throws Exception {
    List<Event> events =
        List.of(Samples.view("a", "v1", NOON, "/"), Samples.view("a", "v2", NOON, "/"));
    try (Lake lake = open(1)) {
      lake.accept(Samples.numbered(1, events.subList(0, 1)));
      lake.flush();
      lake.accept(Samples.numbered(2, events.subList(1, 2)));
    }
    try (Lake lake = Lake.open(Samples.settings(data), Disk.real())) {
      long mark = lake.own(Samples.JOURNAL, 2, Samples.NO_REPLAY);
      assertThat(mark).isEqualTo(1);
      lake.accept(Samples.numbered(2, events.subList(1, 2)));
      assertThat(Samples.count(lake, "a")).isEqualTo(2);
    }
  }

  @Test
  void refusesAnOwnerWhoseJournalWasOpenedElsewhere() {
    try (Lake lake = open(5)) {
      lake.accept(Samples.numbered(1, List.of(Samples.view("a", "v1", NOON, "/"))));
      lake.flush();
      assertThatThrownBy(() -> lake.own(Samples.JOURNAL, 4, Samples.NO_REPLAY))
          .isInstanceOf(LakeException.class)
          .hasMessageContaining("epoch 5");
    }
  }

  @Test
  void refusesToBeginAnewWhereTheCatalogIsLost() throws Exception {
    try (Lake lake = open(1)) {
      lake.accept(Samples.numbered(1, List.of(Samples.view("a", "v1", NOON, "/"))));
      lake.flush();
      lake.settle(step -> {});
    }
    Path catalog = data.resolve("lake/catalog.ducklake");
    Path kept = Files.move(catalog, data.resolve("kept"));
    // Also when it is tried again, and an empty one is there.
    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(() -> open(2))
          .isInstanceOf(LakeException.class)
          .hasMessageContaining("no catalog that names them: " + catalog + " is not there")
          .hasMessageContaining("eider restore --parquet");
    }
    Files.move(kept, catalog, StandardCopyOption.REPLACE_EXISTING);
    try (Lake lake = open(2)) {
      assertThat(Samples.count(lake, "a")).isEqualTo(1);
    }
    assertThat(data.resolve("open/site_id=a")).isDirectoryRecursivelyContaining("glob:**.parquet");
  }

  @Test
  void aDamagedCatalogIsRefusedWithWhatToDo() throws Exception {
    open(1).close();
    Path catalog = data.resolve("lake/catalog.ducklake");
    byte[] whole = Files.readAllBytes(catalog);
    byte[] flipped = whole.clone();
    flipped[5000] ^= 1;
    for (byte[] damaged : List.of(new byte[0], Arrays.copyOf(whole, whole.length / 2), flipped)) {
      Files.write(catalog, damaged);
      assertThatThrownBy(() -> open(2))
          .isInstanceOf(LakeException.class)
          .hasMessageStartingWith(
              "the lake's catalog " + catalog + ", or its log beside it, is damaged")
          .hasMessageEndingWith(
              "Bring both back as they were, or bring back a backup (eider restore --from PLACE), or build a lake in a new data directory from the files (eider restore --parquet %s); nothing was changed"
                  .formatted(data.resolve("lake/data")));
      assertThat(Files.readAllBytes(catalog)).isEqualTo(damaged);
    }
    Files.write(catalog, whole);
    open(3).close();
  }

  @Test
  void theOpenTreeComesBackWhereItWasTakenAway() throws Exception {
    try (Lake lake = open(1)) {
      for (int day = 0; day < 3; day++) {
        lake.accept(
            Samples.numbered(
                day + 1, List.of(Samples.view("a", "v1", NOON.plus(Duration.ofDays(day)), "/"))));
        lake.flush();
        lake.settle(step -> {});
        if (day == 0) {
          deleteTree(data.resolve("open"));
        } else {
          assertThat(data.resolve("open/site_id=a")).isDirectoryContaining("glob:**/date=2026-*");
          assertThat(filesIn(data.resolve("open"))).isEqualTo(day + 1);
        }
        if (day == 1) {
          deleteTree(data.resolve("tmp"));
        }
      }
    }
  }

  @Test
  void aStartRemovesWhatAKilledProcessLeftWhereItWorked() throws Exception {
    open(1).close();
    Path archive = Files.createDirectories(data.resolve("tmp/archive"));
    Files.writeString(archive.resolve("site_a_1.parquet"), "rows");
    Files.writeString(data.resolve("tmp/export-1.ducklake"), "values");
    Files.writeString(data.resolve("tmp/catalog.ducklake"), "the newest copy");
    try (Lake lake = open(2)) {
      assertThat(filesIn(data.resolve("tmp"))).as("but the catalog's copy").isEqualTo(1);
      lake.accept(Samples.numbered(1, List.of(Samples.view("a", "v1", NOON, "/"))));
      lake.flush();
      assertThat(Samples.count(lake, "a")).isEqualTo(1);
    }
  }

  private static void deleteTree(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }

  private static long filesIn(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(Files::isRegularFile).count();
    }
  }

  @Test
  void refusesALakeOfALaterRelease() throws Exception {
    open(1).close();
    try (Connection later = DriverManager.getConnection("jdbc:duckdb:")) {
      LakeSettings settings = Samples.settings(data);
      Sql.run(
          later, "LOAD '%s'".formatted(settings.extensions().resolve("ducklake.duckdb_extension")));
      Sql.run(later, "ATTACH 'ducklake:%s/lake/catalog.ducklake' AS lake".formatted(data));
      Sql.run(later, "INSERT INTO lake.schema_versions VALUES (99, now()::TIMESTAMP)");
    }
    assertThatThrownBy(() -> open(2))
        .isInstanceOf(LakeException.class)
        .hasMessageContaining("schema version 99");
  }

  @Test
  void bringsHotRowsBackWhenTheEngineIsReplaced() throws Exception {
    List<Event> events = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      events.add(Samples.view("a", "v" + i, NOON, "/"));
    }
    try (Lake lake = Lake.open(Samples.settings(data), Disk.real())) {
      lake.own(
          Samples.JOURNAL,
          1,
          (after, through, into) ->
              into.accept(
                  Samples.numbered(1, events).stream()
                      .filter(row -> row.seq() > after && row.seq() <= through)
                      .toList()));
      lake.accept(Samples.numbered(1, events.subList(0, 3)));
      lake.flush();
      lake.accept(Samples.numbered(4, events.subList(3, 6)));
      assertThat(Samples.count(lake, "a")).isEqualTo(6);
      lake.accept(Samples.numbered(7, events.subList(6, 10)));
      lake.condemnEngine();
      assertThat(Samples.count(lake, "a")).isEqualTo(10);
      assertThat(lake.flush().rows()).isEqualTo(7);
      assertThat(Samples.count(lake, "a")).isEqualTo(10);
    }
  }

  /** As when its volume is unmounted: DuckDB makes all folders anew beneath. */
  @Test
  void aFolderInThePlaceOfTheLakesOwnTakesNoRows() throws Exception {
    Path files = data.resolve("lake/data");
    Path away = data.resolve("lake/away");
    try (Lake lake = open(1)) {
      lake.accept(Samples.numbered(1, List.of(Samples.view("a", "v", NOON, "/"))));
      lake.flush();
      lake.accept(Samples.numbered(2, List.of(Samples.view("a", "w", NOON, "/"))));
      Files.move(files, away);
      for (int tries = 0; tries < 2; tries++) {
        assertThatThrownBy(lake::flush).isInstanceOf(LakeException.class);
      }
      Files.createDirectories(files.resolve("main/recent"));
      assertThatThrownBy(lake::flush)
          .isInstanceOf(LakeException.class)
          .hasMessageContaining("see whether");
      assertThat(lake.hotRows()).isEqualTo(1);
      Files.move(files, data.resolve("lake/beneath"));
      Files.move(away, files);
      lake.flush();
      assertThat(Samples.count(lake, "a")).isEqualTo(2);
    }
  }

  /** As DuckLake's own transaction does after a failed fsync of the catalog, or a long question. */
  @Test
  void anInstanceThatIsNeverLetGoOfMakesTheProcessUseless() throws Exception {
    AtomicReference<Instant> now = new AtomicReference<>(NOON);
    try (Lake lake = Lake.open(Samples.settings(data).withClock(now::get), Disk.real())) {
      lake.own(Samples.JOURNAL, 1, Samples.NO_REPLAY);
      Connection kept;
      try (LakeView view = lake.view("a")) {
        kept = view.connection().unwrap(DuckDBConnection.class).duplicate();
      }
      lake.condemnEngine();
      assertThatThrownBy(lake::flush).hasMessageContaining("already attached");
      assertThat(lake.beyondRepair()).as("at once").isFalse();
      kept.close();
      now.set(NOON.plusSeconds(600));
      lake.flush();
      assertThat(lake.beyondRepair()).as("after it was let go of").isFalse();

      try (LakeView view = lake.view("a");
          Connection never = view.connection().unwrap(DuckDBConnection.class).duplicate()) {
        lake.condemnEngine();
        assertThatThrownBy(lake::flush).hasMessageContaining("already attached");
        assertThat(lake.beyondRepair()).isFalse();
        now.set(now.get().plusSeconds(120));
        assertThatThrownBy(lake::flush).hasMessageContaining("already attached");
        assertThat(lake.beyondRepair()).isTrue();
        assertThat(never.isClosed()).isFalse();
      }
    }
  }

  private Lake open(long epoch) {
    Lake lake = Lake.open(Samples.settings(data), Disk.real());
    lake.own(Samples.JOURNAL, epoch, Samples.NO_REPLAY);
    return lake;
  }

  private long parquetFiles(String table) throws Exception {
    try (Stream<Path> files = Files.walk(data.resolve("lake/data/main/" + table))) {
      return files.filter(file -> file.toString().endsWith(".parquet")).count();
    }
  }
}
