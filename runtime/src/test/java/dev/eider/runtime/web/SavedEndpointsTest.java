package dev.eider.runtime.web;

import static java.net.http.HttpRequest.BodyPublishers.noBody;
import static java.net.http.HttpRequest.BodyPublishers.ofString;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.eider.runtime.config.Segment;
import dev.eider.runtime.config.SiteSettings;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What people save for a site, in whole answers. */
class SavedEndpointsTest {

  @TempDir Path directory;
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
  void segmentsComeAndGo() throws Exception {
    String german =
        "{\"name\":\"German\",\"filters\":[[\"is\",\"visit:country\",[\"DE\",\"AT\"]]]}";
    assertThat(ask("POST", "segments", german)).isEqualTo("201 {\"id\":1," + german.substring(1));
    assertThat(ask("PUT", "segments/1", german.replace("German", "Near")))
        .isEqualTo("200 {\"id\":1," + german.substring(1).replace("German", "Near"));
    assertThat(ask("GET", "segments", ""))
        .isEqualTo(
            "200 {\"segments\":[{\"id\":1," + german.substring(1).replace("German", "Near") + "]}");
    assertThat(ask("DELETE", "segments/1", "")).isEqualTo("204 ");
    assertThat(ask("DELETE", "segments/1", ""))
        .isEqualTo(
            "404 {\"error\":\"the site has no segments of that number (1); GET /api/stats/segments"
                + " lists them\"}");
    assertThat(ask("GET", "segments", "")).isEqualTo("200 {\"segments\":[]}");
  }

  @Test
  void thoseOfTheSpecAreListedFirstAndStay() throws Exception {
    String filters = "[[\"is\",\"visit:device\",[\"Mobile\"]]]";
    eider.sites.put(
        SiteSettings.builder("blog.example.com")
            .segments(List.of(new Segment("Phones", new ObjectMapper().readTree(filters))))
            .build());
    assertThat(ask("POST", "segments", "{\"name\":\"Phones\",\"filters\":" + filters + "}"))
        .startsWith("201 ");
    assertThat(ask("GET", "segments", ""))
        .isEqualTo(
            "200 {\"segments\":[{\"id\":\"Phones\",\"name\":\"Phones\",\"filters\":%1$s},{\"id\":1,\"name\":\"Phones\",\"filters\":%1$s}]}"
                .formatted(filters));
    String stays =
        "409 {\"error\":\"'Phones' is declared in the site's spec under segments; change it there\"}";
    assertThat(ask("DELETE", "segments/Phones", "")).isEqualTo(stays);
    assertThat(ask("PUT", "segments/Phones", "{\"name\":\"x\",\"filters\":" + filters + "}"))
        .isEqualTo(stays);
    assertThat(ask("DELETE", "segments/1", "")).isEqualTo("204 ");
  }

  @Test
  void annotationsToo() throws Exception {
    assertThat(ask("POST", "annotations", "{\"at\":\"2026-03-30\",\"note\":\" Launch \"}"))
        .isEqualTo("201 {\"id\":1,\"at\":\"2026-03-30\",\"note\":\"Launch\"}");
    assertThat(ask("PUT", "annotations/2", "{\"at\":\"2026-03-30\",\"note\":\"x\"}"))
        .startsWith("404 ");
    assertThat(ask("PUT", "annotations/two", "{\"at\":\"2026-03-30\",\"note\":\"x\"}"))
        .startsWith("404 ");
    assertThat(ask("GET", "annotations", ""))
        .isEqualTo("200 {\"annotations\":[{\"id\":1,\"at\":\"2026-03-30\",\"note\":\"Launch\"}]}");
  }

  @Test
  void whatCannotBeUsedIsNotSaved() throws Exception {
    assertThat(ask("POST", "segments", "{\"name\":\"x\",\"filters\":[]}"))
        .isEqualTo("400 {\"error\":\"filters is required: a list with at least one filter\"}");
    assertThat(ask("POST", "segments", "{\"filters\":[[\"is\",\"event:page\",[\"/\"]]]}"))
        .isEqualTo("400 {\"error\":\"name is required: a text of 1 to 100 characters\"}");
    assertThat(ask("POST", "segments", "{\"name\":\"x\",\"filters\":[[\"is\",\"segment\",[1]]]}"))
        .isEqualTo(
            "400 {\"error\":\"a segment cannot be made of segments; write their filters out\"}");
    assertThat(ask("POST", "segments", "{\"name\":\"x\",\"filters\":[[\"is\",\"time\",[\"1\"]]]}"))
        .isEqualTo("400 {\"error\":\"time cannot be filtered by; set date_range instead\"}");
    assertThat(ask("POST", "annotations", "{\"at\":\"monday\",\"note\":\"x\"}"))
        .isEqualTo(
            "400 {\"error\":\"at \\\"monday\\\" is neither a date like 2026-05-04 nor a time like"
                + " 2026-05-04T12:00:00Z\"}");
    assertThat(ask("POST", "annotations", "[]")).startsWith("400 ");
    for (int i = 0; i < 3; i++) {
      ask("POST", "annotations", "{\"at\":\"2026-03-30\",\"note\":\"x\"}");
    }
    assertThat(ask("POST", "annotations", "{\"at\":\"2026-03-30\",\"note\":\"x\"}"))
        .isEqualTo(
            "409 {\"error\":\"this site has 3 of them, the most there may be; remove some"
                + " first\"}");
    assertThat(eider.answer(eider.to("/api/stats/segments?site_id=blog.example.com")))
        .startsWith("401 ");
    assertThat(
            eider.answer(
                eider
                    .to("/api/stats/segments?site_id=blog.example.com")
                    .header("Authorization", "Bearer " + eider.ingestKey())))
        .startsWith("401 ");
  }

  private String ask(String method, String path, String body) throws Exception {
    return eider.answer(
        eider
            .to("/api/stats/" + path + "?site_id=blog.example.com")
            .header("Authorization", "Bearer " + eider.statsKey())
            .method(method, body.isEmpty() ? noBody() : ofString(body)));
  }
}
