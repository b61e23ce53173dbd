package dev.eider.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.eider.runtime.config.LakePlace;
import dev.eider.runtime.server.PostgresServer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The database of a lake's catalog is away, and comes back. */
final class CatalogAwayTest {

  @TempDir private Path folder;
  private PostgresServer server;
  private LakePlace place;
  private ARuntime runtime;

  @BeforeEach
  void start() throws IOException {
    server = PostgresServer.started();
    place = new LakePlace(Optional.empty(), Optional.of(server.database().uri()), "web.blog");
    ARuntime.declare(folder, ARuntime.BLOG);
    runtime = open();
  }

  private ARuntime open() throws IOException {
    return ARuntime.in(folder, asked -> asked.withFlush(ARuntime.EACH_SECOND).withPlace(place));
  }

  @AfterEach
  void stop() throws IOException {
    runtime.close();
    server.close();
  }

  @Test
  void whatIsAcceptedMeanwhileIsCountedAndStatusSaysWhatIsAway() throws Exception {
    runtime.view("/before");
    runtime.awaitFlushed();
    server.stop();
    runtime.view("/meanwhile");
    await()
        .atMost(ARuntime.SOON)
        .untilAsserted(() -> assertThat(storage().path("reachable").asBoolean(true)).isFalse());
    assertThat(storage().path("reason").asText())
        .startsWith("the catalog's database test_")
        .contains("does not answer", "refused")
        .doesNotContain(PostgresServer.PASSWORD);
    server.start();
    runtime.awaitFlushed();
    await().atMost(ARuntime.SOON).until(() -> storage().path("reachable").asBoolean());
    assertThat(runtime.row("SELECT count(*) FROM events")).isEqualTo("2");
  }

  /** A node is drained while the database moves, too. */
  @Test
  void aStartWaitsForIt() throws Exception {
    runtime.view("/before");
    runtime.close();
    server.stop();
    CompletableFuture<ARuntime> starting =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return open();
              } catch (IOException e) {
                throw new CompletionException(e);
              }
            });
    await().pollDelay(Duration.ofSeconds(3)).until(() -> !starting.isDone());
    server.start();
    runtime = starting.join();
    runtime.view("/after");
    runtime.awaitFlushed();
    assertThat(runtime.row("SELECT count(*) FROM events")).isEqualTo("2");
  }

  private JsonNode storage() throws Exception {
    return ARuntime.json(runtime.send(runtime.admin("/admin/status"))).at("/lake/storage");
  }
}
