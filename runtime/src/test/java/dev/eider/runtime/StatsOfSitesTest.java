package dev.eider.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.eider.runtime.config.EngineSettings;
import dev.eider.runtime.web.WebSettings;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a site declares and sends, the whole way to its statistics, hot and settled. */
final class StatsOfSitesTest {

  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String SITE = "?site_id=shop.example.com";

  @TempDir private Path folder;
  private Runtime runtime;

  @BeforeEach
  void start() throws Exception {
    Path sites = Files.createDirectory(folder.resolve("sites"));
    Files.writeString(
        sites.resolve("shop.yaml"),
        """
        apiVersion: eider.dev/v1alpha1
        kind: AnalyticsSite
        metadata: {name: shop}
        spec:
          domains: [shop.example.com]
          currency: EUR
          runtime: {}
          properties:
          - {name: plan, index: 1, type: String, scope: Session}
          - {name: seats, index: 1, type: Integer, scope: Event}
          funnels:
          - {name: buy, description: To the till, steps: [{page: /socks}, {event: Purchase}]}
          segments:
          - name: Gold
            filters: [[is, "custom:plan", [gold]], [is, "visit:device", [Desktop]]]
        """);
    open();
  }

  private void open() throws Exception {
    runtime =
        Runtime.start(
            new RuntimeOptions(
                folder.resolve("sites"),
                folder.resolve("data"),
                Path.of("target/extensions"),
                WebSettings.onLoopback(0),
                Optional.of("token"),
                Optional.empty(),
                Optional.empty(),
                EngineSettings.DEFAULT,
                UnaryOperator.identity()));
  }

  @AfterEach
  void stop() {
    runtime.close();
  }

  @Test
  void aShopsFiguresAreTheSameHotAndSettledAndAfterAStart() throws Exception {
    String socks = "{\"sku\":\"s1\",\"name\":\"Socks\",\"price\":4.5,\"quantity\":2}";
    String order =
        "{\"site\":\"shop.example.com\",\"name\":\"Purchase\",\"url\":\"https://shop.example.com/pay\","
            + "\"props\":{\"plan\":\"gold\"},\"revenue\":{\"amount\":12,\"currency\":\"EUR\"},"
            + "\"order\":{\"id\":\"A-1\",\"tax\":2,\"shipping\":3,\"items\":["
            + socks
            + "]}}";
    send(
        "{\"site\":\"shop.example.com\",\"name\":\"pageview\",\"url\":\"https://shop.example.com/socks\","
            + "\"screen_width\":1280,\"props\":{\"plan\":\"free\"},\"metrics\":{\"1\":5},\"order\":{\"items\":["
            + socks
            + "]}}");
    send(order);
    send(order);
    assertThat(
            call(
                "POST",
                "/api/stats/segments" + SITE,
                "{\"name\":\"Gold\",\"filters\":[[\"is\",\"custom:plan\",[\"gold\"]]]}"))
        .contains("\"id\":1");

    List<String> hot = answers();
    assertThat(hot)
        .containsExactly(
            "[{\"metrics\":[2,5,1,100.0],\"dimensions\":[\"gold\"]}]",
            "[{\"metrics\":[1],\"dimensions\":[\"Laptop\"]}]",
            "[{\"metrics\":[2],\"dimensions\":[]}]",
            "[{\"metrics\":[1],\"dimensions\":[]}]",
            "[{\"product\":\"s1\",\"name\":\"Socks\",\"category\":\"\",\"views\":1,\"in_cart\":0,"
                + "\"orders\":1,\"bought\":2,\"revenue\":{\"short\":\"€9.0\",\"value\":9,"
                + "\"long\":\"€9.00\",\"currency\":\"EUR\"}}]",
            "1 of 12.0, tax 2, shipping 3",
            "[{\"type\":\"transaction\",\"events\":1}]",
            "[1,1]");
    call("POST", "/v1/analytics/maintenance/compact", "");
    assertThat(answers()).isEqualTo(hot);
    runtime.close();
    open();
    assertThat(answers()).isEqualTo(hot);
  }

