package dev.eider.operator.site;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.eider.operator.site.RuntimeAdmin.Endpoint;
import dev.eider.operator.site.RuntimeAdmin.Figures;
import dev.eider.operator.site.RuntimeAdmin.Store;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Against a runtime that is an HTTP server of this test's own. */
class RuntimeLinkTest {

  private static final Instant NOW = Instant.parse("2026-01-01T10:00:00Z");
  private static final SitePlan PLAN = Plans.of("{domains: [blog.example.com], runtime: {}}");

  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final RuntimeLink link = new RuntimeLink(new HttpRuntimeAdmin(), Duration.ofMinutes(15));
  private volatile int status = 200;
  private volatile String answer =
      "{\"siteId\":\"blog.example.com\",\"visitors24h\":3,\"events\":40,\"bytes\":500}";
  private HttpServer server;
  private Endpoint endpoint;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          String body =
              new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
          requests.add(
              "%s %s %s %s"
                  .formatted(
                      exchange.getRequestMethod(),
                      exchange.getRequestURI(),
                      exchange.getRequestHeaders().getFirst("Authorization"),
                      body));
          byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(status, bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
    server.start();
    endpoint =
        new Endpoint(
            URI.create("http://127.0.0.1:" + server.getAddress().getPort()), "secret-token");
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  @Test
  void bringsSettingsOnceToEachIncarnationAndAgainWhenTheyChange() {
    assertThat(link.confirm(PLAN, endpoint, "pod-1")).isEmpty();
    assertThat(link.confirm(PLAN, endpoint, "pod-1")).isEmpty();
    assertThat(requests)
        .containsExactly(
            "PUT /admin/sites/blog.example.com Bearer secret-token " + RuntimeLink.settings(PLAN));

    assertThat(link.confirm(PLAN, endpoint, "pod-2")).isEmpty();
    assertThat(requests).hasSize(2);

    SitePlan changed =
        Plans.of("{domains: [blog.example.com], ingest: {enabled: false}, runtime: {}}");
    assertThat(link.confirm(changed, endpoint, "pod-2")).isEmpty();
    assertThat(requests).hasSize(3);
  }

  @Test
  void aRuntimeThatSaysNoIsQuoted() {
    status = 400;
    answer = "{\"error\":\"timeZone 'X' is not known\"}";
    assertThat(link.confirm(PLAN, endpoint, "pod-1"))
        .contains(
            new RuntimeLink.Trouble(true, "the runtime answered 400: timeZone 'X' is not known"));
    assertThat(link.confirm(PLAN, endpoint, "pod-1")).isPresent();
    assertThat(requests).hasSize(2);
  }

  @ParameterizedTest
  @CsvSource({"400, true", "413, true", "422, true", "401, false", "404, false", "500, false"})
  void onlyWhatIsSaidOfTheSettingsRefusesThem(int code, boolean refused) {
    status = code;
    answer = "{\"error\":\"no\"}";
    assertThat(link.confirm(PLAN, endpoint, "pod-1"))
        .contains(new RuntimeLink.Trouble(refused, "the runtime answered %d: no".formatted(code)));
  }

  @Test
  void theSpecIsBroughtAsItIs() {
    SitePlan plan =
        Plans.of(
            "{domains: [blog.example.com], privacy: {geo: None}, goals: [{name: buy, event:"
                + " Purchase}], ingest: {aliases: [{matomo: 7}]}, runtime: {}}");
    assertThat(RuntimeLink.settings(plan))
        .isEqualTo(
            "{\"site\":{\"apiVersion\":\"eider.dev/v1alpha1\",\"kind\":\"AnalyticsSite\",\"metadata\":"
                + "{\"generation\":7,\"name\":\"blog\",\"namespace\":\"web\"},\"spec\":"
                + "{\"domains\":[\"blog.example.com\"],\"runtime\":{},"
                + "\"ingest\":{\"aliases\":[{\"matomo\":7}]},\"privacy\":{\"geo\":\"None\"},"
                + "\"goals\":[{\"name\":\"buy\",\"event\":\"Purchase\"}]}}}");
  }

  @Test
  void aRuntimeThatIsNotThereIsTriedAgainAndItsTokenIsNotTold() {
    server.stop(0);
    assertThat(link.confirm(PLAN, endpoint, "pod-1"))
        .hasValueSatisfying(
            trouble -> {
              assertThat(trouble.refused()).isFalse();
              assertThat(trouble.sentence())
                  .contains("does not answer")
                  .doesNotContain("secret-token");
            });
  }

  @Test
  void looksAtFiguresSeldomUnlessTheyHaveJustChanged() {
    Optional<Instant> never = Optional.empty();
    assertThat(link.figures(PLAN, endpoint, never, NOW, false))
        .contains(new Figures(3, 40, 500, List.of()));
    assertThat(link.figures(PLAN, endpoint, never, NOW.plusSeconds(899), false)).isEmpty();
    assertThat(link.figures(PLAN, endpoint, never, NOW.plusSeconds(899), true)).isPresent();
    assertThat(link.figures(PLAN, endpoint, never, NOW.plusSeconds(1000), false)).isEmpty();
    assertThat(link.figures(PLAN, endpoint, never, NOW.plusSeconds(1800), false)).isPresent();
  }

  @Test
  void namesThatAnotherSiteKeepsAreHeardWithEveryAnswer() {
    assertThat(link.conflicts(PLAN)).isEmpty();
    answer = "{\"conflicts\": [\"Matomo idsite 7 is a.example's\"]}";
    assertThat(link.confirm(PLAN, endpoint, "pod-1")).isEmpty();
    assertThat(link.conflicts(PLAN)).containsExactly("Matomo idsite 7 is a.example's");

    answer = "{\"conflicts\": []}";
    assertThat(link.figures(PLAN, endpoint, Optional.empty(), NOW, true)).isPresent();
    assertThat(link.conflicts(PLAN)).isEmpty();
  }

  @Test
  void anOperatorThatStartsAnewGoesByTheTimeInStatus() {
    assertThat(link.figures(PLAN, endpoint, Optional.of(NOW.minusSeconds(60)), NOW, false))
        .isEmpty();
    assertThat(requests).isEmpty();
  }

  @Test
  void asksAboutTheStoreSeldomAndMoreOftenWhileItIsAway() {
    answer =
        """
        {"lake": {"storage": {"data": "s3://lakes/web.blog", "catalog": "postgres",
                              "reachable": true, "reason": ""}}}
        """;
    Store well = new Store("s3://lakes/web.blog", "postgres", true, "");
    assertThat(link.store(PLAN, endpoint, "pod-1", NOW)).contains(well);
    assertThat(link.store(PLAN, endpoint, "pod-1", NOW.plusSeconds(29))).contains(well);
    assertThat(requests).containsExactly("GET /admin/status Bearer secret-token ");

    answer = answer.replace("true", "false").replace("\"\"", "\"refused\\nagain\"");
    Store away = new Store("s3://lakes/web.blog", "postgres", false, "refused again");
    assertThat(link.store(PLAN, endpoint, "pod-1", NOW.plusSeconds(30))).contains(away);
    assertThat(link.store(PLAN, endpoint, "pod-1", NOW.plusSeconds(39))).contains(away);
    assertThat(requests).hasSize(2);
    assertThat(link.store(PLAN, endpoint, "pod-1", NOW.plusSeconds(40))).contains(away);
    assertThat(requests).hasSize(3);
    assertThat(link.store(PLAN, endpoint, "pod-2", NOW.plusSeconds(41))).contains(away);
    assertThat(requests).as("another process").hasSize(4);
  }

  @Test
  void aRuntimeThatKnowsNothingOfStoresSaysNothing() {
    answer = "{\"lake\": {}}";
    assertThat(link.store(PLAN, endpoint, "pod-1", NOW)).contains(new Store("", "", false, ""));
    status = 500;
    assertThat(link.store(PLAN, endpoint, "pod-2", NOW)).isEmpty();
  }
}
