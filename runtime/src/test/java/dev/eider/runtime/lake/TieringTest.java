package dev.eider.runtime.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eider.runtime.config.LakePlace;
import dev.eider.runtime.disk.Disk;
import dev.eider.runtime.event.Event;
import dev.eider.runtime.server.PostgresServer;
import dev.eider.runtime.server.S3Server;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Days that lie in a bucket while the lake lies on a volume, on a real S3 server. */
class TieringTest {

  private static final Instant NOON = Instant.parse("2026-05-04T12:00:00Z");
  private static final LocalDate FIRST = LocalDate.parse("2026-05-04");
  private static final String ALICE = "zz-alice-0123456789abcdef";

  @TempDir Path temporary;

  private final S3Server server = S3Server.shared();
  private String bucket = "";
  private LakePlace place = LakePlace.VOLUME;
  private Path data = Path.of("");

  @BeforeEach
  void prepare() throws IOException {
    bucket = server.bucket();
    data = temporary.resolve("data");
    Path keys = temporary.resolve("keys");
    server.keys().write(keys);
    place =
        LakePlace.VOLUME.withTier(
            Optional.of(ServerPlaces.bucket(bucket, server.endpoint(), keys, Optional.empty())));
  }

  @Test
  void movedDaysAnswerAsBefore() throws Exception {
    try (Lake lake = open(1)) {
      fourDays(lake);
      String before = rows(lake);
      long old = lake.figures().snapshot();
      List<LakeFile> files = lake.liveFiles(Schema.EVENTS);

      TierReport dry = lake.tier(plan(2, true), Steps.UNOBSERVED);
      assertThat(objects()).isEmpty();
      TierReport report = lake.tier(plan(2, false), Steps.UNOBSERVED);

      assertThat(List.of(dry.days(), dry.files(), dry.rows(), dry.bytes()))
          .isEqualTo(List.of(report.days(), report.files(), report.rows(), report.bytes()))
          .isEqualTo(List.of(2L, 2L, 4L, files.get(0).bytes() + files.get(1).bytes()));
      assertThat(report.message())
          .startsWith("4 rows of 2 days (2 files, ")
          .endsWith(
              "lie in the bucket now; the volume lets go of them when the snapshots before have"
                  + " expired");
      assertThat(objects()).hasSize(2);
      assertThat(moved(lake)).isEqualTo(2);
      assertThat(rows(lake)).isEqualTo(before);
      try (LakeView past = lake.view("a", new AsOf.Snapshot(old))) {
        assertThat(Samples.count(past)).isEqualTo(8);
      }
      assertThat(open()).containsExactly("date=2026-05-06", "date=2026-05-07");
      assertThat(lake.tier(plan(2, false), Steps.UNOBSERVED).message())
          .isEqualTo("nothing is to be moved to the bucket");

      lake.expire(0, false, Steps.UNOBSERVED);
      lake.compact(Steps.UNOBSERVED);
      assertThat(onVolume()).as("files of events on the volume").isEqualTo(2);
      assertThat(rows(lake)).isEqualTo(before);
      assertThat(lake.checkRollups(Steps.UNOBSERVED).differing()).isZero();
    }
    try (Lake lake = open(2)) {
      assertThat(lake.unreadable()).isEmpty();
      assertThat(Samples.count(lake, "a")).isEqualTo(8);
    }
  }

  @Test
  void withoutItsCatalogItIsNotBegunAnewWhereItsDaysLieInTheBucket() throws Exception {
    try (Lake lake = open(1)) {
      fourDays(lake);
      lake.tier(plan(4, false), Steps.UNOBSERVED);
      lake.expire(0, false, Steps.UNOBSERVED);
      lake.compact(Steps.UNOBSERVED);
      assertThat(onVolume()).as("files of events on the volume").isZero();
    }
    Files.delete(data.resolve("lake/catalog.ducklake"));
    assertThatThrownBy(() -> open(2)).hasMessageContaining("no catalog that names them: ");
  }

