package dev.eider.runtime.web;

import static java.net.http.HttpRequest.BodyPublishers.noBody;
import static java.net.http.HttpRequest.BodyPublishers.ofString;
import static org.assertj.core.api.Assertions.assertThat;

import dev.eider.runtime.config.IngestSettings;
import dev.eider.runtime.config.ScriptSettings;
import dev.eider.runtime.config.SiteSettings;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The tracker's scripts under all their names; what they do is in {@code browser}. */
final class TrackerTest {

  @TempDir private Path folder;
  private WebFixture eider;

  @BeforeEach
  void start() throws IOException {
    eider = WebFixture.in(folder);
  }

  @AfterEach
  void stop() {
    eider.close();
  }

  private HttpResponse<String> get(String path) throws Exception {
    return eider.send(eider.to(path));
  }

  private static String header(HttpResponse<?> response, String name) {
    return response.headers().firstValue(name).orElse("");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "eider.js | {\"api\":\"/api/event\"}",
        "eider.manual.hash.js"
            + " | {\"api\":\"/api/event\",\"hashBasedRouting\":1,\"autoCapturePageviews\":0}",
        "script.js | {\"api\":\"/api/event\"}",
        "plausible.js | {\"api\":\"/api/event\"}",
        "script.tagged-events.revenue.pageview-props.exclusions.js | {\"api\":\"/api/event\"}",
        "script.outbound-links.file-downloads.js"
            + " | {\"api\":\"/api/event\",\"fileDownloads\":1,\"outboundLinks\":1}",
        "script.local.compat.js | {\"api\":\"/api/event\",\"captureOnLocalhost\":1}",
        "pa-a1B2.js | {\"api\":\"/api/event\",\"outboundLinks\":1,\"fileDownloads\":1,"
            + "\"formSubmissions\":1,\"wait\":1}",
        "blog.example.com.js | {\"api\":\"/api/event\",\"domain\":\"blog.example.com\"}"
      })
  void aNameSaysWhatIsOn(String name, String options) throws Exception {
    HttpResponse<String> response = get("/js/" + name);

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).contains("=" + options).doesNotContain("EIDER_SERVED");
  }

  @Test
  void theSameWordsInAnyOrderAreOneScript() throws Exception {
    assertThat(get("/js/script.hash.outbound-links.local.js").body())
        .isEqualTo(get("/js/script.local.outbound-links.hash.js").body());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"script.colour.js", "other.example.com.js", "script", ".js", "eider.js.map", ""})
  void whatHasNoSuchNameIsNotThere(String name) throws Exception {
    HttpResponse<String> response = get("/js/" + name);

    assertThat(response.statusCode() + response.body())
        .isEqualTo(
            "404{\"error\":\"there is no script of this name: the tracker is /js/eider.js, and"
                + " /js/script.js with Plausible's words as in"
                + " /js/script.hash.outbound-links.js\"}");
  }

  @Test
  void everyPageMayLoadItAndKeepsItForADay() throws Exception {
    HttpResponse<String> response = get("/js/eider.js");

    assertThat(
            List.of(
                header(response, "Content-Type"),
                header(response, "Cache-Control"),
                header(response, "Cross-Origin-Resource-Policy"),
                header(response, "Access-Control-Allow-Origin"),
                header(response, "X-Content-Type-Options"),
                header(response, "Vary")))
        .containsExactly(
            "text/javascript; charset=utf-8",
            "public, max-age=86400",
            "cross-origin",
            "*",
            "nosniff",
            "Accept-Encoding");
  }

  @Test
  void itIsFetchedOnce() throws Exception {
    String tag = header(get("/js/eider.js"), "ETag");

    for (String known : List.of(tag, "W/" + tag, "\"other\", " + tag, "*")) {
      HttpResponse<String> again =
          eider.send(eider.to("/js/eider.js").header("If-None-Match", known));
      assertThat(again.statusCode() + again.body()).as(known).isEqualTo("304");
      assertThat(header(again, "ETag")).isEqualTo(tag);
    }
    assertThat(
            eider.send(eider.to("/js/eider.js").header("If-None-Match", "\"other\"")).statusCode())
        .isEqualTo(200);
    assertThat(header(get("/js/script.hash.js"), "ETag")).isNotEqualTo(tag);
  }

  @Test
  void aNameWithTheHashOfItsContentIsForEver() throws Exception {
    String hash = header(get("/js/script.hash.js"), "ETag").replace("\"", "");

    assertThat(header(get("/js/script.hash.%s.js".formatted(hash)), "Cache-Control"))
        .isEqualTo("public, max-age=31536000, immutable");
    assertThat(header(get("/js/script.hash.0123456789abcdef.js"), "Cache-Control"))
        .isEqualTo("public, max-age=86400");
  }

  @ParameterizedTest
  @CsvSource({
    "gzip,true",
    "'br, gzip;q=0.5',true",
    "gzip;q=0,false",
    "identity,false",
    "'xgzip',false"
  })
  void itIsZippedForThoseWhoTakeThat(String accepted, boolean zipped) throws Exception {
    HttpResponse<byte[]> response =
        HttpClient.newHttpClient()
            .send(
                eider.to("/js/eider.js").header("Accept-Encoding", accepted).build(),
                BodyHandlers.ofByteArray());
    byte[] plain = get("/js/eider.js").body().getBytes(StandardCharsets.UTF_8);

    assertThat(header(response, "Content-Encoding")).isEqualTo(zipped ? "gzip" : "");
    assertThat(zipped ? unzipped(response.body()) : response.body()).isEqualTo(plain);
    assertThat(header(response, "ETag")).endsWith(zipped ? "-gz\"" : "\"");
  }

  /** What the README promises of our own. */
  @Test
  void itsSizeIsAsPromised() throws Exception {
    HttpResponse<byte[]> response =
        HttpClient.newHttpClient()
            .send(
                eider.to("/js/eider.js").header("Accept-Encoding", "gzip").build(),
                BodyHandlers.ofByteArray());

    assertThat(response.body()).hasSizeLessThanOrEqualTo(1500);
  }

  @Test
  void headSaysTheSame() throws Exception {
    HttpResponse<String> get = get("/js/eider.js");
    HttpResponse<String> head = eider.send(eider.to("/js/eider.js").method("HEAD", noBody()));

    assertThat(head.statusCode() + head.body()).isEqualTo("200");
    assertThat(header(head, "ETag")).isEqualTo(header(get, "ETag"));
    assertThat(header(head, "Content-Length")).isEqualTo(header(get, "Content-Length"));
  }

  @Test
  void aSiteMayChooseNames() throws Exception {
    assertThat(get("/lib/s.js").statusCode()).isEqualTo(404);
    eider.sites.put(named("shop.example.com", "/lib/s.js", "/e"));

    assertThat(get("/lib/s.js").body())
        .contains("={\"api\":\"/e\",\"domain\":\"shop.example.com\"}");
    assertThat(
            eider.answer(
                eider
                    .to("/e")
                    .header("User-Agent", "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0")
                    .POST(
                        ofString(
                            "{\"n\":\"pageview\",\"u\":\"https://shop.example.com/a\","
                                + "\"d\":\"shop.example.com\"}"))))
        .isEqualTo("202 ok");
    assertThat(eider.events).extracting(event -> event.page().pathname()).containsExactly("/a");
    eider.sites.put(SiteSettings.of("shop.example.com"));
    assertThat(get("/lib/s.js").statusCode()).isEqualTo(404);
  }

  @Test
  void noSiteTakesANameThatIsInUse() throws Exception {
    String usual = get("/js/script.js").body();
    eider.sites.put(named("a.example.com", "/s.js", "/e"));
    eider.sites.put(named("b.example.com", "/s.js", "/e"));
    eider.sites.put(named("c.example.com", "/js/script.js", "/js/eider.js"));

    assertThat(get("/s.js").body()).contains("\"domain\":\"a.example.com\"");
    assertThat(get("/js/script.js").body()).isEqualTo(usual);
  }

  private static SiteSettings named(String site, String path, String endpoint) {
    return withScript(
        SiteSettings.of(site), new ScriptSettings(Optional.of(path), Optional.of(endpoint)));
  }

  private static SiteSettings withScript(SiteSettings site, ScriptSettings script) {
    IngestSettings was = site.ingest();
    return site.toBuilder()
        .ingest(
            new IngestSettings(
                was.enabled(),
                was.sampleRate(),
                was.rateLimit(),
                was.allowedOrigins(),
                was.hostnames(),
                was.aliases(),
                script))
        .build();
  }

  private static byte[] unzipped(byte[] bytes) throws IOException {
    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
      return in.readAllBytes();
    }
  }
}
