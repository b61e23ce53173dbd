package dev.eider.runtime.erasure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eider.runtime.backup.BackupPlace;
import dev.eider.runtime.backup.BackupReport;
import dev.eider.runtime.backup.BackupRun;
import dev.eider.runtime.backup.Backups;
import dev.eider.runtime.backup.Restorer;
import dev.eider.runtime.config.BackupSettings;
import dev.eider.runtime.config.FlushSettings;
import dev.eider.runtime.config.LakePlace;
import dev.eider.runtime.config.S3Settings;
import dev.eider.runtime.disk.Disk;
import dev.eider.runtime.event.Event;
import dev.eider.runtime.journal.Journal;
import dev.eider.runtime.journal.JournalSettings;
import dev.eider.runtime.lake.ByteSearch;
import dev.eider.runtime.lake.ErasureSubject;
import dev.eider.runtime.lake.Flusher;
import dev.eider.runtime.lake.Lake;
import dev.eider.runtime.lake.Samples;
import dev.eider.runtime.lake.SiteSums;
import dev.eider.runtime.lake.Steps;
import dev.eider.runtime.lake.TierPlan;
import dev.eider.runtime.server.S3Server;
import java.io.IOException;
import java.net.URI;
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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Backups, restores and erasures of a lake whose older days lie in a bucket. */
class TieredErasureTest {

  private static final Instant NOON = Instant.parse("2026-05-04T12:00:00Z");
  private static final Path EXTENSIONS = Path.of("target/extensions").toAbsolutePath();
  private static final String ALICE = "zz-alice-0123456789abcdef";

  @TempDir private Path temporary;

  private final S3Server server = S3Server.shared();
  private Path data = Path.of("");
  private Path backups = Path.of("");
  private String bucket = "";
  private LakePlace place = LakePlace.VOLUME;
  private Instant now = Instant.parse("2026-05-09T02:00:00Z");

  @BeforeEach
  void prepare() throws IOException {
    data = temporary.resolve("data");
    backups = temporary.resolve("backups");
    bucket = server.bucket();
    server.keys().write(temporary.resolve("keys"));
    place =
        LakePlace.VOLUME.withTier(
            Optional.of(
                new S3Settings(
                    bucket,
                    "older",
                    S3Server.REGION,
                    Optional.of(URI.create(server.endpoint())),
                    true,
                    Optional.of(temporary.resolve("keys")),
                    Optional.empty())));
  }

  @Test
  void aBackupHasMovedDaysAndBringsThemOnce() throws Exception {
    List<SiteSums> then;
    try (Running running = new Running()) {
      running.append(fourDays());
      BackupReport before = running.backUp();
      running.tier();
      BackupReport after = running.backUp();
      assertThat(after.rows()).isEqualTo(before.rows()).isEqualTo(8);
      assertThat(after.filesCopied()).as("what has only moved").isLessThan(before.filesCopied());
      assertThat(running.backUp().filesCopied()).isZero();
      then = running.lake.sums();
      backups = temporary.resolve("others");
      assertThat(running.backUp().rows()).as("all of it from the bucket").isEqualTo(8);
    }
    Path elsewhere = temporary.resolve("elsewhere");
    assertThat(restore(elsewhere, LakePlace.VOLUME).rows()).isEqualTo(8);
    try (Lake lake = Lake.open(Samples.settings(elsewhere), Disk.real())) {
      assertThat(lake.sums()).isEqualTo(then);
    }
  }

  @Test
  void aRestoredLakeAndTheOneSetAsideDoNotMeetInTheBucket() throws Exception {
    List<SiteSums> then;
    try (Running running = new Running()) {
      running.append(fourDays());
      running.tier();
      running.backUp();
      then = running.lake.sums();
    }
    int objects = server.sizes(bucket).size();
    Restorer.Restored restored = restore(data, place);
    try (Running running = new Running()) {
      assertThat(running.lake.sums()).isEqualTo(then);
      assertThat(server.sizes(bucket)).hasSize(objects);
      running.tier();
      assertThat(server.sizes(bucket)).hasSize(2 * objects);
      running.lake.compact(Steps.UNOBSERVED);
      running.lake.erase(subject(), false, Steps.UNOBSERVED);
      assertThat(running.lake.sums()).extracting(SiteSums::rows).containsExactly(4L);
    }
    Path aside = restored.setAside().orElseThrow();
    try (Lake old = Lake.open(Samples.settings(aside).withPlace(place.aside()), Disk.real())) {
      assertThat(old.sums()).isEqualTo(then);
    }
  }

