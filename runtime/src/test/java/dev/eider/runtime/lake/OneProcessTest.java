package dev.eider.runtime.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eider.runtime.config.LakePlace;
import dev.eider.runtime.disk.Disk;
import dev.eider.runtime.server.Fault;
import dev.eider.runtime.server.FaultProxy;
import dev.eider.runtime.server.PostgresServer;
import dev.eider.runtime.server.S3Server;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A lake that many processes can reach, each with a volume of its own, has one at a time. */
class OneProcessTest {

  private static final UUID OTHER_JOURNAL = UUID.fromString("00000000-0000-4000-8000-000000000002");

  @TempDir Path temporary;

  private PostgresServer.Database database;
  private LakePlace place;

  @BeforeEach
  void choosePlace() throws Exception {
    S3Server server = S3Server.shared();
    database = PostgresServer.shared().database();
    place =
        ServerPlaces.inBucket(
            server.bucket(), server.endpoint(), server.keys(), temporary.resolve("keys"));
    place = new LakePlace(place.s3(), Optional.of(database.uri()), place.lakeId());
  }

  private Lake open(String volume, LakePlace where) {
    return Lake.open(Samples.settings(temporary.resolve(volume)).withPlace(where), Disk.real());
  }

  @Test
  void aSecondOneIsRefusedUntilTheFirstHasEnded() throws Exception {
    Ledger ledger = new Ledger();
    try (Lake first = open("first", place)) {
      first.own(Samples.JOURNAL, 1, Samples.NO_REPLAY);
      ledger.accept(first, 10);
      assertThatThrownBy(() -> open("second", place))
          .isInstanceOf(LakeException.class)
          .hasMessageContaining("in use by another process");
      first.flush();
      ledger.check(first, "after the second was refused");
    }
    try (Lake second = open("second", place)) {
      second.own(OTHER_JOURNAL, 1, Samples.NO_REPLAY);
      assertThat(Samples.count(second, Ledger.SITE)).isEqualTo(10);
      new Ledger().accept(second, 7);
      second.flush();
      second.compact(Steps.UNOBSERVED);
      assertThat(Samples.count(second, Ledger.SITE)).isEqualTo(17);
    }
  }

  @Test
  void lakesBesideItAreNoneOfItsBusiness() throws Exception {
    try (Lake first = open("first", place);
        Lake other =
            open(
                "other", new LakePlace(place.s3(), place.catalog(), ServerPlaces.LAKE_ID + "-2"))) {
      first.own(Samples.JOURNAL, 1, Samples.NO_REPLAY);
      other.own(Samples.JOURNAL, 1, Samples.NO_REPLAY);
      new Ledger().accept(first, 3);
      new Ledger().accept(other, 5);
      first.flush();
      other.flush();
      first.cleanup(0, false, Steps.UNOBSERVED);
      other.cleanup(0, false, Steps.UNOBSERVED);
      assertThat(Samples.count(first, Ledger.SITE)).isEqualTo(3);
      assertThat(Samples.count(other, Ledger.SITE)).isEqualTo(5);
    }
  }

  @Test
  void whoeverLostTheLockToAnotherWritesNothingMore() throws Exception {
    try (FaultProxy proxy = FaultProxy.before(database.server().port())) {
      LakePlace byProxy =
          new LakePlace(place.s3(), Optional.of(database.uri(proxy.port())), place.lakeId());
      try (Lake first = open("first", byProxy)) {
        first.own(Samples.JOURNAL, 1, Samples.NO_REPLAY);
        Ledger ledger = new Ledger();
        ledger.accept(first, 10);
        first.flush();
        ledger.accept(first, 10);
        // Its network fails, so that the server frees its lock, and another one is started.
        proxy.set(Fault.refuse());
        try (Lake second = open("second", place)) {
          second.own(OTHER_JOURNAL, 1, Samples.NO_REPLAY);
          new Ledger().accept(second, 5);
          second.flush();
          proxy.pass();
          assertThatThrownBy(first::flush)
              .isInstanceOf(LakeException.class)
              .hasMessageContaining("in use by another process");
          assertThatThrownBy(() -> first.compact(Steps.UNOBSERVED))
              .isInstanceOf(LakeException.class);
          assertThat(Samples.count(second, Ledger.SITE)).isEqualTo(15);
          second.compact(Steps.UNOBSERVED);
          assertThat(Samples.count(second, Ledger.SITE)).isEqualTo(15);
        }
        // The other one has ended: what the first has accepted since is brought in now.
        assertThat(first.flush().rows()).isEqualTo(10);
        assertThat(Samples.count(first, Ledger.SITE)).isEqualTo(25);
        first.compact(Steps.UNOBSERVED);
        assertThat(Samples.count(first, Ledger.SITE)).isEqualTo(25);
      }
    }
  }
}
