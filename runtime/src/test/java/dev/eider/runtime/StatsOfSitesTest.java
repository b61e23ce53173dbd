package dev.eider.runtime;

import static java.net.http.HttpRequest.BodyPublishers.ofString;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a site declares and sends, the whole way to its statistics, hot and settled. */
final class StatsOfSitesTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String SITE = "?site_id=shop.example.com";

  @TempDir private Path folder;
  private ARuntime runtime;

  @BeforeEach
  void start() throws Exception {
    ARuntime.declare(
        folder,
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
          goals:
          - {name: Sees socks, page: /socks, value: "2.50"}
          funnels:
          - {name: buy, description: To the till, steps: [{page: /socks}, {event: Purchase}]}
          segments:
          - name: Gold
            filters: [[is, "custom:plan", [gold]], [is, "visit:device", [Desktop]]]
        """);
    runtime = ARuntime.in(folder);
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
            post(
                "/api/stats/segments" + SITE,
                "{\"name\":\"Gold\",\"filters\":[[\"is\",\"custom:plan\",[\"gold\"]]]}"))
        .contains("\"id\":1");

    List<String> hot = answers();
    assertThat(hot)
        .containsExactly(
            "[{\"metrics\":[2,5,1,100.0],\"dimensions\":[\"gold\"]}]",
            "[{\"metrics\":[1],\"dimensions\":[\"Laptop\"]}]",
            "[{\"metrics\":[{\"short\":\"€2.5\",\"value\":2.5,\"long\":\"€2.50\","
                + "\"currency\":\"EUR\"}],\"dimensions\":[\"Sees socks\"]}]",
            "[{\"metrics\":[2],\"dimensions\":[]}]",
            "[{\"metrics\":[1],\"dimensions\":[]}]",
            "[{\"product\":\"s1\",\"name\":\"Socks\",\"category\":\"\",\"views\":1,\"in_cart\":0,"
                + "\"orders\":1,\"bought\":2,\"revenue\":{\"short\":\"€9.0\",\"value\":9,"
                + "\"long\":\"€9.00\",\"currency\":\"EUR\"}}]",
            "1 of 12.0, tax 2, shipping 3",
            "[{\"type\":\"transaction\",\"events\":1}]",
            "[1,1]");
    post("/v1/analytics/maintenance/compact", "");
    assertThat(answers()).isEqualTo(hot);
    runtime.close();
    runtime = ARuntime.in(folder);
    assertThat(answers()).isEqualTo(hot);
  }

  @Test
  void aSegmentThatCannotBeUsedIsRefusedWithTheSpec() throws Exception {
    String pushed =
        "{\"site\":{\"apiVersion\":\"eider.dev/v1alpha1\",\"kind\":\"AnalyticsSite\","
            + "\"metadata\":{\"name\":\"shop\"},\"spec\":{\"domains\":[\"shop.example.com\"],"
            + "\"segments\":[{\"name\":\"Sold\",\"filters\":[[\"is\",\"event:goal\",[\"Sale\"]]]}]}}}";
    assertThat(
            runtime
                .send(runtime.admin("/admin/sites/shop.example.com").PUT(ofString(pushed)))
                .body())
        .isEqualTo(
            "{\"error\":\"spec.segments of shop.example.com: segment \\\"Sold\\\": goal \\\"Sale\\\" is"
                + " not one of this site's; it has none, they are declared in its spec under"
                + " goals\"}");
    assertThat(runtime.get("/api/stats/segments" + SITE))
        .isEqualTo(
            "{\"segments\":[{\"id\":\"Gold\",\"name\":\"Gold\",\"filters\":"
                + "[[\"is\",\"custom:plan\",[\"gold\"]],[\"is\",\"visit:device\",[\"Desktop\"]]]}]}");

    ARuntime.declare(folder, ARuntime.declared(folder).replace("visit:device", "visit:devise"));
    await()
        .untilAsserted(
            () ->
                assertThat(runtime.status().get("problems").toString())
                    .contains(
                        "declared.yaml: spec.segments of shop.example.com: segment",
                        "visit:devise",
                        "its last good content stays in force"));
    assertThat(
            read(
                runtime.get(
                    "/api/v1/stats/aggregate"
                        + SITE
                        + "&filters=%5B%5B%22is%22%2C%22segment%22%2C%5B%22Gold%22%5D%5D%5D")))
        .isEqualTo(read("{\"results\":{\"visitors\":{\"value\":0}}}"));
  }

  private List<String> answers() throws Exception {
    List<String> answers = new ArrayList<>();
    for (String question :
        List.of(
            "\"metrics\":[\"events\",\"sum:seats\",\"transactions\",\"purchase_rate\"],\"dimensions\":[\"custom:1\"]",
            "\"metrics\":[\"visitors\"],\"dimensions\":[\"visit:screen\"]",
            "\"metrics\":[\"total_revenue\"],\"dimensions\":[\"event:goal\"]",
            "\"metrics\":[\"events\"],\"filters\":[[\"is\",\"segment\",[1]]]",
            "\"metrics\":[\"visits\"],\"filters\":[[\"is\",\"segment\",[\"Gold\"]]]")) {
      answers.add(
          read(post(
                  "/api/v2/query",
                  "{\"site_id\":\"shop.example.com\",\"date_range\":\"7d\"," + question + "}"))
              .get("results")
              .toString());
    }
    answers.add(read(runtime.get("/api/stats/products" + SITE)).get("products").toString());
    JsonNode figures = read(runtime.get("/api/stats/ecommerce" + SITE));
    answers.add(
        "%s of %s, tax %s, shipping %s"
            .formatted(
                figures.get("transactions"),
                figures.at("/average_order_value/value").doubleValue(),
                figures.at("/tax/value"),
                figures.at("/shipping/value")));
    answers.add(read(runtime.get("/api/stats/excluded" + SITE)).get("duplicates").toString());
    List<String> steps = new ArrayList<>();
    read(runtime.get("/api/stats/funnel" + SITE + "&name=buy"))
        .get("steps")
        .forEach(step -> steps.add(step.get("visitors").toString()));
    answers.add("[" + String.join(",", steps) + "]");
    return answers;
  }

  private static JsonNode read(String json) throws Exception {
    return JSON.readTree(json);
  }

  private void send(String event) throws Exception {
    assertThat(
            runtime.send(runtime.browser("/api/events").POST(ofString("[" + event + "]"))).body())
        .contains("\"accepted\":1");
  }

  private String post(String path, String body) throws Exception {
    return runtime.post(path, body).body();
  }
}
