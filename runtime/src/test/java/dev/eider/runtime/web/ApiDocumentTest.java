package dev.eider.runtime.web;

import static java.net.http.HttpRequest.BodyPublishers.ofString;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.eider.runtime.sql.ArrowRows;
import dev.eider.runtime.sql.SqlSite;
import dev.eider.runtime.stats.SampleSite;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The OpenAPI document and the server say the same. */
class ApiDocumentTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** What to send so that every field of an answer is there. */
  private static final Map<String, String> EXAMPLES =
      new TreeMap<>(
          Map.ofEntries(
              Map.entry("/api/v1/stats/realtime/visitors", ""),
              Map.entry(
                  "/api/v1/stats/aggregate",
                  "&period=7d&metrics=visitors,bounce_rate&compare=previous_period&with_imported=true"),
              Map.entry("/api/v1/stats/timeseries", "&period=7d&interval=day"),
              Map.entry("/api/v1/stats/breakdown", "&property=visit:source&limit=2&page=1"),
              Map.entry("/api/stats/main", "&period=7d"),
              Map.entry("/api/stats/timeseries", "&start_date=2026-03-29&end_date=2026-03-30"),
              Map.entry("/api/stats/sessions", "&period=7d"),
              Map.entry("/api/stats/breakdown/{dimension}", "&period=7d"),
              Map.entry("/api/stats/realtime", "&minutes=3"),
              Map.entry("/api/stats/funnel", "&period=7d&steps=page:/pricing,event:Purchase"),
              Map.entry("/api/stats/sequences", "&period=7d&steps=page:/,page:/pricing"),
              Map.entry("/api/stats/flow", "&period=7d&page=/"),
              Map.entry("/api/stats/excluded", "&period=7d"),
              Map.entry("/api/stats/segments", ""),
              Map.entry("/api/stats/annotations", ""),
              Map.entry("/api/stats/visits", "&period=7d"),
              Map.entry("/api/stats/funnels", ""),
              Map.entry("/api/stats/retention", "&weeks=2"),
              Map.entry("/api/stats/ecommerce", "&period=7d&by=countries"),
              Map.entry("/api/stats/products", "&period=7d"),
              Map.entry("/api/stats/export", "&period=7d&format=json")));

  @TempDir Path directory;
  private WebFixture eider;
  private SampleSite site;
  private JsonNode document;

  @BeforeEach
  void start() throws Exception {
    site = new SampleSite();
    eider = WebFixture.with(directory, (settings, question) -> site.ask(question));
    document = JSON.readTree(eider.send(eider.to("/api/openapi.json")).body());
  }

  @AfterEach
  void stop() throws Exception {
    eider.close();
    site.close();
  }

  @Test
  void isServedInBothForms() throws Exception {
    HttpResponse<String> yaml = eider.send(eider.to("/api/openapi.yaml"));

    assertThat(yaml.headers().firstValue("Content-Type")).contains("application/yaml");
    assertThat(new YAMLMapper().readTree(yaml.body())).isEqualTo(document);
    assertThat(document.get("openapi").asText()).isEqualTo("3.1.0");
  }

  /** A comma in a description without quotes makes a key of what follows, whose value is null. */
  @Test
  void holdsNothingThatIsEmptyAndNamesNothingThatIsMissing() {
    assertThat(document.findParents("$ref"))
        .allSatisfy(
            node ->
                assertThat(document.at(node.get("$ref").asText().substring(1)).isMissingNode())
                    .as(node.toString())
                    .isFalse());
    assertThat(document.findValues("parameters"))
        .allSatisfy(node -> assertThat(node.isContainerNode()).as(node.toString()).isTrue());
    assertThat(document.toString()).doesNotContain(":null");
  }

  @Test
  void everyAnswerIsAsItSays() throws Exception {
    List<String> paths = new ArrayList<>();
    document.get("paths").fieldNames().forEachRemaining(paths::add);
    paths.removeAll(List.of("/api/v2/query", "/api/v1/sql", "/api/v1/export/events"));
    // Ends never; see LiveEndpointTest.
    paths.remove("/api/stats/live");
    // What they take is in SavedEndpointsTest.
    paths.remove("/api/stats/segments/{id}");
    paths.remove("/api/stats/annotations/{id}");
    assertThat(paths).containsExactlyInAnyOrderElementsOf(EXAMPLES.keySet());
    for (String path : paths) {
      String asked =
          path.replace("{dimension}", "pages") + "?site_id=blog.example.com" + encoded(path);
      HttpResponse<String> answer =
          eider.send(eider.to(asked).header("Authorization", "Bearer " + eider.statsKey()));
      assertThat(answer.statusCode()).as(asked + " " + answer.body()).isEqualTo(200);
      JsonNode schema =
          document
              .at("/paths/" + path.replace("/", "~1") + "/get/responses/200/content")
              .get("application/json")
              .get("schema");
      assertThat(problems(schema, JSON.readTree(answer.body()), path)).isEmpty();
      assertThat(eider.send(eider.to(asked)).statusCode()).isEqualTo(401);
      assertThat(
              eider.answer(
                  eider
                      .to(path.replace("{dimension}", "pages"))
                      .header("Authorization", "Bearer " + eider.statsKey())))
          .startsWith("400 {\"error\":\"");
    }
  }

  private static String encoded(String path) {
    StringBuilder query = new StringBuilder();
    for (String pair : EXAMPLES.get(path).split("&")) {
      if (!pair.isEmpty()) {
        int at = pair.indexOf('=');
        query
            .append('&')
            .append(pair, 0, at + 1)
            .append(URLEncoder.encode(pair.substring(at + 1), StandardCharsets.UTF_8));
      }
    }
    return query.toString();
  }

  @Test
  void queriesAreTakenAndAnsweredAsItSays() throws Exception {
    String query =
        """
        {"site_id": "blog.example.com", "metrics": ["visitors", "events", "total_revenue"],
         "date_range": ["2026-03-30", "2026-03-31"], "dimensions": ["time:day"],
         "filters": [["has_done", ["is", "event:goal", ["Buy"]]]],
         "include": {"time_labels": true, "total_rows": true, "imports": true, "compare": "previous_period"}}
        """;
    JsonNode schemas = document.at("/components/schemas");
    assertThat(problems(schemas.get("Query"), JSON.readTree(query), "query")).isEmpty();
    JsonNode answer = JSON.readTree(ask("/api/v2/query", query).body());
    assertThat(problems(schemas.get("Answer"), answer, "answer")).isEmpty();
    assertThat(answer.at("/results/0/metrics/2/value").asDouble()).isEqualTo(12.5);
    assertThat(answer.at("/meta/identity_window").asText()).isEqualTo("site_day");
  }

  @Test
  void sqlIsTakenAndAnsweredAsItSays(@TempDir Path data) throws Exception {
    try (SqlSite rows = new SqlSite(data).filled()) {
      eider.sql =
          WebFixture.answering(
              (sites, request, cancel) ->
                  rows.ask(request, List.of("blog"), rows.limits(), cancel));
      String asked =
          "{\"query\": \"SELECT pathname FROM events WHERE date >= $from\", \"params\": {\"from\":"
              + " \"2026-01-01\"}, \"site_id\": \"blog.example.com\", \"limit\": 2}";
      JsonNode schemas = document.at("/components/schemas");
      assertThat(problems(schemas.get("Sql"), JSON.readTree(asked), "sql")).isEmpty();
      HttpResponse<String> answer = ask("/api/v1/sql", asked);
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
      assertThat(problems(schemas.get("Rows"), JSON.readTree(answer.body()), "rows")).isEmpty();
    }
  }

  @Test
  void metricsOfTheDocumentAreThoseOfTheServer() throws Exception {
    for (JsonNode metric :
        document.at("/components/schemas/Query/properties/metrics/items/anyOf/0/enum")) {
      String query =
          "{\"site_id\":\"blog.example.com\",\"date_range\":\"7d\",\"metrics\":[%s],%s}"
              .formatted(
                  metric,
                  metric.asText().equals("exit_rate")
                      ? "\"dimensions\":[\"visit:exit_page\"]"
                      : metric.asText().contains("conversion")
                          ? "\"dimensions\":[\"event:goal\"]"
                          : "\"dimensions\":[\"event:page\"]");
      assertThat(ask("/api/v2/query", query).statusCode()).as(query).isEqualTo(200);
    }
  }

  @Test
  void tablesForPrograms() throws Exception {
    String query =
        """
        {"site_id": "blog.example.com", "metrics": ["pageviews", "total_revenue"],
         "date_range": ["2026-03-29", "2026-03-30"], "dimensions": ["event:page"],
         "filters": [["contains", "event:page", ["blog", "pay"]]],
         "order_by": [["event:page", "asc"]]}
        """;
    HttpResponse<String> csv = ask("/api/v2/query?format=csv", query);
    assertThat(csv.headers().firstValue("Content-Type")).contains("text/csv; charset=utf-8");
    assertThat(csv.headers().firstValue("Content-Disposition"))
        .contains("attachment; filename=\"query.csv\"");
    assertThat(csv.body())
        .isEqualTo(
            "event:page,pageviews,total_revenue\r\n"
                + "/blog/=x,1,0\r\n"
                + "/blog/a|b,1,0\r\n"
                + "/pay,0,12.5\r\n");
    assertThat(ask("/api/v2/query?format=ndjson", query).body())
        .isEqualTo(
            """
            {"event:page":"/blog/=x","pageviews":1,"total_revenue":{"short":"€0.0","value":0,"long":"€0.00","currency":"EUR"}}
            {"event:page":"/blog/a|b","pageviews":1,"total_revenue":{"short":"€0.0","value":0,"long":"€0.00","currency":"EUR"}}
            {"event:page":"/pay","pageviews":0,"total_revenue":{"short":"€12.5","value":12.5,"long":"€12.50","currency":"EUR"}}
            """);
    String compared =
        query.replace(
            "\"order_by\"",
            "\"include\": {\"comparisons\": {\"mode\": \"previous_period\"}}, \"order_by\"");
    assertThat(ask("/api/v2/query", compared).statusCode()).isEqualTo(200);
    assertThat(ask("/api/v2/query?format=csv", compared).body())
        .isEqualTo(
            "{\"error\":\"a table has no place for include.comparisons: ask for JSON, or for each range by itself\"}");
    HttpResponse<byte[]> parquet =
        eider.send(
            eider
                .to("/api/v2/query?format=parquet")
                .header("Authorization", "Bearer " + eider.statsKey())
                .POST(ofString(query)),
            BodyHandlers.ofByteArray());
    Path file = Files.write(directory.resolve("query.parquet"), parquet.body());
    try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = duckdb.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT string_agg(t::VARCHAR, '; ') FROM '%s' t".formatted(file))) {
      rows.next();
      assertThat(rows.getString(1))
          .isEqualTo(
              "{'event:page': '/blog/=x', 'pageviews': 1, 'total_revenue': 0.0}; {'event:page':"
                  + " /blog/a|b, 'pageviews': 1, 'total_revenue': 0.0}; {'event:page': /pay,"
                  + " 'pageviews': 0, 'total_revenue': 12.5}");
    }
    HttpResponse<byte[]> arrow =
        eider.send(
            eider
                .to("/api/v2/query")
                .header("Authorization", "Bearer " + eider.statsKey())
                .header("Accept", "application/vnd.apache.arrow.stream")
                .POST(ofString(query)),
            BodyHandlers.ofByteArray());
    assertThat(arrow.headers().firstValue("Content-Type"))
        .contains("application/vnd.apache.arrow.stream");
    assertThat(ArrowRows.in(arrow.body()))
        .isEqualTo(
            new ArrowRows(
                List.of(
                    "event:page Utf8",
                    "pageviews Int(64, true)",
                    "total_revenue FloatingPoint(DOUBLE)"),
                List.of("/blog/=x | 1 | 0.0", "/blog/a|b | 1 | 0.0", "/pay | 0 | 12.5"),
                1));
    assertThat(ask("/api/v2/query?format=xls", query).body())
        .isEqualTo("{\"error\":\"format is one of json, csv, ndjson, parquet, arrow\"}");
  }

  @Test
  void whatOnlyRemovedRowsCouldTellIsRefusedWithWhatIsPossible() throws Exception {
    site.prune();
    String query =
        """
        {"site_id": "blog.example.com", "metrics": ["visits"], "dimensions": ["time:minute"],
         "date_range": ["2026-03-%s", "2026-03-30"]}
        """;
    HttpResponse<String> refused = ask("/api/v2/query", query.formatted("29"));
    assertThat(refused.statusCode()).isEqualTo(422);
    JsonNode body = JSON.readTree(refused.body());
    assertThat(body.get("code").asText()).isEqualTo("raw_pruned");
    assertThat(body.get("error").asText())
        .startsWith(
            "the rows of this site before 2026-03-30 were removed by its retention policy, and so"
                + " were its sums of days; ask from 2026-03-30 on");
    JsonNode schema = document.at("/components/responses/Refused/content/application~1json/schema");
    assertThat(problems(schema, body, "refused")).isEmpty();
    assertThat(ask("/api/v2/query", query.formatted("30")).statusCode()).isEqualTo(200);
  }

  private HttpResponse<String> ask(String path, String query) throws Exception {
    return eider.send(
        eider.to(path).header("Authorization", "Bearer " + eider.statsKey()).POST(ofString(query)));
  }

  /** Where a value is not as a schema says; of the keywords that the document uses. */
  private List<String> problems(JsonNode given, JsonNode value, String at) {
    JsonNode schema =
        given.has("$ref") ? document.at(given.get("$ref").asText().substring(1)) : given;
    List<String> problems = new ArrayList<>();
    List<String> types = new ArrayList<>();
    JsonNode type = schema.path("type");
    if (type.isTextual()) {
      types.add(type.asText());
    }
    type.forEach(each -> types.add(each.asText()));
    if (!types.isEmpty() && types.stream().noneMatch(each -> is(each, value))) {
      problems.add(at + " is " + value + " and not of type " + types);
    }
    JsonNode words = schema.path("enum");
    if (words.isArray()) {
      boolean known = false;
      for (JsonNode word : words) {
        known |= word.equals(value);
      }
      if (!known) {
        problems.add(at + " is " + value + " and not one of " + words);
      }
    }
    schema
        .path("required")
        .forEach(
            name -> {
              if (!value.has(name.asText())) {
                problems.add(at + " lacks " + name);
              }
            });
    JsonNode properties = schema.path("properties");
    JsonNode others = schema.path("additionalProperties");
    value
        .fields()
        .forEachRemaining(
            field -> {
              String name = at + "." + field.getKey();
              if (properties.has(field.getKey())) {
                problems.addAll(problems(properties.get(field.getKey()), field.getValue(), name));
              } else if (others.isObject()) {
                problems.addAll(problems(others, field.getValue(), name));
              } else if (others.isBoolean() || properties.size() > 0) {
                problems.add(name + " is not in the document");
              }
            });
    if (value.isArray() && schema.has("items")) {
      for (int i = 0; i < value.size(); i++) {
        problems.addAll(problems(schema.get("items"), value.get(i), at + "[" + i + "]"));
      }
    }
    return problems;
  }

  private static boolean is(String type, JsonNode value) {
    return switch (type) {
      case "object" -> value.isObject();
      case "array" -> value.isArray();
      case "string" -> value.isTextual();
      case "integer" -> value.isIntegralNumber();
      case "number" -> value.isNumber();
      case "boolean" -> value.isBoolean();
      case "null" -> value.isNull();
      default -> throw new IllegalArgumentException(type);
    };
  }
}
