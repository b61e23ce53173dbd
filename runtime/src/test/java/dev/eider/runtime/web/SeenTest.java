package dev.eider.runtime.web;

import static java.net.http.HttpRequest.BodyPublishers.ofString;
import static org.assertj.core.api.Assertions.assertThat;

import dev.eider.runtime.config.ASite;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What people are shown of what is seen of them. */
final class SeenTest {

  @TempDir private Path directory;
  private WebFixture eider;

  @BeforeEach
  void start() throws Exception {
    eider = WebFixture.in(directory);
    eider.sites.put(ASite.of("domains: [blog.example.com]\nfilters: {pages: [/no]}\n"));
  }

  @AfterEach
  void stop() {
    eider.close();
  }

  private HttpRequest.Builder event(String path) {
    return eider
        .to("/api/event")
        .header("User-Agent", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Firefox/140.0")
        .header("X-Debug-Request", "true")
        .header("X-Forwarded-For", "198.51.100.7")
        .POST(
            ofString("{\"n\":\"pageview\",\"u\":\"https://blog.example.com%s\"}".formatted(path)));
  }

  @Test
  void whoAsksIsToldWhatIsSeenOfThem() throws Exception {
    assertThat(eider.answer(event("/no")))
        .isEqualTo(
            "200 {\"client\":\"127.0.0.1\",\"peer\":\"127.0.0.1\",\"forwarded_for\":"
                + "[\"198.51.100.7\"],\"hint\":\"show the site's ingest key, or the admin token, as"
                + " Authorization: Bearer KEY to see what would become of the event\"}");
    assertThat(eider.events).isEmpty();
  }

  @Test
  void whoShowsAKeyIsToldWhatWouldBecomeOfIt() throws Exception {
    String fate =
        "\"sites\":[{\"site\":\"blog.example.com\",\"kept\":false,\"reason\":"
            + "\"site_page_blocklist\",\"notes\":[\"the site does not count this page"
            + " (filters.pages)\"]}]}";
    for (String key : new String[] {eider.ingestKey(), WebFixture.ADMIN}) {
      assertThat(eider.answer(event("/no").header("Authorization", "Bearer " + key)))
          .startsWith("200 ")
          .endsWith(fate);
    }
    assertThat(eider.answer(event("/").header("Authorization", "Bearer " + WebFixture.ADMIN)))
        .endsWith("\"sites\":[{\"site\":\"blog.example.com\",\"kept\":true}]}");
    assertThat(eider.answer(event("/").header("Authorization", "Bearer wrong")))
        .contains("\"kept\":false,\"reason\":\"wrong_key\"");
    assertThat(eider.events).isEmpty();
    assertThat(eider.drops.of("blog.example.com")).isEmpty();
  }

  @Test
  void visitorsSeeTheirOwnIds() throws Exception {
    assertThat(eider.answer(self("blog.example.com", "")))
        .isEqualTo("200 {\"site\":\"blog.example.com\",\"visitor_ids\":[]}");
    eider.send(
        eider
            .to("/api/event")
            .header("User-Agent", "somebody's")
            .POST(ofString("{\"n\":\"x\",\"u\":\"https://blog.example.com/\"}")));
    String id = eider.events.getFirst().visitor().id();
    HttpResponse<String> own =
        eider.send(self("www.blog.example.com", "https://www.blog.example.com"));
    assertThat(own.body())
        .startsWith(
            "{\"site\":\"blog.example.com\",\"visitor_ids\":[\"" + id + "\"],\"valid_until\":\"");
    assertThat(own.headers().firstValue("Access-Control-Allow-Origin"))
        .contains("https://www.blog.example.com");
    assertThat(own.headers().firstValue("Cache-Control")).contains("no-store");
    for (String stranger : new String[] {"https://evil.example", "null", "x y"}) {
      assertThat(
              eider
                  .send(self("blog.example.com", stranger))
                  .headers()
                  .firstValue("Access-Control-Allow-Origin"))
          .isEmpty();
    }
    assertThat(eider.answer(self("nowhere.example", ""))).startsWith("404 {\"error\":");
  }

  @Test
  void idsAreNotAskedForAllTheTime() throws Exception {
    HttpResponse<String> answer = eider.send(self("blog.example.com", ""));
    for (int i = 0; i < 200 && answer.statusCode() == 200; i++) {
      answer = eider.send(self("blog.example.com", ""));
    }
    assertThat(answer.statusCode()).isEqualTo(429);
    assertThat(answer.body())
        .isEqualTo("{\"error\":\"this address asks too often which ids it has; ask again later\"}");
    assertThat(answer.headers().firstValue("Retry-After")).contains("1");
  }

  private HttpRequest.Builder self(String site, String origin) {
    HttpRequest.Builder request = eider.to("/self?site=" + site).header("User-Agent", "somebody's");
    return origin.isEmpty() ? request : request.header("Origin", origin);
  }
}