  @Test
  void lateRowsOfAMovedDayComeBesideItAndAreMovedLater() throws Exception {
    try (Lake lake = open(1)) {
      fourDays(lake);
      lake.tier(plan(2, false), Steps.UNOBSERVED);
      for (int late = 0; late < 3; late++) {
        // The second goes on a visit that is in the bucket, so that its file is written anew.
        accept(lake, 9 + late, Samples.view("a", "late", NOON.plusSeconds(3600 * late), "/late"));
        lake.flush();
        lake.compact(Steps.UNOBSERVED);
      }
      assertThat(moved(lake)).isEqualTo(2);
      assertThat(lake.liveFiles(Schema.EVENTS)).hasSize(5);
      assertThat(Samples.count(lake, "a")).isEqualTo(11);
      accept(lake, 12, Samples.view("a", "alice-0", NOON.plusSeconds(120), "/goes-on"));
      lake.flush();
      lake.compact(Steps.UNOBSERVED);
      assertThat(Samples.count(lake, "a")).isEqualTo(12);
      String rows = rows(lake);
      lake.tier(plan(2, false), Steps.UNOBSERVED);
      assertThat(rows(lake)).isEqualTo(rows);
      assertThat(open()).containsExactly("date=2026-05-06", "date=2026-05-07");
    }
  }

  @Test
  void retentionRemovesMovedDaysFromTheBucket() throws Exception {
    try (Lake lake = open(1)) {
      fourDays(lake);
      lake.tier(plan(2, false), Steps.UNOBSERVED);
      RetainReport report =
          lake.retain(
              new RetainPlan(
                  List.of(new RetainPlan.Site("a", FIRST.plusDays(1), 100, true)), false),
              Steps.UNOBSERVED);
      assertThat(report.rows()).isEqualTo(2);
      assertThat(report.status()).isEqualTo("ok");
      assertThat(objects()).hasSize(1).allMatch(key -> key.contains("date=2026-05-05"));
      assertThat(onVolume()).isEqualTo(2);
      assertThat(Samples.count(lake, "a")).isEqualTo(6);
    }
  }

  @Test
  void movedDaysAreArchivedBeforeTheyGo() throws Exception {
    Path kept = temporary.resolve("kept.parquet");
    List<DayRows> days = new ArrayList<>();
    RowsArchive archive =
        new RowsArchive() {
          @Override
          public Kept keep(GoingRows rows, Steps steps) {
            rows.write(kept, rows.days().stream().map(DayRows::date).toList());
            days.addAll(rows.read(kept));
            return new Kept(
                days.stream().mapToLong(DayRows::rows).sum(),
                List.of("kept"),
                kept.toFile().length());
          }

          @Override
          public int forget(String siteId) {
            return 0;
          }
        };
    try (Lake lake = open(1)) {
      fourDays(lake);
      lake.tier(plan(2, false), Steps.UNOBSERVED);
      RetainPlan.Site site =
          new RetainPlan.Site(
              "a",
              FIRST.plusDays(2),
              FIRST.plusDays(2),
              Optional.empty(),
              Optional.empty(),
              100,
              true,
              Optional.of(archive));
      RetainReport report = lake.retain(new RetainPlan(List.of(site), false), Steps.UNOBSERVED);
      assertThat(report.archivedRows()).isEqualTo(4);
      assertThat(objects()).isEmpty();
      assertThat(Samples.count(lake, "a")).isEqualTo(4);
      lake.bringBack("a", List.of(kept), days, Instant.now(), Steps.UNOBSERVED);
      assertThat(Samples.count(lake, "a")).isEqualTo(8);
      lake.tier(plan(2, false), Steps.UNOBSERVED);
      assertThat(objects()).hasSize(2);
      assertThat(Samples.count(lake, "a")).isEqualTo(8);
    }
  }

  @Test
  void erasureReachesMovedDaysAndWhatIsLeftOfThemOnTheVolume() throws Exception {
    try (Lake lake = open(1)) {
      fourDays(lake);
      accept(lake, 9, Samples.view("a", ALICE, NOON, "/alice"));
      lake.flush();
      lake.compact(Steps.UNOBSERVED);
      lake.tier(plan(2, false), Steps.UNOBSERVED);
      assertThat(ByteSearch.holding(everything(), ALICE)).isNotEmpty();
      assertThat(ByteSearch.holding(data, ALICE)).isNotEmpty();

      EraseReport report = lake.erase(subject(), false, Steps.UNOBSERVED);

      assertThat(report.events()).isEqualTo(1);
      assertThat(ByteSearch.holding(everything(), ALICE)).isEmpty();
      assertThat(ByteSearch.holding(data, ALICE)).isEmpty();
      assertThat(Samples.count(lake, "a")).isEqualTo(8);
      assertThat(objects()).as("the other day's").hasSize(1);
      lake.tier(plan(2, false), Steps.UNOBSERVED);
      assertThat(objects()).hasSize(2);
      assertThat(Samples.count(lake, "a")).isEqualTo(8);
    }
  }

