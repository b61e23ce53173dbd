package dev.eider.runtime.web;

import static java.net.http.HttpRequest.BodyPublishers.noBody;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What browsers ask before they send from another site's page. */
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
}
