package dev.eider.runtime.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Saved segments and annotations in answers. */
class SegmentAnswerTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  private SampleSite site;

  @BeforeEach
  void open() throws Exception {
    site = new SampleSite();
  }

  @AfterEach
  void close() throws Exception {
    site.close();
  }

  @Test
  void segmentsStandForTheirFilters() throws Exception {
    Segment german = segment(1, "German", "[[\"is\",\"visit:country\",[\"DE\"]]]");
    Segment buyers = segment(2, "Buyers", "[[\"is\",\"event:goal\",[\"Buy\"]]]");
    Scope scope = SampleSite.SCOPE.with(List.of(german, buyers), List.of());
    String question = "\"metrics\": [\"visitors\"], \"filters\": [[\"is\", \"segment\", %s]]";
    assertThat(results(scope, question.formatted("[1]")))
        .isEqualTo("[{\"metrics\":[3],\"dimensions\":[]}]");
    assertThat(results(scope, question.formatted("[\"2\"]")))
        .isEqualTo("[{\"metrics\":[1],\"dimensions\":[]}]");
    assertThat(results(scope, question.formatted("[1, 2]")))
        .isEqualTo("[{\"metrics\":[3],\"dimensions\":[]}]");
    assertThat(
            results(
                scope,
                "\"metrics\": [\"visitors\"], \"filters\": [[\"not\", [\"is\", \"segment\","
                    + " [1]]]]"))
        .isEqualTo("[{\"metrics\":[2],\"dimensions\":[]}]");
    // Its filters count as if they stood at the top, so a goal in it is a goal asked about.
    assertThat(
            results(
                scope,
                "\"metrics\": [\"conversion_rate\"], \"filters\": [[\"is\", \"segment\", [2]]]"))
        .isEqualTo("[{\"metrics\":[20.0],\"dimensions\":[]}]");
    assertThatThrownBy(() -> results(scope, question.formatted("[3]")))
        .isInstanceOf(InvalidQuery.class)
        .hasMessage("segment 3 is not one of this site's; possible are 1 (German), 2 (Buyers)");
    assertThatThrownBy(() -> results(SampleSite.SCOPE, question.formatted("[3]")))
        .hasMessage("segment 3 is not one of this site's; it has none, save one first");
    assertThatThrownBy(
            () ->
                results(
                    scope,
                    "\"metrics\": [\"scroll_depth\"], \"filters\": [[\"is\", \"segment\", [1]]]"))
        .hasMessageStartingWith("metric scroll_depth needs a page");
  }

  @Test
  void annotationsOfTheRangeAreBesideTheFigures() throws Exception {
    Scope scope =
        SampleSite.SCOPE.with(
            List.of(),
            List.of(
                new Annotation(1, "2026-03-24", "Too early"),
                new Annotation(2, "2026-03-25", "First day"),
                new Annotation(3, "2026-03-31T23:59:59+02:00", "Last second"),
                new Annotation(4, "2026-03-31T22:00:00Z", "Too late")));
    assertThat(
            answer(
                    scope,
                    "\"metrics\": [\"visitors\"], \"dimensions\": [\"time:day\"],"
                        + " \"include\": {\"annotations\": true}")
                .at("/meta/annotations"))
        .hasToString(
            "[{\"id\":2,\"at\":\"2026-03-25\",\"note\":\"First day\"},"
                + "{\"id\":3,\"at\":\"2026-03-31T23:59:59+02:00\",\"note\":\"Last second\"}]");
    assertThat(answer(scope, "\"metrics\": [\"visitors\"]").at("/meta").has("annotations"))
        .isFalse();
  }

  private static Segment segment(long id, String name, String filters) throws Exception {
    return Segment.of(
        id, JSON.readTree("{\"name\":\"%s\",\"filters\":%s}".formatted(name, filters)));
  }

  private String results(Scope scope, String question) {
    return answer(scope, question).get("results").toString();
  }

  private JsonNode answer(Scope scope, String question) {
    return site.ask(
        Query.parse(
            ("{\"site_id\": \"x\", \"date_range\": \"7d\", " + question + "}")
                .getBytes(StandardCharsets.UTF_8)),
        scope);
  }
}