  @Test
  void erasureReachesOldVersionsOfMovedFiles() throws Exception {
    try (S3Server versions = S3Server.withVersions()) {
      String kept = versions.bucket();
      EraseElsewhereTest.keepVersions(versions, kept);
      Path keys = temporary.resolve("versions-keys");
      versions.keys().write(keys);
      place =
          LakePlace.VOLUME.withTier(
              Optional.of(ServerPlaces.bucket(kept, versions.endpoint(), keys, Optional.empty())));
      try (Lake lake = open(1)) {
        fourDays(lake);
        accept(lake, 9, Samples.view("a", ALICE, NOON, "/alice"));
        lake.flush();
        lake.compact(Steps.UNOBSERVED);
        lake.tier(plan(2, false), Steps.UNOBSERVED);
        assertThat(ByteSearch.holding(versions.everything(), ALICE)).isNotEmpty();
        EraseReport report = lake.erase(subject(), false, Steps.UNOBSERVED);
        assertThat(report.versionsDeleted()).isPositive();
        assertThat(ByteSearch.holding(versions.everything(), ALICE)).isEmpty();
        assertThat(ByteSearch.holding(data, ALICE)).isEmpty();
        assertThat(Samples.count(lake, "a")).isEqualTo(8);
      }
    }
  }

  @Test
  void aMoveThatIsInterruptedAnywhereIsFinishedByTheNext() throws Exception {
    List<String> steps = new ArrayList<>();
    try (Lake lake = open(1)) {
      fourDays(lake);
      int at = 0;
      boolean interrupted = true;
      while (interrupted) {
        int stop = at++;
        steps.clear();
        interrupted = false;
        try {
          lake.tier(
              plan(2, false),
              step -> {
                steps.add(step);
                if (steps.size() == stop + 1) {
                  throw new LakeException("interrupted");
                }
              });
        } catch (LakeException e) {
          assertThat(e).hasMessage("interrupted");
          interrupted = true;
          assertThat(moved(lake)).isZero();
          assertThat(Samples.count(lake, "a")).isEqualTo(8);
        }
      }
      assertThat(steps)
          .containsExactly(
              "copy 2 files of a to the bucket",
              "copy file 1 of 2",
              "copy file 2 of 2",
              "name 2 files of a in the bucket");
      assertThat(moved(lake)).isEqualTo(2);
      assertThat(Samples.count(lake, "a")).isEqualTo(8);
    }
  }

  @Test
  void copiesThatNoCommitNamedAreCleanedUpAlsoByTheNextProcess() throws Exception {
    try (Lake lake = open(1)) {
      fourDays(lake);
      assertThatThrownBy(
              () ->
                  lake.tier(
                      plan(2, false),
                      step -> {
                        if (step.startsWith("name")) {
                          throw new LakeException("interrupted");
                        }
                      }))
          .hasMessage("interrupted");
      assertThat(objects()).hasSize(2);
    }
    try (Lake lake = open(2)) {
      // Somebody else's objects are nobody's to delete.
      String folder = objects().getFirst();
      Path stranger = server.file(bucket, folder).resolveSibling("mine.parquet");
      Files.writeString(stranger, "mine");
      lake.compact(Steps.UNOBSERVED);
      assertThat(objects()).hasSize(1).allMatch(key -> key.endsWith("mine.parquet"));
      assertThat(Samples.count(lake, "a")).isEqualTo(8);
      lake.tier(plan(2, false), Steps.UNOBSERVED);
      lake.compact(Steps.UNOBSERVED);
      assertThat(moved(lake)).isEqualTo(2);
      assertThat(objects()).hasSize(3);
    }
  }

  @Test
  void aLakeIsNotOpenedWithoutTheBucketOfItsOlderDays() throws Exception {
    try (Lake lake = open(1)) {
      fourDays(lake);
      lake.tier(plan(2, false), Steps.UNOBSERVED);
    }
    assertThatThrownBy(() -> Lake.open(Samples.settings(data), Disk.real()))
        .isInstanceOf(LakeException.class)
        .hasMessageContaining("files of older days were moved to a bucket, s3://" + bucket)
        .hasMessageContaining("start it with the storage.tier");
    try (Lake lake = open(2)) {
      assertThat(Samples.count(lake, "a")).isEqualTo(8);
    }
  }

