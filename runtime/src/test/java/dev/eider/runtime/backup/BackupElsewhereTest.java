package dev.eider.runtime.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eider.runtime.config.BackupSettings;
import dev.eider.runtime.config.LakePlace;
import dev.eider.runtime.config.S3Settings;
import dev.eider.runtime.disk.Disk;
import dev.eider.runtime.lake.Lake;
import dev.eider.runtime.lake.Samples;
import dev.eider.runtime.lake.SiteSums;
import dev.eider.runtime.lake.Steps;
import dev.eider.runtime.server.FaultProxy;
import dev.eider.runtime.server.PostgresServer;
import dev.eider.runtime.server.S3Server;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Lakes and backups in buckets, with their catalogs in databases. */
class BackupElsewhereTest extends ABackup {

  @Test
  void aBucketKeepsThemToo() throws Exception {
    S3Server server = S3Server.shared();
    String bucket = server.bucket();
    server.keys().write(temporary.resolve("keys"));
    BackupSettings settings =
        new BackupSettings(
            Optional.of(
                new BackupSettings.Bucket(
                    new S3Settings(
                        bucket,
                        "kept/here",
                        S3Server.REGION,
                        Optional.of(URI.create(server.endpoint())),
                        true,
                        Optional.of(temporary.resolve("keys")),
                        Optional.empty()))),
            1,
            1,
            BackupSettings.Verify.CHECKSUM);
    try (Lake lake = open(1)) {
      accept(lake, "a", 30);
      BackupReport report = backUp(lake, settings);
      assertThat(report.destination()).isEqualTo("s3://" + bucket + "/kept/here");
      assertThat(server.sizes(bucket).keySet()).allMatch(key -> key.startsWith("kept/here/"));
    }
    Path target = temporary.resolve("elsewhere");
    try (BackupPlace from = BackupPlace.of(settings.destination().orElseThrow(), Disk.real())) {
      Backups there = new Backups(from);
      new Restorer(there, target, EXTENSIONS, Disk.real(), () -> now)
          .restore(there.find(Optional.empty()), Steps.UNOBSERVED);
    }
    try (Lake lake = Lake.open(Samples.settings(target), Disk.real())) {
      assertThat(lake.sums()).extracting(SiteSums::rows).containsExactly(30L);
    }
  }

  /** What no header asks for is encrypted as the bucket does by itself. */
  @ParameterizedTest
  @ValueSource(strings = {"", "AES256", "aws:kms", "aws:kms:arn:aws:kms:eu-1:1:key/k1"})
  void aStoreIsAskedToEncryptAllOfIt(String how) throws Exception {
    S3Server server = S3Server.shared();
    server.keys().write(temporary.resolve("keys"));
    try (FaultProxy proxy = FaultProxy.beforeS3(server.port());
        Lake lake = open(1)) {
      S3Settings bucket =
          new S3Settings(
              server.bucket(),
              "kept",
              S3Server.REGION,
              Optional.of(URI.create(S3Server.endpoint(proxy))),
              true,
              Optional.of(temporary.resolve("keys")),
              Optional.empty());
      accept(lake, "a", 30);
      BackupReport report =
          backUp(
              lake,
              settings()
                  .to(
                      Optional.of(
                          new BackupSettings.Bucket(
                              bucket, Optional.of(how).filter(text -> !text.isEmpty())))));
      assertThat(report.rows()).isEqualTo(30);
      assertThat(report.verified()).as("read again").isEqualTo("checksum");
      assertThat(proxy.encryptions())
          .as("of every object")
          .containsExactly(how.replace("aws:kms:arn", "aws:kms arn"));
    }
  }

  /** The copy is whole wherever catalog and files are. */
  @Test
  void aLakeInABucketAndADatabaseComesBackOnAVolume() throws Exception {
    S3Server server = S3Server.shared();
    server.keys().write(temporary.resolve("keys"));
    LakePlace elsewhere =
        new LakePlace(
            Optional.of(
                bucket(server, "lake")
                    .with(Optional.of(temporary.resolve("keys")), Optional.empty())),
            Optional.of(PostgresServer.shared().database().uri()),
            "far");
    List<SiteSums> then;
    try (Lake lake = Lake.open(Samples.settings(data).withPlace(elsewhere), Disk.real())) {
      lake.own(Samples.JOURNAL, 1, Samples.NO_REPLAY);
      accept(lake, "a", 30);
      lake.flush();
      lake.compact(Steps.UNOBSERVED);
      accept(lake, "a", 5);
      assertThat(backUp(lake, settings()).rows()).isEqualTo(35);
      then = lake.sums();
    }
    Path target = temporary.resolve("elsewhere");
    assertThat(restore(target).rows()).isEqualTo(35);
    try (Lake lake = Lake.open(Samples.settings(target), Disk.real())) {
      assertThat(lake.sums()).isEqualTo(then);
    }
  }

