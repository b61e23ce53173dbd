package dev.eider.runtime.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eider.runtime.disk.Disk;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The lake as it was. */
class PastTest {

  private static final Instant NOON = Instant.parse("2026-05-04T12:00:00Z");

  @TempDir Path data;
  private Lake lake;
  private long seq;

  @BeforeEach
  void open() {
    lake = Lake.open(Samples.settings(data), Disk.real());
    lake.own(Samples.JOURNAL, 1, Samples.NO_REPLAY);
  }

  @AfterEach
  void close() {
    lake.close();
  }

  @Test
  void eachSnapshotSaysWhatItWasMadeFor() {
    flush(3);
    flush(2);
    lake.compact(Steps.UNOBSERVED);
    assertThat(lake.snapshots())
        .extracting(Snapshot::commitMessage)
        .containsExactly(
            "making the lake's tables", "flushing 3 rows", "flushing 2 rows", "settling 5 rows");
    assertThat(lake.figures().snapshots()).isEqualTo(4);
    assertThat(lake.figures().asOfHorizon()).contains(lake.snapshots().getFirst().snapshotTime());
  }

  @Test
  void theSameBeforeAndAfterCompactionAndWithoutWhatCameLater() throws Exception {
    flush(3);
    Instant then = lake.snapshots().getLast().snapshotTime();
    long snapshot = lake.snapshots().getLast().snapshotId();
    flush(2);
    accept(4);
    for (int round = 0; round < 2; round++) {
      assertThat(Samples.count(lake, "a")).isEqualTo(9);
      assertThat(count(new AsOf.Time(then))).isEqualTo(3);
      assertThat(count(new AsOf.Snapshot(snapshot))).isEqualTo(3);
      assertThat(count(new AsOf.Time(Instant.now()))).isEqualTo(5);
      lake.compact(Steps.UNOBSERVED);
    }
  }

  @Test
  void whatHasExpiredIsGoneWithItsFilesAndSaysWhatIsLeft() throws Exception {
    flush(3);
    Snapshot old = lake.snapshots().getLast();
    flush(2);
    lake.settle(Steps.UNOBSERVED);
    try (LakeView reading = lake.view("a", new AsOf.Snapshot(old.snapshotId()))) {
      assertThat(lake.expire(0, true, Steps.UNOBSERVED).expiredCount()).isEqualTo(3);
      assertThat(lake.expire(0, false, Steps.UNOBSERVED).expiredCount()).isEqualTo(2);
      lake.cleanup(0, false, Steps.UNOBSERVED);
      assertThat(Samples.count(reading)).as("what a view reads stays").isEqualTo(3);
    }
    assertThat(lake.expire(0, false, Steps.UNOBSERVED))
        .as("what was read, and the settle, since the marks were kept after it")
        .isEqualTo(new ExpireReport("ok", 2, 0, false));
    assertThat(lake.cleanup(1, false, Steps.UNOBSERVED).filesCleaned()).as("grace").isZero();
    assertThat(lake.cleanup(0, true, Steps.UNOBSERVED))
        .isEqualTo(new CleanupReport("ok", 1, 0, true, 0));
    assertThat(lake.cleanup(0, false, Steps.UNOBSERVED))
        .isEqualTo(new CleanupReport("ok", 1, 0, false, 0));
    Snapshot left = lake.snapshots().getFirst();
    assertThat(lake.snapshots()).containsExactly(left);
    String oldest = "snapshot %d of %s".formatted(left.snapshotId(), left.snapshotTime());
    assertThatThrownBy(() -> count(new AsOf.Snapshot(old.snapshotId())))
        .isInstanceOf(PastGoneException.class)
        .hasMessage(
            "snapshot %d has expired; the oldest that can be read is %s"
                .formatted(old.snapshotId(), oldest));
    assertThatThrownBy(() -> count(new AsOf.Time(old.snapshotTime())))
        .isInstanceOf(PastGoneException.class)
        .hasMessage(
            "the lake of %s cannot be read any more; the oldest that can be is %s"
                .formatted(old.snapshotTime(), oldest));
    assertThatThrownBy(() -> count(new AsOf.Snapshot(99)))
        .hasMessage("there is no snapshot 99 yet; the newest is " + oldest);
    assertThat(count(new AsOf.Time(left.snapshotTime()))).isEqualTo(5);
  }

  @Test
  void superfluousSnapshotsGoWithTheNextCompaction() throws Exception {
    for (int i = 0; i < 5; i++) {
      flush(1);
    }
    // As if that had been three days ago, a minute apart.
    try (LakeView view = lake.view("a")) {
      Sql.run(
          view.connection(),
          "UPDATE %s.ducklake_snapshot SET snapshot_time = date_trunc('day', snapshot_time) - INTERVAL 3 DAY + snapshot_id * INTERVAL 1 MINUTE"
              .formatted(Catalog.ATTACHED));
    }
    Instant midnight = lake.snapshots().getLast().snapshotTime().plus(Duration.ofDays(1));
    assertThat(lake.compact(Steps.UNOBSERVED).expire().expiredCount()).isEqualTo(5);
    assertThat(count(new AsOf.Time(midnight))).isEqualTo(5);
    assertThat(lake.snapshots().getFirst().commitMessage()).isEqualTo("flushing 1 rows");
    assertThatThrownBy(() -> count(new AsOf.Snapshot(2))).isInstanceOf(PastGoneException.class);
  }

  @Test
  void aCopyOfTheCatalogIsReadByOthersWhileTheLakeGoesOn() throws Exception {
    flush(3);
    CatalogCopy copy = lake.copyCatalog();
    flush(2);
    try (Connection other = DriverManager.getConnection("jdbc:duckdb:")) {
      Sql.run(
          other,
          "LOAD '%s'"
              .formatted(Samples.settings(data).extensions().resolve("ducklake.duckdb_extension")));
      Sql.run(
          other,
          "ATTACH 'ducklake:%s' AS lake (READ_ONLY, DATA_PATH '%s', OVERRIDE_DATA_PATH true)"
              .formatted(copy.catalog(), copy.dataPath()));
      assertThat(Sql.number(other, "SELECT count(*) FROM lake.recent")).isEqualTo(3);
      flush(1);
      assertThat(Sql.number(other, "SELECT count(*) FROM lake.recent")).isEqualTo(3);
    }
    lake.copyCatalog();
    assertThat(Samples.count(lake, "a")).isEqualTo(6);
  }

  private void accept(int rows) {
    for (int i = 0; i < rows; i++) {
      lake.accept(Samples.numbered(++seq, List.of(Samples.view("a", "v" + seq, NOON, "/"))));
    }
  }

  private void flush(int rows) {
    accept(rows);
    lake.flush();
  }

  private long count(AsOf asOf) throws Exception {
    try (LakeView view = lake.view("a", asOf)) {
      return Samples.count(view);
    }
  }
}