  @Test
  void aMovedFileThatIsGoneIsSetAsideAndAFolderThatIsGoneIsNot() throws Exception {
    try (Lake lake = open(1)) {
      fourDays(lake);
      lake.tier(plan(2, false), Steps.UNOBSERVED);
      List<String> keys = objects();
      Files.delete(server.file(bucket, keys.getFirst()));
      lake.compact(Steps.UNOBSERVED);
      assertThat(lake.unreadable()).hasSize(1);
      assertThat(lake.unreadable().getFirst().rows()).isEqualTo(2);
      assertThat(Samples.count(lake, "a")).isEqualTo(6);

      Files.delete(server.file(bucket, keys.getLast()));
      String claim =
          server.sizes(bucket).keySet().stream()
              .filter(key -> key.endsWith("/tier.json"))
              .findFirst()
              .orElseThrow();
      Files.delete(server.file(bucket, claim));
      lake.compact(Steps.UNOBSERVED);
      assertThat(lake.unreadable()).as("the wrong bucket, it seems").hasSize(1);
    }
  }

  @Test
  void theCatalogMayBeInPostgres() throws Exception {
    place =
        new LakePlace(
            Optional.empty(),
            Optional.of(PostgresServer.shared().database().uri()),
            ServerPlaces.LAKE_ID,
            place.tier());
    try (Lake lake = open(1)) {
      fourDays(lake);
      String before = rows(lake);
      lake.tier(plan(2, false), Steps.UNOBSERVED);
      assertThat(moved(lake)).isEqualTo(2);
      assertThat(rows(lake)).isEqualTo(before);
      lake.expire(0, false, Steps.UNOBSERVED);
      lake.compact(Steps.UNOBSERVED);
      assertThat(onVolume()).isEqualTo(2);
      lake.erase(subject(), false, Steps.UNOBSERVED);
    }
    try (Lake lake = open(2)) {
      assertThat(Samples.count(lake, "a")).isEqualTo(8);
    }
  }

  @Test
  void aLakeWithNoBucketSaysSo() throws Exception {
    try (Lake lake = Lake.open(Samples.settings(data), Disk.real())) {
      lake.own(Samples.JOURNAL, 1, Samples.NO_REPLAY);
      fourDays(lake);
      for (boolean dryRun : new boolean[] {true, false}) {
        TierReport report = lake.tier(plan(2, dryRun), Steps.UNOBSERVED);
        assertThat(report.lacksBucket()).isTrue();
        assertThat(report.files()).isEqualTo(2);
        assertThat(report.message())
            .startsWith("4 rows of 2 days (2 files, ")
            .endsWith(
                "stay on the volume, since this lake has no bucket for older days: give the runtime"
                    + " spec.runtime.storage.tier.s3 or, with no cluster, --tier-to");
      }
      assertThat(moved(lake)).isZero();
      assertThat(Samples.count(lake, "a")).isEqualTo(8);
    }
  }