  @Test
  void anErasureReachesBucketBackupsAndWhatWasSetAside() throws Exception {
    try (Running running = new Running()) {
      running.append(fourDays());
      running.tier();
      running.backUp();
    }
    restore(data, place);
    try (Running running = new Running()) {
      running.tier();
      assertThat(ByteSearch.holding(server.file(bucket, ""), ALICE)).hasSizeGreaterThan(2);
      Receipt receipt =
          new ErasureRun(
                  data, EXTENSIONS, settings(), Optional.empty(), place, Disk.real(), () -> now)
              .erase(
                  running.target(),
                  "req-1",
                  new ErasureOrder(subject(), ErasureOrder.Backups.REWRITE),
                  Steps.UNOBSERVED);
      assertThat(receipt.events()).isEqualTo(4);
      assertThat(ByteSearch.holding(server.file(bucket, ""), ALICE)).isEmpty();
      assertThat(ByteSearch.holding(data, ALICE)).isEmpty();
      assertThat(ByteSearch.holding(backups, ALICE)).isEmpty();
      assertThat(running.lake.sums()).extracting(SiteSums::rows).containsExactly(4L);
    }
    Path elsewhere = temporary.resolve("elsewhere");
    assertThat(restore(elsewhere, LakePlace.VOLUME).rows()).isEqualTo(4);
  }

  /** Two rows a day, one of them Alice's. */
  private static List<Event> fourDays() {
    List<Event> events = new ArrayList<>();
    for (int day = 0; day < 4; day++) {
      Instant at = NOON.plus(Duration.ofDays(day));
      events.add(Samples.full("a", "bob", at));
      events.add(Samples.view("a", ALICE, at, "/" + day));
    }
    return events;
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

  /** A journal and a lake, as a runtime has them. */
  private final class Running implements AutoCloseable {

    private final Journal journal;
    private final Lake lake;
    private final Flusher flusher;

    Running() throws IOException {
      Files.createDirectories(data);
      journal = Journal.open(data.resolve("journal"), JournalSettings.DEFAULT, Disk.real());
      lake = Lake.open(Samples.settings(data).withPlace(place), Disk.real());
      flusher =
          Flusher.start(
              lake,
              journal,
              new FlushSettings(1_000_000, Duration.ofHours(1), Duration.ofSeconds(30)));
    }

    void append(List<Event> events) throws Exception {
      journal.append(events);
      flusher.flush();
      lake.compact(Steps.UNOBSERVED);
    }

    void tier() {
      TierPlan plan =
          new TierPlan(
              List.of(new TierPlan.Site("a", LocalDate.parse("2026-05-06"), Optional.empty())),
              false);
      assertThat(lake.tier(plan, Steps.UNOBSERVED).rows()).isEqualTo(4);
    }

    BackupReport backUp() throws Exception {
      now = now.plusSeconds(60);
      return new BackupRun(settings(), data, EXTENSIONS, Disk.real(), () -> now)
          .run(lake, flusher::flush, Steps.UNOBSERVED);
    }

    ErasureRun.Target target() {
      return new ErasureRun.Target(journal, flusher, lake);
    }

    @Override
    public void close() throws IOException {
      flusher.close();
      journal.close();
      lake.close();
    }
  }

  private BackupSettings settings() {
    return new BackupSettings(
        Optional.of(new BackupSettings.Folder(backups)), 10, 10, BackupSettings.Verify.RESTORE);
  }

  private Restorer.Restored restore(Path to, LakePlace where) throws IOException {
    try (BackupPlace from = BackupPlace.of(new BackupSettings.Folder(backups), Disk.real())) {
      Backups there = new Backups(from);
      return new Restorer(there, to, EXTENSIONS, Disk.real(), () -> now)
          .to(where)
          .restore(there.find(Optional.empty()), Steps.UNOBSERVED);
    }
  }
}
