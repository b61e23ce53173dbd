package dev.eider.runtime.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eider.runtime.config.FlushSettings;
import dev.eider.runtime.config.LakePlace;
import dev.eider.runtime.disk.Disk;
import dev.eider.runtime.journal.Journal;
import dev.eider.runtime.journal.JournalClosedException;
import dev.eider.runtime.journal.JournalSettings;
import dev.eider.runtime.journal.JournalState;
import dev.eider.runtime.server.Fault;
import dev.eider.runtime.server.FaultProxy;
import dev.eider.runtime.server.PostgresServer;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A catalog in PostgreSQL, and PostgreSQL at its worst: what was accepted is counted, once. */
class CatalogFaultTest {

  @TempDir Path temporary;

  private final Ledger ledger = new Ledger();
  private PostgresServer server;
  private FaultProxy proxy;
  private LakePlace place;
  private Lake lake;

  @BeforeEach
  void open() throws Exception {
    server = PostgresServer.started();
    proxy = FaultProxy.before(server.port());
    place =
        new LakePlace(
            Optional.empty(),
            Optional.of(server.database().uri(proxy.port())),
            ServerPlaces.LAKE_ID);
    lake = openLake();
    lake.own(Samples.JOURNAL, 1, Samples.NO_REPLAY);
  }

  private Lake openLake() throws Exception {
    return Lake.open(Samples.settings(temporary.resolve("data")).withPlace(place), Disk.real());
  }

  @AfterEach
  void close() throws Exception {
    if (proxy != null) {
      proxy.pass();
    }
    if (lake != null) {
      lake.close();
    }
    if (proxy != null) {
      proxy.close();
    }
    if (server != null) {
      server.close();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"flush", "settle", "compact"})
  void aConnectionThatEndsBeforeAnyCommitChangesNoCount(String verb) throws Exception {
    atEachCommit(verb, Fault.cutBefore("COMMIT"));
  }

  /** The hardest: it is committed, and whoever committed it is told that it failed. */
  @ParameterizedTest
  @ValueSource(strings = {"flush", "settle", "compact"})
  void anAnswerToAnyCommitThatIsLostChangesNoCount(String verb) throws Exception {
    atEachCommit(verb, Fault.loseAnswerTo("COMMIT"));
  }

  /** As a failover does, or whoever looks after the server: the session is gone, and its lock. */
  @Test
  void aSessionThatIsEndedInATransactionEndsNoProcess() throws Exception {
    ledger.accept(lake, 10);
    lake.flush();
    for (int i = 0; i < 5; i++) {
      try (LakeView view = lake.view("a")) {
        view.connection().setAutoCommit(false);
        Sql.number(view.connection(), "SELECT count(*) FROM " + view.events());
        server.psql(
            "postgres",
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE state LIKE 'idle in"
                + " transaction%'");
      }
      Awaitility.await()
          .ignoreExceptions()
          .untilAsserted(() -> ledger.check(lake, "after its sessions were ended"));
    }
  }

  private void atEachCommit(String name, Fault fault) throws Exception {
    int failures = 0;
    boolean reached = true;
    for (int commit = 0; reached; commit++) {
      ledger.accept(lake, 10);
      if (!name.equals("flush")) {
        lake.flush();
      }
      proxy.set(fault.skipping(commit).times(1));
      try {
        verb(name).run();
      } catch (LakeException e) {
        failures++;
      }
      reached = proxy.strikes() > 0;
      proxy.pass();
      ledger.check(lake, "after a fault at commit %d of %s".formatted(commit, name));
      verb(name).run();
      ledger.check(lake, "after %s was tried again".formatted(name));
    }
    assertThat(failures).as("times that %s failed", name).isPositive();
    ledger.checkToTheEnd(lake);
  }

  @Test
  void aServerThatIsKilledAtAnyTimeChangesNoCount() throws Exception {
    Random random = new Random(1);
    int failures = 0;
    for (int round = 0; round < 15; round++) {
      ledger.accept(lake, 10);
      CompletableFuture<Void> verb =
          CompletableFuture.runAsync(verb(List.of("flush", "settle", "compact").get(round % 3)));
      runs(verb, random.nextInt(150));
      server.crash();
      server.start();
      failures += fails(verb) ? 1 : 0;
      ledger.check(lake, "after the server was killed for the %dth time".formatted(round + 1));
    }
    assertThat(failures).as("verbs that failed").isPositive();
    ledger.checkToTheEnd(lake);
  }

  @Test
  void aQueryOverARestartFailsAndTheNextDoesNot() throws Exception {
    ledger.accept(lake, 10);
    lake.flush();
    try (LakeView view = lake.view(Ledger.SITE)) {
      assertThat(rows(view)).isEqualTo(10);
      server.stop();
      // Opening one asks the server for nothing.
      assertThatThrownBy(() -> Samples.count(lake, Ledger.SITE)).isInstanceOf(SQLException.class);
      server.start();
      ledger.check(lake, "after the restart");
      // A view is of one point; whether it can still be read is another matter, but not wrongly.
      try {
        assertThat(rows(view)).isEqualTo(10);
      } catch (SQLException e) {
        assertThat(e.getMessage()).contains("connection");
      }
    }
    ledger.checkToTheEnd(lake);
  }

  @Test
  void whileTheServerIsDownEventsAreTakenAndWait() throws Exception {
    ledger.accept(lake, 10);
    lake.flush();
    server.stop();
    ledger.accept(lake, 10);
    for (Runnable verb : Ledger.verbs(lake)) {
      assertThatThrownBy(verb::run)
          .isInstanceOf(LakeException.class)
          .satisfies(e -> assertThat(e.getMessage()).doesNotContain(PostgresServer.PASSWORD));
    }
    ledger.accept(lake, 10);
    assertThat(lake.hotRows()).isEqualTo(20);
    server.start();
    ledger.checkToTheEnd(lake);
  }