  @Test
  void whileTheBucketIsAwayAllThatNeedsItWaitsAndTheRestIsTidied() throws Exception {
    try (S3Server other = S3Server.started()) {
      String older = other.bucket();
      Path keys = temporary.resolve("other-keys");
      other.keys().write(keys);
      place =
          LakePlace.VOLUME.withTier(
              Optional.of(ServerPlaces.bucket(older, other.endpoint(), keys, Optional.empty())));
      try (Lake lake = open(1)) {
        lake.rollUpAs(DayCounts.byHour(List.of("a")));
        fourDays(lake);
        lake.tier(plan(2, false), Steps.UNOBSERVED);
        // A visit of a moved day began with it, so its file in the bucket is superseded.
        accept(lake, 9, Samples.view("a", "alice-0", NOON.minusSeconds(60), "/first"));
        lake.flush();
        assertThat(lake.compact(Steps.UNOBSERVED).status()).isEqualTo("ok");
        assertThat(objects(other, older)).isEqualTo(2);

        other.stop();
        for (int i = 0; i < 4; i++) {
          accept(
              lake,
              10 + i,
              Samples.view("a", "bob", NOON.plus(Duration.ofDays(3)).plusSeconds(i), "/" + i));
          lake.flush();
        }
        accept(lake, 14, Samples.view("a", "late", NOON.plusSeconds(7200), "/late"));
        lake.flush();
        lake.expire(0, false, Steps.UNOBSERVED);
        CompactReport report = lake.compact(Steps.UNOBSERVED);

        assertThat(report.status()).isEqualTo("partly");
        assertThat(report.left())
            .contains(other.endpoint(), "1 files wait to be settled")
            .startsWith("the bucket of older days does not answer (");
        assertThat(report.settle().rows()).isEqualTo(4);
        assertThat(lake.liveFiles(Schema.RECENT)).hasSize(1);
        assertThat(report.cleanup().filesCleaned()).isPositive();
        lake.expire(0, false, Steps.UNOBSERVED);
        lake.compact(Steps.UNOBSERVED);
        assertThat(onVolume())
            .as("files of events on the volume: what was moved and merged is gone from it")
            .isEqualTo(
                lake.liveFiles(Schema.EVENTS).stream()
                    .filter(file -> !file.name().startsWith("s3://"))
                    .count());
        assertThat(lake.unreadable()).isEmpty();

        other.start();
        assertThat(lake.compact(Steps.UNOBSERVED).status()).isEqualTo("ok");
        assertThat(lake.liveFiles(Schema.RECENT)).isEmpty();
        assertThat(objects(other, older)).as("the superseded one is gone").isEqualTo(1);
        assertThat(Samples.count(lake, "a")).isEqualTo(14);
        assertThat(lake.checkRollups(Steps.UNOBSERVED).differing()).isZero();
      }
    }
  }

  private static long objects(S3Server server, String bucket) throws IOException {
    return server.sizes(bucket).keySet().stream().filter(key -> key.endsWith(".parquet")).count();
  }

  private Lake open(long epoch) {
    Lake lake = Lake.open(Samples.settings(data).withPlace(place), Disk.real());
    lake.own(Samples.JOURNAL, epoch, Samples.NO_REPLAY);
    return lake;
  }

  /** Two rows each. */
  private static void fourDays(Lake lake) {
    List<Event> events = new ArrayList<>();
    for (int day = 0; day < 4; day++) {
      Instant at = NOON.plus(Duration.ofDays(day));
      events.add(Samples.full("a", "alice-" + day, at));
      events.add(Samples.view("a", "alice-" + day, at.plusSeconds(60), "/" + day));
    }
    accept(lake, 1, events.toArray(Event[]::new));
    lake.flush();
    lake.compact(Steps.UNOBSERVED);
  }

  private static void accept(Lake lake, long first, Event... events) {
    lake.accept(Samples.numbered(first, List.of(events)));
  }

  private static TierPlan plan(int days, boolean dryRun) {
    return new TierPlan(
        List.of(new TierPlan.Site("a", FIRST.plusDays(days), Optional.of("STANDARD_IA"))), dryRun);
  }

  private static ErasureSubject subject() {
    return new ErasureSubject(
        List.of(new ErasureSubject.Site("a", OptionalInt.empty())),
        Set.of(ALICE),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Map.of());
  }

  private static String rows(Lake lake) throws Exception {
    try (LakeView view = lake.visitedView("a")) {
      return Sql.texts(
              view.connection(),
              "SELECT to_json(list(e ORDER BY e.event_id))::VARCHAR FROM %s e"
                  .formatted(view.events()))
          .getFirst();
    }
  }

  private static long moved(Lake lake) {
    return lake.liveFiles(Schema.EVENTS).stream()
        .filter(file -> file.name().startsWith("s3://"))
        .count();
  }

  private List<String> objects() throws IOException {
    return server.sizes(bucket).keySet().stream()
        .filter(key -> key.endsWith(".parquet"))
        .sorted()
        .toList();
  }

  private Path everything() {
    return server.file(bucket, "");
  }

  private List<String> open() throws IOException {
    try (Stream<Path> days = Files.list(data.resolve("open/site_id=a"))) {
      return days.map(day -> day.getFileName().toString()).sorted().toList();
    }
  }

  private long onVolume() throws IOException {
    try (Stream<Path> files = Files.walk(data.resolve("lake/data/main/events"))) {
      return files.filter(Files::isRegularFile).count();
    }
  }
}
