package dev.eider.runtime.web;

import static java.net.http.HttpRequest.BodyPublishers.noBody;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is asked of trackers' endpoints without counting anything. */
final class PreflightTest {

  @Test
  void everyEndpointOfTrackersIsOpenToEveryPage(@TempDir Path directory) throws Exception {
    try (WebFixture eider = WebFixture.in(directory)) {
      for (String path :
          new String[] {
            "/api/event",
            "/api/send",
            "/api/batch",
            "/count",
            "/api/v0/count",
            "/matomo.php",
            "/piwik.php",
            "/api/events"
          }) {
        HttpResponse<String> answer =
            eider.send(
                eider
                    .to(path)
                    .header("Origin", "https://page.example")
                    .header("Access-Control-Request-Method", "POST")
                    .method("OPTIONS", noBody()));
        assertThat(answer.statusCode()).as(path).isEqualTo(204);
        assertThat(answer.headers().firstValue("Access-Control-Allow-Origin"))
            .as(path)
            .contains("https://page.example");
        assertThat(answer.headers().firstValue("Access-Control-Allow-Methods").orElse(""))
            .as(path)
            .contains("POST");
        assertThat(answer.headers().firstValue("Access-Control-Allow-Headers").orElse(""))
            .as(path)
            .contains("content-type");
      }
    }
  }

  @Test
  void whoOnlyLooksWhetherAPictureIsThereIsNotCounted(@TempDir Path directory) throws Exception {
    try (WebFixture eider = WebFixture.in(directory)) {
      for (String path :
          new String[] {
            "/api/event?n=pageview&d=blog.example.com&u=https://blog.example.com/",
            "/count?p=/&site=blog.example.com",
            "/matomo.php?idsite=7&rec=1&url=https://blog.example.com/"
          }) {
        HttpResponse<String> answer = eider.send(eider.to(path).method("HEAD", noBody()));
        assertThat(answer.statusCode()).as(path).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type")).contains("image/gif");
      }
      assertThat(eider.events).isEmpty();
    }
  }
}
