package dev.eider.runtime.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eider.runtime.config.BackupSettings;
import dev.eider.runtime.config.S3Settings;
import dev.eider.runtime.disk.Disk;
import dev.eider.runtime.lake.RetainReport;
import dev.eider.runtime.lake.Steps;
import dev.eider.runtime.server.S3Server;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArchiveTest {

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
  void rowsAreInTheArchiveBeforeTheyGo() throws Exception {
    at.accept(DAY, 30);
    at.accept(DAY.plusDays(1), 20);
    at.accept(DAY.plusDays(2), 10);
    RetainReport report = at.retain(DAY.plusDays(2));
    assertThat(report.status()).isEqualTo("ok");
    assertThat(report.rows()).isEqualTo(50);
    assertThat(report.archivedRows()).isEqualTo(50);
    assertThat(report.message())
        .matches(
            "50 rows of 2 days, 10 sessions, the sums of hours of 0 days and the sums of 0 days [(]\\d+"
                + " bytes[)] are gone from the disk, the rows are in the archive; the oldest day"
                + " that is left is 2026-05-06");
    assertThat(at.inLake()).isEqualTo(10);
    assertThat(at.archived().keySet()).containsExactly(DAY, DAY.plusDays(1));
    assertThat(at.globbed()).isEqualTo("50 50");
    long unix = at.now.getEpochSecond();
    assertThat(at.files(""))
        .filteredOn(Files::isRegularFile)
        .extracting(file -> file.getFileName().toString())
        .containsExactly("site_a_%d.json".formatted(unix), "site_a_%d.parquet".formatted(unix));
    assertThat(report.sites().getFirst().archived())
        .containsExactly("site_a_%d.parquet".formatted(unix));

    assertThat(at.retain(DAY.plusDays(2)).sites()).isEmpty();
    at.accept(DAY, 3);
    RetainReport late = at.retain(DAY.plusDays(3));
    assertThat(late.archivedRows()).isEqualTo(13);
    assertThat(at.globbed()).as("what came late, and the next day").isEqualTo("63 63");
    assertThat(at.files(".parquet")).hasSize(3);
    assertThat(at.inLake()).isZero();
  }

  @Test
  void aRunThatIsStoppedAnywhereIsTakenUpWithoutWritingARowTwice() throws Exception {
    at.accept(DAY, 30);
    at.accept(DAY.plusDays(1), 20);
    at.accept(DAY.plusDays(2), 10);
    int stopped = 0;
    for (int step = 1; ; step++) {
      StopAt stop = new StopAt(step);
      at.now = at.now.plusSeconds(60);
      try {
        at.retain(DAY.plusDays(2), at.archive(OptionalInt.empty(), 1), stop);
        break;
      } catch (Stopped e) {
        stopped++;
        at.reopen();
        // Nobody is to find a row twice, nor half a file, longer than to the next run.
        assertThat(at.inLake()).isIn(60L, 10L);
      }
    }
    assertThat(stopped).isGreaterThan(6);
    assertThat(at.inLake()).isEqualTo(10);
    assertThat(at.globbed()).isEqualTo("50 50");
    assertThat(at.files(".parquet")).as("a file a day").hasSize(2);
    assertThat(at.archived().values()).extracting(day -> day.rows()).containsExactly(30L, 20L);
  }

  @Test
  void aRowThatCameAfterAnArchiveWasWrittenAndNotPrunedIsAddedAlone() throws Exception {
    at.accept(DAY, 30);
    assertThatThrownBy(
            () -> at.retain(DAY.plusDays(1), at.archive(), new StopBefore("delete 30 rows of a")))
        .isInstanceOf(Stopped.class);
    at.accept(DAY, 2);
    at.now = at.now.plusSeconds(60);
    assertThat(at.retain(DAY.plusDays(1)).archivedRows()).isEqualTo(32);
    assertThat(at.globbed()).isEqualTo("32 32");
    assertThat(at.inLake()).isZero();
  }

  @Test
  void aFileThatLostItsManifestIsTheOnlyCopyOfItsRowsAndStays() throws Exception {
    at.accept(DAY, 30);
    at.retain(DAY.plusDays(1));
    at.accept(DAY.plusDays(1), 20);
    Path manifest = at.files(".json").getFirst();
    byte[] json = Files.readAllBytes(manifest);
    Path rows = at.files(".parquet").getFirst();
    Files.delete(manifest);
    at.now = at.now.plusSeconds(60);
    assertThat(at.retain(DAY.plusDays(2)).sites().getFirst().failed())
        .isEqualTo(
            "%s is there without its manifest archive/%s, which tells what it has, and may be the only copy of its rows: bring that back or, if the file was meant to go, remove it as well"
                .formatted(rows, manifest.getFileName()));
    assertThat(at.globbed()).isEqualTo("30 30");
    assertThat(at.inLake()).as("nothing of it goes").isEqualTo(20);
    Files.write(manifest, json);
    at.retain(DAY.plusDays(2));
    assertThat(at.globbed()).isEqualTo("50 50");
  }

  @Test
  void anAlteredManifestIsNotBelieved() throws Exception {
    at.accept(DAY, 30);
    at.accept(DAY.plusDays(1), 20);
    at.retain(DAY.plusDays(2));
    Path manifest = at.files(".json").getFirst();
    String json = Files.readString(manifest);
    String damaged =
        manifest + " is damaged: it is not what was written. Bring a good copy of it back";
    for (String altered :
        List.of(
            json.replace("2026-05-04", "2026-05-03"),
            json.replace("\"rows\" : 30", "\"rows\" : 29"),
            // As by a release whose manifests had no checksum.
            json.replace("\"rows\" : 30", "\"rows\" : 29")
                .replaceAll(",\\s*\"manifest_sha256\".*", "}"))) {
      assertThat(altered).isNotEqualTo(json);
      Files.writeString(manifest, altered);
      assertThatThrownBy(() -> at.bringBack(DAY, DAY.plusDays(1))).hasMessage(damaged);
    }
    Files.writeString(manifest, json.replaceAll(",\\s*\"manifest_sha256\"[^\n]*", ""));
    assertThat(at.bringBack(DAY, DAY.plusDays(1)).rows()).isEqualTo(50);
  }

  @Test
  void nothingGoesWhereNothingCanBeWritten() throws Exception {
    at.accept(DAY, 30);
    Files.createDirectories(at.folder);
    Files.writeString(at.folder.resolve("archive"), "in the way");
    RetainReport report = at.retain(DAY.plusDays(1));
    assertThat(report.status()).isEqualTo("failed");
    assertThat(report.rows()).isZero();
    assertThat(report.sites().getFirst().failed()).contains("archive");
    assertThat(at.inLake()).isEqualTo(30);

    Files.delete(at.folder.resolve("archive"));
    assertThat(at.retain(DAY.plusDays(1)).status()).isEqualTo("ok");
    assertThat(at.inLake()).isZero();
  }

  @Test
  void nothingGoesWhileTheBucketRefuses() throws Exception {
    at.accept(DAY, 5);
    int closed;
    try (ServerSocket socket = new ServerSocket(0)) {
      closed = socket.getLocalPort();
    }
    assertThat(retainInBucket("abc", "http://127.0.0.1:" + closed)).contains("127.0.0.1");
    assertThat(retainInBucket("there-is-none", S3Server.shared().endpoint()))
        .contains("there-is-none");
    assertThat(at.inLake()).isEqualTo(5);
  }

  /** Answers why it failed; empty when it did not. */
  private String retainInBucket(String bucket, String endpoint) throws Exception {
    S3Server.shared().keys().write(temporary.resolve("keys"));
    SiteArchive archive =
        new SiteArchive(
            new BackupSettings.Bucket(
                new S3Settings(
                    bucket,
                    "attic",
                    S3Server.REGION,
                    Optional.of(URI.create(endpoint)),
                    true,
                    Optional.of(temporary.resolve("keys")),
                    Optional.empty()),
                Optional.empty()),
            OptionalInt.empty(),
            Disk.real(),
            () -> at.now);
    RetainReport report = at.retain(DAY.plusDays(1), archive, Steps.UNOBSERVED);
    String failed = report.sites().getFirst().failed();
    assertThat(report.status()).isEqualTo(failed.isEmpty() ? "ok" : "failed");
    return failed;
  }

  @Test
  void anAlteredFileIsNotReliedOn() throws Exception {
    at.accept(DAY, 30);
    assertThatThrownBy(
            () -> at.retain(DAY.plusDays(1), at.archive(), new StopBefore("delete 30 rows of a")))
        .isInstanceOf(Stopped.class);
    Path file = at.files(".parquet").getFirst();
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length / 2] ^= 1;
    Files.write(file, bytes);
    RetainReport report = at.retain(DAY.plusDays(1));
    assertThat(report.status()).isEqualTo("failed");
    assertThat(report.sites().getFirst().failed()).contains("is not what was written");
    assertThat(at.inLake()).isEqualTo(30);
  }

  @Test
  void filesGoAfterTheirDays() throws Exception {
    at.accept(DAY, 5);
    at.retain(DAY.plusDays(1));
    at.now = at.now.plus(Duration.ofDays(10));
    at.accept(DAY.plusDays(1), 5);
    SiteArchive tenDays = at.archive(OptionalInt.of(10), 1L << 30);
    at.retain(DAY.plusDays(2), tenDays, Steps.UNOBSERVED);
    assertThat(at.archived()).hasSize(2);
    at.now = at.now.plusSeconds(1);
    at.retain(DAY.plusDays(2), tenDays, Steps.UNOBSERVED);
    assertThat(at.archived().keySet()).containsExactly(DAY.plusDays(1));
    assertThat(at.files(".parquet")).hasSize(1);
  }

  @Test
  void aBucketTakesThem() throws Exception {
    at.accept(DAY, 5);
    S3Server server = S3Server.shared();
    String bucket = server.bucket();
    assertThat(retainInBucket(bucket, server.endpoint())).isEmpty();
    assertThat(at.inLake()).isZero();
    assertThat(server.sizes(bucket).keySet())
        .containsExactlyInAnyOrder(
            "attic/archive/site_a_%d.json".formatted(at.now.getEpochSecond()),
            "attic/archive/site_a_%d.parquet".formatted(at.now.getEpochSecond()));
  }

  /** As a kill would, it stops a run for good. */
  private static final class Stopped extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  private static final class StopAt implements Steps {
    private int left;

    StopAt(int step) {
      left = step;
    }

    @Override
    public void begin(String step) {
      if (--left == 0) {
        throw new Stopped();
      }
    }
  }

  private record StopBefore(String what) implements Steps {
    @Override
    public void begin(String step) {
      if (step.equals(what)) {
        throw new Stopped();
      }
    }
  }
}
