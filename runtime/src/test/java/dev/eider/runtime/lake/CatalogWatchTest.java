package dev.eider.runtime.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eider.runtime.config.LakePlace;
import dev.eider.runtime.disk.Disk;
import dev.eider.runtime.server.PostgresServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The keys of a catalog in PostgreSQL, as their Secret changes them under a lake that is open. */
class CatalogWatchTest {

  @TempDir Path temporary;

  private final Ledger ledger = new Ledger();
  private PostgresServer server;
  private PostgresServer.Database database;
  private Path secret;
  private Lake lake;

  @BeforeEach
  void open() throws Exception {
    server = PostgresServer.started();
    database = server.database();
    server.psql("postgres", "CREATE ROLE one LOGIN PASSWORD 'first'");
    server.psql("postgres", "ALTER DATABASE %s OWNER TO one".formatted(database.name()));
    secret = Files.createDirectory(temporary.resolve("secret"));
    write("one", "first", database.name());
    lake =
        Lake.open(
            Samples.settings(temporary.resolve("data"))
                .withPlace(
                    new LakePlace(
                        Optional.empty(), Optional.of(secret.toString()), ServerPlaces.LAKE_ID)),
            Disk.real());
    lake.own(Samples.JOURNAL, 1, ledger.replay());
    ledger.accept(lake, 10);
    lake.flush();
  }

  @AfterEach
  void close() throws Exception {
    if (lake != null) {
      lake.close();
    }
    if (server != null) {
      server.close();
    }
  }

  @Test
  void aNewPasswordIsFollowed() throws Exception {
    server.psql("postgres", "ALTER ROLE one PASSWORD 'second'");
    endSessionsOf("one");
    ledger.accept(lake, 10);
    assertThatThrownBy(lake::flush)
        .isInstanceOf(LakeException.class)
        .hasMessageContaining("password authentication failed for user \"one\"")
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("first"));
    Awaitility.await()
        .untilAsserted(
            () ->
                assertThat(storage())
                    .isEqualTo(
                        new StorageFigures(
                            "volume",
                            "postgres",
                            false,
                            "the catalog's database %s at 127.0.0.1:%d as one does not answer: FATAL: password authentication failed for user \"one\""
                                .formatted(database.name(), server.port()))));
    write("one", "second", database.name());
    Awaitility.await().untilAsserted(() -> assertThat(storage()).isEqualTo(well()));
    lake.flush();
    ledger.checkToTheEnd(lake);
  }

  /** As those do that change the Secret before the database, or hand on to another user. */
  @Test
  void aUserWhoIsNotLetInYetIsFollowedOnceTheyAre() throws Exception {
    write("other", "third", database.name());
    ledger.accept(lake, 10);
    lake.flush();
    ledger.check(lake, "while the Secret names somebody who is not there");
    server.psql("postgres", "CREATE ROLE other LOGIN PASSWORD 'third' IN ROLE one");
    Awaitility.await()
        .until(
            () -> {
              ledger.accept(lake, 10);
              lake.flush();
              return !sessionsOf("other").equals("0");
            });
    endSessionsOf("one");
    ledger.check(lake, "as the other");
    assertThat(storage()).isEqualTo(well());
    ledger.checkToTheEnd(lake);
  }

  /** Whether the lake is there, too, is found out by a start alone. */
  @Test
  void anotherDatabaseIsNotGoneTo() throws Exception {
    server.psql("postgres", "CREATE DATABASE empty OWNER one");
    write("one", "fourth", "empty");
    server.psql("postgres", "ALTER ROLE one PASSWORD 'fourth'");
    Awaitility.await().until(() -> !storage().reachable());
    write("one", "fourth", database.name());
    Awaitility.await().until(() -> storage().reachable());
    assertThat(
            server.psql("empty", "SELECT count(*) FROM pg_namespace WHERE nspname LIKE 'eider%'"))
        .isEqualTo("0");
    ledger.checkToTheEnd(lake);
  }

  private StorageFigures storage() {
    return lake.figures().storage();
  }

  private static StorageFigures well() {
    return new StorageFigures("volume", "postgres", true, "");
  }

  private void write(String user, String password, String name) throws IOException {
    Map<String, String> entries =
        Map.of(
            "host",
            "127.0.0.1",
            "port",
            Integer.toString(server.port()),
            "dbname",
            name,
            "sslmode",
            "disable",
            "user",
            user,
            "password",
            password);
    for (Map.Entry<String, String> entry : entries.entrySet()) {
      Files.writeString(secret.resolve(entry.getKey()), entry.getValue());
    }
  }

  private void endSessionsOf(String user) throws IOException {
    server.psql(
        "postgres",
        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE usename = '%s'"
            .formatted(user));
  }

  private String sessionsOf(String user) throws IOException {
    return server.psql(
        "postgres",
        "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'eider' AND usename = '%s'"
            .formatted(user));
  }
}