  @Test
  void aSegmentThatCannotBeUsedIsRefusedWithTheSpec() throws Exception {
    String pushed =
        "{\"site\":{\"apiVersion\":\"eider.dev/v1alpha1\",\"kind\":\"AnalyticsSite\","
            + "\"metadata\":{\"name\":\"shop\"},\"spec\":{\"domains\":[\"shop.example.com\"],"
            + "\"segments\":[{\"name\":\"Sold\",\"filters\":[[\"is\",\"event:goal\",[\"Sale\"]]]}]}}}";
    assertThat(call("PUT", "/admin/sites/shop.example.com", pushed))
        .isEqualTo(
            "{\"error\":\"spec.segments of shop.example.com: segment \\\"Sold\\\": goal \\\"Sale\\\" is"
                + " not one of this site's; it has none, they are declared in its spec under"
                + " goals\"}");
    assertThat(call("GET", "/api/stats/segments" + SITE, ""))
        .isEqualTo(
            "{\"segments\":[{\"id\":\"Gold\",\"name\":\"Gold\",\"filters\":"
                + "[[\"is\",\"custom:plan\",[\"gold\"]],[\"is\",\"visit:device\",[\"Desktop\"]]]}]}");

    Path file = folder.resolve("sites/shop.yaml");
    Files.writeString(file, Files.readString(file).replace("visit:device", "visit:devise"));
    await()
        .untilAsserted(
            () ->
                assertThat(read(call("GET", "/admin/status", "")).get("problems").toString())
                    .contains(
                        "shop.yaml: spec.segments of shop.example.com: segment",
                        "visit:devise",
                        "its last good content stays in force"));
    assertThat(
            read(
                call(
                    "GET",
                    "/api/v1/stats/aggregate"
                        + SITE
                        + "&filters=%5B%5B%22is%22%2C%22segment%22%2C%5B%22Gold%22%5D%5D%5D",
                    "")))
        .isEqualTo(read("{\"results\":{\"visitors\":{\"value\":0}}}"));
  }

  private List<String> answers() throws Exception {
    List<String> answers = new ArrayList<>();
    for (String question :
        List.of(
            "\"metrics\":[\"events\",\"sum:seats\",\"transactions\",\"purchase_rate\"],\"dimensions\":[\"custom:1\"]",
            "\"metrics\":[\"visitors\"],\"dimensions\":[\"visit:screen\"]",
            "\"metrics\":[\"events\"],\"filters\":[[\"is\",\"segment\",[1]]]",
            "\"metrics\":[\"visits\"],\"filters\":[[\"is\",\"segment\",[\"Gold\"]]]")) {
      answers.add(
          read(call(
                  "POST",
                  "/api/v2/query",
                  "{\"site_id\":\"shop.example.com\",\"date_range\":\"7d\"," + question + "}"))
              .get("results")
              .toString());
    }
    answers.add(read(call("GET", "/api/stats/products" + SITE, "")).get("products").toString());
    JsonNode figures = read(call("GET", "/api/stats/ecommerce" + SITE, ""));
    answers.add(
        "%s of %s, tax %s, shipping %s"
            .formatted(
                figures.get("transactions"),
                figures.at("/average_order_value/value").doubleValue(),
                figures.at("/tax/value"),
                figures.at("/shipping/value")));
    answers.add(read(call("GET", "/api/stats/excluded" + SITE, "")).get("duplicates").toString());
    List<String> steps = new ArrayList<>();
    read(call("GET", "/api/stats/funnel" + SITE + "&name=buy", ""))
        .get("steps")
        .forEach(step -> steps.add(step.get("visitors").toString()));
    answers.add("[" + String.join(",", steps) + "]");
    return answers;
  }

  private static JsonNode read(String json) throws Exception {
    return JSON.readTree(json);
  }

  private void send(String event) throws Exception {
    assertThat(call("POST", "/api/events", "[" + event + "]")).contains("\"accepted\":1");
  }

  private String call(String method, String path, String body) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + runtime.port() + path))
            .header(
                "User-Agent",
                "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0")
            .method(
                method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
    if (!path.startsWith("/api/events")) {
      request.header("Authorization", "Bearer token");
    }
    return HTTP.send(request.build(), BodyHandlers.ofString()).body();
  }
}
