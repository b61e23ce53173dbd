package dev.eider.runtime.web;

import static java.net.http.HttpRequest.BodyPublishers.noBody;
import static java.net.http.HttpRequest.BodyPublishers.ofString;
import static org.assertj.core.api.Assertions.assertThat;

import dev.eider.runtime.config.RetentionSettings;
import dev.eider.runtime.config.SiteSettings;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class WebTest {

  @TempDir private Path directory;
  private WebFixture eider;

  @BeforeEach
  void start() throws Exception {
    eider = WebFixture.in(directory);
  }

  @AfterEach
  void stop() {
    eider.close();
  }

  @Test
  void everyAnswerHasItsHeadersAndNothingTellsWhatServes() throws Exception {
    HttpResponse<String> response =
        eider.send(eider.to("/nowhere").header("X-Request-Id", "abc-123"));

    Map<String, String> headers = new TreeMap<>();
    response.headers().map().forEach((name, values) -> headers.put(name, values.getFirst()));
    headers.remove("date");
    assertThat(headers)
        .isEqualTo(
            Map.of(
                "connection", "keep-alive",
                "content-length", "41",
                "content-type", "application/json",
                "cache-control", "no-store",
                "content-security-policy", "default-src 'none'; frame-ancestors 'none'",
                "cross-origin-resource-policy", "same-origin",
                "referrer-policy", "no-referrer",
                "x-content-type-options", "nosniff",
                "x-frame-options", "DENY",
                "x-request-id", "abc-123"));
    assertThat(response.statusCode() + response.body())
        .isEqualTo("404{\"error\":\"there is nothing at this path\"}");
  }

  @Test
  void aRequestIdThatCouldForgeALogLineIsReplaced() throws Exception {
    assertThat(requestIdFor("bad id")).matches("[0-9a-f]{16}");
    assertThat(requestIdFor("x".repeat(129))).matches("[0-9a-f]{16}");
    assertThat(requestIdFor("ok_1.2-3")).isEqualTo("ok_1.2-3");
  }

  private String requestIdFor(String given) throws Exception {
    return eider
        .send(eider.to("/livez").header("X-Request-Id", given))
        .headers()
        .firstValue("X-Request-Id")
        .orElse("");
  }

  @Test
  void aMethodThatIsNotPossibleIsToldWhichAre() throws Exception {
    HttpResponse<String> response = eider.send(eider.to("/js/script.js").DELETE());

    assertThat(response.statusCode() + response.body())
        .isEqualTo("405{\"error\":\"DELETE is not possible here; possible: GET\"}");
    assertThat(response.headers().firstValue("Allow")).contains("GET");
  }

  @Test
  void healthSaysWhatIsMissing() throws Exception {
    assertThat(eider.answer(eider.to("/livez"))).isEqualTo("200 {\"status\":\"alive\"}");
    assertThat(eider.answer(eider.to("/readyz"))).isEqualTo("200 {\"status\":\"ready\"}");

    eider.health.stopping();
    assertThat(eider.answer(eider.management("/readyz")))
        .isEqualTo("503 {\"status\":\"not ready\",\"reasons\":{\"runtime\":\"stopping\"}}");

    eider.health.fatal("the journal's disk failed");
    assertThat(eider.answer(eider.management("/livez")))
        .isEqualTo(
            "503 {\"status\":\"dying\",\"reasons\":{\"runtime\":\"the journal's disk failed\"}}");
  }

  @Test
  void metricsAreClosedOnTheMainPortAndOpenOnTheManagementPort() throws Exception {
    eider.meters.accepted("blog.example.com", 3);
    eider.meters.rejected("", "unknown_site");

    assertThat(eider.answer(eider.to("/metrics")))
        .isEqualTo("401 {\"error\":\"show the admin token as Authorization: Bearer TOKEN\"}");
    assertThat(eider.answer(eider.admin("/metrics"))).startsWith("200 ");
    assertThat(eider.answer(eider.management("/metrics")))
        .contains("eider_events_accepted_total{site=\"blog.example.com\"} 3.0")
        .contains("eider_events_rejected_total{reason=\"unknown_site\",site=\"\"} 1.0")
        .contains("jvm_memory_used_bytes");
  }

  @Test
  void statisticsAreClosedWithoutTheSitesKey() throws Exception {
    String query =
        "{\"site_id\":\"blog.example.com\",\"metrics\":[\"visitors\"],\"date_range\":\"7d\"}";

    assertThat(eider.answer(eider.to("/api/v2/query").POST(ofString(query)))).startsWith("401 ");
    assertThat(queryWith("wrong", query))
        .isEqualTo("401 {\"error\":\"there is no such site, or this is not its stats key\"}");
    assertThat(queryWith(eider.statsKey(), query.replace("blog", "other"))).startsWith("401 ");
    assertThat(queryWith(eider.statsKey(), "[1]"))
        .isEqualTo("400 {\"error\":\"the body is not a JSON object\"}");
    assertThat(queryWith(eider.statsKey(), "{"))
        .startsWith("400 {\"error\":\"the body is not JSON");
    assertThat(queryWith(eider.statsKey(), query)).isEqualTo("200 {\"site\":\"blog.example.com\"}");
  }

  private String queryWith(String key, String query) throws Exception {
    return eider.answer(
        eider.to("/api/v2/query").header("Authorization", "Bearer " + key).POST(ofString(query)));
  }

  @Test
  void sitesArePushedAndReadBack() throws Exception {
    String body =
        """
        {"site": {"apiVersion": "eider.dev/v1alpha1", "kind": "AnalyticsSite",
                  "metadata": {"name": "shop", "namespace": "web", "generation": 3},
                  "spec": {"domains": ["shop.example.com"], "timeZone": "Europe/Berlin",
                           "retentionPolicyRef": {"name": "short"}}},
         "retentionPolicy": {"apiVersion": "eider.dev/v1alpha1", "kind": "RetentionPolicy",
                  "metadata": {"name": "short", "namespace": "web"},
                  "spec": {"rawEventsDays": 30}}}
        """;

    String put = eider.answer(eider.admin("/admin/sites/shop.example.com").PUT(ofString(body)));

    assertThat(put).startsWith("200 {\"siteId\":\"shop.example.com\",\"revision\":\"");
    assertThat(eider.answer(eider.admin("/admin/sites/shop.example.com").PUT(ofString(body))))
        .isEqualTo(put);
    assertThat(eider.answer(eider.admin("/admin/sites/shop.example.com")))
        .isEqualTo(put.substring(0, put.length() - 1) + ",\"events\":5}");
    assertThat(eider.sites.byDomain("WWW.shop.example.com.").orElseThrow().retention())
        .hasToString(
            "RetentionSettings[policy=short, rawEventsDays=OptionalInt[30],"
                + " sessionsDays=OptionalInt.empty, hoursDays=OptionalInt.empty,"
                + " rollupsDays=OptionalInt.empty, auditLogDays=OptionalInt.empty,"
                + " archive=Optional.empty, tier=Optional.empty, enforce=true, maxDeletePercent=25,"
                + " known=true]");
  }

  @Test
  void retentionIsChangedWhereASiteIsDeclared() throws Exception {
    String path = "/api/sites/blog.example.com/retention";
    assertThat(eider.answer(eider.to(path).PUT(ofString("{\"days\":90}")))).startsWith("401 ");
    assertThat(eider.answer(eider.admin(path).PUT(ofString("{\"days\":0}"))))
        .isEqualTo("400 {\"error\":\"days is a whole number from 1 to 36500\"}");
    assertThat(eider.answer(eider.admin("/api/sites/x/retention").PUT(ofString("{\"days\":90}"))))
        .isEqualTo("404 {\"error\":\"no site has that id\"}");
    assertThat(eider.answer(eider.admin(path).PUT(ofString("{\"days\":90}"))))
        .startsWith("409 {\"error\":\"blog.example.com is declared in the directory")
        .contains("kind: RetentionPolicy", "rawEventsDays: 90", "name: keep-90-days");
    assertThat(
            eider.answer(
                eider
                    .admin(path)
                    .PUT(
                        ofString(
                            "{\"rawEventsDays\":90,\"hourlyRollupsDays\":200,\"dailyRollupsDays\":900}"))))
        .startsWith("409 ")
        .contains(
            "spec:\\n  rawEventsDays: 90\\n  hourlyRollupsDays: 200\\n  dailyRollupsDays: 900\\n");
    eider.sites.put(
        SiteSettings.of("blog.example.com")
            .withRetention(
                new RetentionSettings(
                    "year",
                    OptionalInt.of(365),
                    OptionalInt.empty(),
                    OptionalInt.empty(),
                    OptionalInt.of(3650),
                    OptionalInt.empty(),
                    Optional.of(new RetentionSettings.Archive(OptionalInt.empty())),
                    Optional.of(new RetentionSettings.Tier(30, Optional.of("STANDARD_IA"))),
                    false,
                    50,
                    true)));
    assertThat(eider.answer(eider.admin(path).PUT(ofString("{\"days\":90,\"auditLogDays\":400}"))))
        .as("what is left out of a policy that is applied would go from it")
        .contains("set this in its policy")
        .contains(
            "name: year\\nspec:\\n  rawEventsDays: 90\\n  dailyRollupsDays: 3650\\n  auditLogDays:"
                + " 400\\n  tiers:\\n  - afterDays: 30\\n    to: S3\\n    storageClass:"
                + " STANDARD_IA\\n  mode: DryRun\\n  guard:\\n    maxDeletePercent: 50\\n  # and"
                + " archive, schedule and timeZone as they are\\n\"");
    assertThat(
            eider.answer(eider.admin(path).PUT(ofString("{\"days\":90,\"hourlyRollupsDays\":60}"))))
        .isEqualTo(
            "400 {\"error\":\"hourlyRollupsDays is 60; sums of hours are kept as long as sessions"
                + " and raw events at least: 90\"}");
    assertThat(eider.answer(eider.admin(path).PUT(ofString("{}"))))
        .startsWith("400 {\"error\":\"say how many days are kept: days, or any of rawEventsDays");
  }

  @Test
  void aPushThatCannotBeUsedChangesNothing() throws Exception {
    assertThat(eider.answer(eider.to("/admin/sites/x").PUT(noBody()))).startsWith("401 ");
    assertThat(eider.answer(eider.admin("/admin/sites/x").PUT(ofString("{}"))))
        .startsWith("400 {\"error\":\"the body must be {");
    assertThat(
            eider.answer(
                eider
                    .admin("/admin/sites/x")
                    .PUT(
                        ofString(
                            """
                            {"site": {"apiVersion": "eider.dev/v1alpha1", "kind": "AnalyticsSite",
                             "metadata": {"name": "x"},
                             "spec": {"domains": ["x"], "timeZone": "Mars/Olympus"}}}
                            """))))
        .isEqualTo(
            "400 {\"error\":\"AnalyticsSite x: timeZone 'Mars/Olympus' is not known; use a name of"
                + " the IANA time zone database, such as Europe/Berlin\"}");
    assertThat(eider.sites.all()).hasSize(1);
  }
}
