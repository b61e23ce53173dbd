package dev.eider.runtime.web;

import static java.net.http.HttpRequest.BodyPublishers.ofString;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.eider.runtime.config.ASite;
import dev.eider.runtime.stats.StatsUnavailable;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Watching a site live. */
class LiveEndpointTest {

  @TempDir Path directory;
  private WebFixture eider;
  private volatile boolean busy;

  @BeforeEach
  void start() throws Exception {
    eider =
        WebFixture.with(
            directory,
            (site, question) -> {
              if (busy) {
                throw new StatsUnavailable("busy", new IOException());
              }
              return JsonNodeFactory.instance.numberNode(7);
            });
  }

  @AfterEach
  void stop() {
    eider.close();
  }

  @Test
  void whatComesIsPassedOn() throws Exception {
    HttpResponse<InputStream> live = watch();
    assertThat(live.statusCode()).isEqualTo(200);
    assertThat(live.headers().firstValue("Content-Type")).contains("text/event-stream");
    try (BufferedReader lines = lines(live)) {
      assertThat(message(lines)).isEqualTo("event: visitors\ndata: {\"current_visitors\":7}");
      send("pageview", "/hello?utm_source=secret", "Mozilla/5.0");
      // Machines are not counted, so they are not shown.
      send("pageview", "/robots", "Googlebot/2.1");
      send("Sign up", "/join", "Mozilla/5.0");
      assertThat(message(lines))
          .matches(
              "event: event\n"
                  + "data: \\{\"at\":\"[^\"]+\",\"type\":\"pageview\",\"name\":\"pageview\","
                  + "\"page\":\"/hello\",\"source\":\"secret\",\"channel\":\"[^\"]*\","
                  + "\"country\":\"\",\"device\":\"[^\"]*\",\"browser\":\"[^\"]*\",\"os\":\"\"\\}");
      assertThat(message(lines)).contains("\"name\":\"Sign up\",\"page\":\"/join\"");
      eider.web.close();
      assertThat(lines.readLine()).isNull();
    }
  }

  @Test
  void theHeadOfItEnds() throws Exception {
    HttpResponse<String> head =
        eider.send(
            eider
                .to("/api/stats/live?site_id=blog.example.com")
                .header("Authorization", "Bearer " + eider.statsKey())
                .HEAD());
    assertThat(head.statusCode()).isEqualTo(200);
    assertThat(head.headers().firstValue("Content-Type")).contains("text/event-stream");
    assertThat(head.body()).isEmpty();
  }

  @Test
  void goesOnWhereThereIsNoFigureJustNow() throws Exception {
    busy = true;
    try (BufferedReader lines = lines(watch())) {
      assertThat(message(lines)).isEqualTo(":");
      send("Sign up", "/join", "Mozilla/5.0");
      assertThat(message(lines)).contains("\"name\":\"Sign up\"");
    }
  }

  @Test
  void whoIsNotAllowedSeesNothing() throws Exception {
    assertThat(eider.answer(eider.to("/api/stats/live?site_id=blog.example.com")))
        .startsWith("401 {\"error\":\"show the site's stats key");
    assertThat(eider.answer(eider.admin("/api/stats/live")))
        .startsWith("400 {\"error\":\"site_id is missing");
    eider.sites.put(ASite.of("domains: [blog.example.com]\nprivacy: {mode: Strict}\n"));
    assertThat(eider.answer(eider.admin("/api/stats/live?site_id=blog.example.com")))
        .startsWith("400 {\"error\":\"this site keeps no exact times");
  }

  @Test
  void noMoreMayWatchThanThereAreThreadsFor() throws Exception {
    List<HttpResponse<InputStream>> all = new ArrayList<>();
    for (int i = 0; i < LiveFeed.MOST; i++) {
      all.add(watch());
    }
    HttpResponse<InputStream> refused = watch();
    assertThat(refused.statusCode()).isEqualTo(429);
    assertThat(refused.headers().firstValue("Retry-After")).contains("30");
    // A reader that has gone is noticed at the latest when there is something to say.
    all.getFirst().body().close();
    await()
        .untilAsserted(
            () -> {
              send("pageview", "/", "Mozilla/5.0");
              try (InputStream again = watch().body()) {
                assertThat(again.read()).isEqualTo('e');
              }
            });
    for (HttpResponse<InputStream> each : all) {
      each.body().close();
    }
  }

  private HttpResponse<InputStream> watch() throws IOException, InterruptedException {
    return eider.send(
        eider
            .to("/api/stats/live?site_id=blog.example.com")
            .header("Authorization", "Bearer " + eider.statsKey()),
        BodyHandlers.ofInputStream());
  }

  private void send(String name, String path, String agent) throws Exception {
    assertThat(
            eider
                .send(
                    eider
                        .to("/api/event")
                        .header("User-Agent", agent)
                        .POST(
                            ofString(
                                "{\"n\":\"%s\",\"u\":\"https://blog.example.com%s\"}"
                                    .formatted(name, path))))
                .statusCode())
        .isEqualTo(202);
  }

  private static BufferedReader lines(HttpResponse<InputStream> live) {
    return new BufferedReader(new InputStreamReader(live.body(), StandardCharsets.UTF_8));
  }

  /** The next message, without the empty line that ends it. */
  private static String message(BufferedReader lines) throws IOException {
    List<String> message = new ArrayList<>();
    for (String line = lines.readLine(); line != null && !line.isEmpty(); line = lines.readLine()) {
      message.add(line);
    }
    return String.join("\n", message);
  }
}
