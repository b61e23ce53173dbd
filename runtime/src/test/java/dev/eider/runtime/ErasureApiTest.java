package dev.eider.runtime;

import static dev.eider.runtime.ARuntime.json;
import static java.net.http.HttpRequest.BodyPublishers.ofString;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.eider.runtime.lake.ByteSearch;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Erasures over HTTP, on a real lake. */
final class ErasureApiTest {

  @TempDir private Path folder;
  private ARuntime runtime;

  @BeforeEach
  void start() throws IOException {
    ARuntime.declare(folder, ARuntime.BLOG);
    runtime = ARuntime.in(folder);
  }

  @AfterEach
  void stop() {
    runtime.close();
  }

  @Test
  void aVisitorWhoAsksForItsOwnIdIsErasedByIt() throws Exception {
    view("198.51.100.1", "/one");
    view("198.51.100.1", "/two");
    view("198.51.100.2", "/other");
    String own =
        json(runtime.send(
                runtime
                    .browser("/self?site=blog.example.com")
                    .header("X-Forwarded-For", "198.51.100.1")))
            .path("visitor_ids")
            .path(0)
            .asText();
    assertThat(own).isNotEmpty();
    String subject = "{\"sites\": [\"blog.example.com\"], \"visitorIds\": [\"%s\"]}".formatted(own);

    JsonNode counted = json(delete("/api/v1/erase?dry_run=true", subject));
    assertThat(counted.path("dry_run").asBoolean()).isTrue();
    assertThat(counted.path("events").asInt()).isEqualTo(2);
    assertThat(pages()).isEqualTo(3);
    assertThat(ByteSearch.holding(folder, own)).isNotEmpty();

    HttpResponse<String> answer = delete("/api/v1/erase?id=req-7", subject);
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).doesNotContain(own);
    JsonNode receipt = json(answer);
    assertThat(receipt.path("id").asText()).isEqualTo("req-7");
    assertThat(receipt.path("events").asInt()).isEqualTo(2);
    assertThat(receipt.path("sites").toString())
        .isEqualTo("[{\"site_id\":\"blog.example.com\",\"events\":2,\"sessions\":1}]");
    assertThat(receipt.path("sha256").asText()).matches("[0-9a-f]{64}");
    assertThat(pages()).isEqualTo(1);
    assertThat(ByteSearch.holding(folder, own)).isEmpty();
    assertThat(json(delete("/api/v1/erase?id=req-7", subject))).isEqualTo(receipt);
    assertThat(runtime.get("/admin/jobs")).doesNotContain(own);
  }

  @Test
  void daysOfASiteGoInTheOlderForm() throws Exception {
    view("198.51.100.1", "/one");
    String today = LocalDate.now(ZoneOffset.UTC).toString();
    JsonNode receipt =
        json(
            delete(
                "/api/gdpr/erase?site_id=blog.example.com&start_date=2026-01-01&end_date=" + today,
                ""));
    assertThat(receipt.path("events").asInt()).as("%s", receipt).isEqualTo(1);
    assertThat(pages()).isZero();
  }

  @Test
  void whatIsNoSubjectIsRefusedAndNotRepeated() throws Exception {
    assertThat(said("{\"sites\": [\"blog.example.com\"]}"))
        .isEqualTo(
            "400 say what is to be erased: visitor ids, a property's value, or a range of days");
    assertThat(said("{\"visitorIds\": [\"x\"]}")).isEqualTo("400 say of which sites");
    assertThat(said("{\"sites\": [\"a\"], \"alice@example.com\": 1}"))
        .startsWith("400 subject has a field that is not known")
        .doesNotContain("alice");
    assertThat(said("{\"sites\": [\"a\"], \"from\": \"yesterday\"}"))
        .isEqualTo("400 subject.from is a day such as 2026-05-04");
    assertThat(said("{\"sites\": [\"a\"], \"from\": \"2026-05-04\", \"backups\": \"Keep\"}"))
        .isEqualTo("400 subject.backups is Rewrite or Expire");
    assertThat(
            runtime.send(runtime.to("/api/v1/erase").method("DELETE", ofString("{}"))).statusCode())
        .isEqualTo(401);
  }

  @Test
  void aSiteIsMeantByADomainOfItAndOneThatIsNowhereIsRefused() throws Exception {
    view("198.51.100.1", "/one");
    view("198.51.100.2", "/two");
    String all = "{\"sites\": [\"%s\"], \"from\": \"2026-01-01\"}";
    JsonNode counted =
        json(delete("/api/v1/erase?dry_run=true", all.formatted("WWW.Blog.Example.com")));
    assertThat(counted.path("sites").toString())
        .isEqualTo("[{\"site_id\":\"blog.example.com\",\"events\":2,\"sessions\":2}]");
    String nowhere =
        "no site has the id or the domain 'blog.example.org', and neither the lake nor backups nor"
            + " the archive have rows of one. Nothing was erased";
    assertThat(said(all.formatted("blog.example.org"))).isEqualTo("404 " + nowhere);
    HttpResponse<String> older =
        delete(
            "/api/gdpr/erase?site_id=blog.example.org&start_date=2026-01-01&end_date=2026-12-31",
            "");
    assertThat(older.statusCode() + " " + json(older).path("error").asText())
        .isEqualTo("404 " + nowhere);
  }

  /** Its owner has gone, and a person asks. */
  @Test
  void whatIsLeftOfASiteThatNobodyDeclaresAnyMoreIsErased() throws Exception {
    view("198.51.100.1", "/one");
    ARuntime.declare(folder, ARuntime.BLOG.replace("blog", "shop"));
    String subject = "{\"sites\": [\"blog.example.com\"], \"from\": \"2026-01-01\"}";
    await()
        .atMost(ARuntime.SOON)
        .until(() -> !runtime.get("/admin/sites").contains("blog.example.com"));
    assertThat(json(delete("/api/v1/erase?id=req-1", subject)).path("events").asInt()).isEqualTo(1);
    assertThat(json(delete("/api/v1/erase?id=req-2", subject)).path("events").asInt()).isZero();
  }

  private String said(String subject) throws Exception {
    HttpResponse<String> answer = delete("/api/v1/erase", subject);
    return answer.statusCode() + " " + json(answer).path("error").asText();
  }

  private long pages() throws Exception {
    HttpResponse<String> answer =
        runtime.query("\"metrics\":[\"pageviews\"],\"date_range\":\"day\",");
    return json(answer).path("results").path(0).path("metrics").path(0).asLong();
  }

  private void view(String address, String page) throws Exception {
    runtime.accepted(runtime.pageview(page).header("X-Forwarded-For", address));
  }

  private HttpResponse<String> delete(String path, String body) throws Exception {
    return runtime.send(runtime.admin(path).method("DELETE", ofString(body)));
  }
}