  @Test
  void aServerThatNeverAnswersHoldsUpNobodyWhoSends() throws Exception {
    ledger.accept(lake, 10);
    proxy.set(Fault.hang());
    CompletableFuture<Void> flush = CompletableFuture.runAsync(verb("flush"));
    runs(flush, 500);
    ledger.accept(lake, 10);
    assertThat(flush).as("the flush that nobody answers").isNotDone();
    proxy.pass();
    fails(flush);
    ledger.checkToTheEnd(lake);
  }

  /** A primary that waits for its standby: the commit comes after everybody has given it up. */
  @Test
  void aCommitThatTakesEffectLaterLosesNothing() throws Exception {
    ledger.accept(lake, 10);
    lake.flush();
    PostgresServer.Database postgres = new PostgresServer.Database(server, "postgres");
    postgres.psql("ALTER SYSTEM SET synchronous_standby_names = 'away'");
    postgres.psql("SELECT pg_reload_conf()");
    ledger.accept(lake, 10);
    CompletableFuture<Void> flush = CompletableFuture.runAsync(verb("flush"));
    String waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep'";
    Awaitility.await().until(() -> postgres.psql(waiting).equals("1"));
    proxy.set(Fault.refuse());
    assertThat(fails(flush)).isTrue();
    proxy.pass();
    assertThatThrownBy(lake::flush)
        .isInstanceOf(LakeException.class)
        .hasMessageContaining("what came of the last commit is not known yet");
    ledger.check(lake, "while the server has not done with the commit");
    postgres.psql("ALTER SYSTEM RESET synchronous_standby_names");
    postgres.psql("SELECT pg_reload_conf()");
    Awaitility.await().until(() -> postgres.psql(waiting).equals("0"));
    lake.flush();
    ledger.check(lake, "after the server has done with it");
    assertThat(lake.unreadable()).isEmpty();
    ledger.checkToTheEnd(lake);
  }

  @Test
  void theLockIsTakenAgainWhenItsConnectionWasEnded() throws Exception {
    ledger.accept(lake, 10);
    lake.flush();
    PostgresServer.Database postgres = new PostgresServer.Database(server, "postgres");
    assertThat(
            postgres.psql(
                "SELECT count(pg_terminate_backend(pid)) FROM pg_locks WHERE locktype = 'advisory'"))
        .isEqualTo("1");
    ledger.accept(lake, 10);
    lake.flush();
    Awaitility.await()
        .untilAsserted(
            () ->
                assertThat(
                        postgres.psql("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'"))
                    .isEqualTo("1"));
    ledger.checkToTheEnd(lake);
  }

  /** As a node that stood still, while its volume was copied and went on elsewhere. */
  @Test
  void anOwnerWhoseLakeWasTakenOverAcceptsNothingMore() throws Exception {
    FlushSettings each = new FlushSettings(1, Duration.ofSeconds(1), Duration.ofSeconds(1));
    try (Journal journal =
            Journal.open(
                temporary.resolve("journal"),
                JournalSettings.DEFAULT.withMinFreeBytes(0),
                Disk.real());
        Flusher flusher = Flusher.start(lake, journal, each)) {
      journal.append(List.of(Samples.view("a", "v", Instant.EPOCH, "/")));
      Awaitility.await().until(() -> lake.hotRows() == 0);
      new PostgresServer.Database(server, "postgres")
          .psql(
              "SELECT count(pg_terminate_backend(pid)) FROM pg_locks WHERE locktype = 'advisory'");
      try (Lake elsewhere = openLake()) {
        elsewhere.own(journal.id(), journal.epoch() + 1, Samples.NO_REPLAY);
        elsewhere.accept(Samples.numbered(2, List.of(Samples.view("a", "w", Instant.EPOCH, "/"))));
        elsewhere.flush();
      }
      journal.append(List.of(Samples.view("a", "x", Instant.EPOCH, "/")));
      Awaitility.await().until(() -> journal.state().status() == JournalState.Status.CLOSED);
      assertThat(journal.state().reason())
          .matches("journal .* was opened again elsewhere \\(epoch 2, this one has 1\\): .*");
      assertThatThrownBy(() -> journal.append(List.of(Samples.view("a", "y", Instant.EPOCH, "/"))))
          .isInstanceOf(JournalClosedException.class);
      assertThat(flusher.figures().failures()).isPositive();
    }
  }

  private static long rows(LakeView view) throws SQLException {
    return Sql.number(view.connection(), "SELECT count(*) FROM " + view.events());
  }

  private Runnable verb(String name) {
    return switch (name) {
      case "flush" -> lake::flush;
      case "settle" -> () -> lake.settle(Steps.UNOBSERVED);
      default -> () -> lake.compact(Steps.UNOBSERVED);
    };
  }

  /** Returns after some time, or earlier when there is nothing more to wait for. */
  private static void runs(CompletableFuture<Void> verb, int millis) throws InterruptedException {
    try {
      verb.get(millis, TimeUnit.MILLISECONDS);
    } catch (TimeoutException | ExecutionException e) {
      // Looked at later.
    }
  }

  private static boolean fails(CompletableFuture<Void> verb) {
    try {
      verb.join();
      return false;
    } catch (CompletionException e) {
      assertThat(e).hasCauseInstanceOf(LakeException.class);
      return true;
    }
  }
}
