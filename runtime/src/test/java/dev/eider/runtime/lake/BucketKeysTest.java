package dev.eider.runtime.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eider.runtime.config.LakePlace;
import dev.eider.runtime.config.S3Settings;
import dev.eider.runtime.disk.Disk;
import dev.eider.runtime.server.S3Keys;
import dev.eider.runtime.server.S3Server;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Keys of a bucket that end and are replaced, and certificates of an authority of one's own. */
class BucketKeysTest {

  @TempDir Path temporary;

  private Lake open(LakePlace place) {
    Lake lake =
        Lake.open(Samples.settings(temporary.resolve("data")).withPlace(place), Disk.real());
    lake.own(Samples.JOURNAL, 1, Samples.NO_REPLAY);
    return lake;
  }

  /** They live for so long that each is replaced twice before the end. */
  @Test
  void temporaryKeysAreReplacedWhileTheLakeIsUsed() throws Exception {
    Duration life = Duration.ofSeconds(Long.getLong("eider.test.keys.seconds", 10));
    Ledger ledger = new Ledger();
    try (S3Server server = S3Server.withTemporaryKeys()) {
      Path folder = temporary.resolve("keys");
      LakePlace place =
          ServerPlaces.inBucket(
              server.bucket(), server.endpoint(), server.temporaryKeys(life), folder);
      // Not between the verbs, which take longer than keys live where the machine is busy.
      try (Lake lake = open(place);
          ScheduledExecutorService renewing = Executors.newSingleThreadScheduledExecutor()) {
        ScheduledFuture<?> renewals =
            renewing.scheduleAtFixedRate(
                () -> renew(server, life, folder),
                life.toMillis() / 3,
                life.toMillis() / 3,
                TimeUnit.MILLISECONDS);
        ServerPlaces.forget(lake);
        Instant end = Instant.now().plus(life.multipliedBy(2)).plus(life.dividedBy(2));
        while (Instant.now().isBefore(end)) {
          ledger.accept(lake, 10);
          Ledger.verbs(lake).forEach(Runnable::run);
          ledger.check(lake, "with keys that end and are replaced");
          assertThat(renewals.isDone()).as("a renewal failed").isFalse();
        }
        ledger.checkToTheEnd(lake);
        renewals.cancel(false);
      }
    }
  }

  private static void renew(S3Server server, Duration life, Path folder) {
    try {
      server.temporaryKeys(life).write(folder);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void keysThatEndedFailWithASentenceAndNewOnesMendIt() throws Exception {
    Ledger ledger = new Ledger();
    try (S3Server server = S3Server.withTemporaryKeys()) {
      Path folder = temporary.resolve("keys");
      Duration brief = Duration.ofSeconds(3);
      S3Keys keys = server.temporaryKeys(brief);
      try (Lake lake =
          open(ServerPlaces.inBucket(server.bucket(), server.endpoint(), keys, folder))) {
        ServerPlaces.hasten(lake);
        Instant end = Instant.now().plus(brief);
        Awaitility.await().until(() -> Instant.now().isAfter(end));
        ledger.accept(lake, 10);
        assertThatThrownBy(lake::flush)
            .isInstanceOf(LakeException.class)
            .hasMessageContaining("403")
            .satisfies(e -> assertThat(e.getMessage()).doesNotContain(keys.secret(), keys.token()));
        ledger.check(lake, "after keys have ended");
        server.temporaryKeys(Duration.ofHours(1)).write(folder);
        Awaitility.await().ignoreExceptions().until(() -> lake.flush().rows() == 10);
        ledger.checkToTheEnd(lake);
      }
    }
  }

  @Test
  void overTlsItIsTheAuthorityOfTheSettingsThatIsTrusted() throws Exception {
    Ledger ledger = new Ledger();
    try (S3Server server = S3Server.overTls()) {
      Path folder = temporary.resolve("keys");
      server.keys().write(folder);
      String bucket = server.bucket();
      S3Settings untold = ServerPlaces.bucket(bucket, server.endpoint(), folder, Optional.empty());
      assertThatThrownBy(
              () ->
                  open(new LakePlace(Optional.of(untold), Optional.empty(), ServerPlaces.LAKE_ID)))
          .isInstanceOf(LakeException.class)
          .hasMessageContaining("certif");
      S3Settings told = untold.with(Optional.empty(), Optional.of(server.authority()));
      try (Lake lake =
          open(new LakePlace(Optional.of(told), Optional.empty(), ServerPlaces.LAKE_ID))) {
        ledger.accept(lake, 10);
        lake.flush();
        ledger.checkToTheEnd(lake);
        Awaitility.await().until(() -> lake.figures().storage().reachable());
      }
    }
  }

  /** As a Secret is, whose file is another one from then on. */
  @Test
  void anAuthorityThatIsReplacedIsFollowed() throws Exception {
    Ledger ledger = new Ledger();
    Path authority = temporary.resolve("ca.crt");
    try (S3Server server = S3Server.overTls()) {
      Path folder = temporary.resolve("keys");
      server.keys().write(folder);
      Files.copy(server.authority(), authority);
      S3Settings settings =
          ServerPlaces.bucket(server.bucket(), server.endpoint(), folder, Optional.of(authority));
      try (Lake lake =
          open(new LakePlace(Optional.of(settings), Optional.empty(), ServerPlaces.LAKE_ID))) {
        ledger.accept(lake, 10);
        lake.flush();
        server.changeAuthority();
        ledger.accept(lake, 10);
        assertThatThrownBy(lake::flush).isInstanceOf(LakeException.class);
        Files.copy(server.authority(), authority, StandardCopyOption.REPLACE_EXISTING);
        Awaitility.await().ignoreExceptions().until(() -> lake.flush().rows() == 10);
        ledger.checkToTheEnd(lake);
      }
    }
  }
}