  @Test
  void itComesBackInABucketWithItsCatalogInADatabase() throws Exception {
    S3Server server = S3Server.shared();
    server.keys().write(temporary.resolve("keys"));
    S3Settings s3 =
        bucket(server, "lakes").with(Optional.of(temporary.resolve("keys")), Optional.empty());
    List<SiteSums> then;
    try (Lake lake = open(1)) {
      accept(lake, "a", 30);
      lake.flush();
      lake.compact(Steps.UNOBSERVED);
      accept(lake, "a", 5);
      backUp(lake, settings());
      then = lake.sums();
    }
    String database = PostgresServer.shared().database().uri();
    for (Optional<String> catalog : List.of(Optional.<String>empty(), Optional.of(database))) {
      LakePlace place = new LakePlace(Optional.of(s3), catalog, catalog.isEmpty() ? "near" : "far");
      Path target = temporary.resolve(place.lakeId());
      assertThat(restorer(target).to(place).restore(newest(), Steps.UNOBSERVED).rows())
          .isEqualTo(35);
      try (Lake lake = Lake.open(Samples.settings(target).withPlace(place), Disk.real())) {
        lake.own(Samples.JOURNAL, 2, Samples.NO_REPLAY);
        assertThat(lake.sums()).isEqualTo(then);
        assertThat(lake.mark(Samples.JOURNAL)).isEqualTo(35);
        lake.accept(Samples.numbered(36, views("a", 7)));
        lake.flush();
        lake.compact(Steps.UNOBSERVED);
        assertThat(Samples.count(lake, "a")).isEqualTo(42);
      }
      assertThatThrownBy(
              () ->
                  restorer(temporary.resolve("other"))
                      .to(place)
                      .restore(newest(), Steps.UNOBSERVED))
          .isInstanceOf(BackupException.class)
          .hasMessageContaining("holds a lake already");
      try (Lake lake = Lake.open(Samples.settings(target).withPlace(place), Disk.real())) {
        assertThat(lake.sums()).extracting(SiteSums::rows).containsExactly(42L);
      }
    }
    LakePlace taken = new LakePlace(Optional.empty(), Optional.of(database), "far");
    assertThatThrownBy(
            () ->
                restorer(temporary.resolve("third")).to(taken).restore(newest(), Steps.UNOBSERVED))
        .hasMessageContaining("holds a lake already");
  }

  /** Killed where something is in the bucket or in the database, it goes on there. */
  @Test
  void interruptedElsewhereItGoesOn() throws Exception {
    S3Server server = S3Server.shared();
    server.keys().write(temporary.resolve("keys"));
    LakePlace place =
        new LakePlace(
            Optional.of(
                bucket(server, "lakes")
                    .with(Optional.of(temporary.resolve("keys")), Optional.empty())),
            Optional.of(PostgresServer.shared().database().uri()),
            "interrupted");
    try (Lake lake = open(1)) {
      accept(lake, "a", 3);
      backUp(lake, settings());
    }
    Path target = temporary.resolve("target");
    for (String step : List.of("bring file 2", "open and count", "put it in place")) {
      assertThatThrownBy(
              () ->
                  restorer(target)
                      .to(place)
                      .restoreIfNone(
                          this::newest,
                          begun -> {
                            if (begun.startsWith(step)) {
                              throw new IllegalStateException("killed at " + step);
                            }
                          }))
          .hasMessage("killed at " + step);
    }
    assertThat(restorer(target).to(place).restoreIfNone(this::newest, Steps.UNOBSERVED))
        .isPresent();
    try (Lake lake = Lake.open(Samples.settings(target).withPlace(place), Disk.real())) {
      assertThat(lake.sums()).extracting(SiteSums::rows).containsExactly(3L);
    }
  }

  private static S3Settings bucket(S3Server server, String prefix) throws IOException {
    return new S3Settings(
        server.bucket(),
        prefix,
        S3Server.REGION,
        Optional.of(URI.create(server.endpoint())),
        true,
        Optional.empty(),
        Optional.empty());
  }
}
