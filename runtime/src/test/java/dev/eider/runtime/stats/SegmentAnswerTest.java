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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
        .hasMessage(
            "segment 3 is not one of this site's; it has none, save one, or declare one in its spec under"
                + " segments");
    assertThatThrownBy(
            () ->
                results(
                    scope,
                    "\"metrics\": [\"scroll_depth\"], \"filters\": [[\"is\", \"segment\", [1]]]"))
        .hasMessageStartingWith("metric scroll_depth needs a page");
  }

  @Test
  void declaredOnesAreCalledByTheirNames() throws Exception {
    Scope scope =
        SampleSite.SCOPE
            .with(List.of(declared("German", "[[\"is\",\"visit:country\",[\"DE\"]]]")), List.of())
            .with(
                List.of(segment(1, "German", "[[\"is\",\"visit:country\",[\"US\"]]]")), List.of());
    String question = "\"metrics\": [\"visitors\"], \"filters\": [[\"is\", \"segment\", %s]]";
    assertThat(results(scope, question.formatted("[\"German\"]")))
        .isEqualTo("[{\"metrics\":[3],\"dimensions\":[]}]");
    assertThat(results(scope, question.formatted("[1]")))
        .isEqualTo("[{\"metrics\":[2],\"dimensions\":[]}]");
    assertThat(results(scope, question.formatted("[\"German\", 1]")))
        .isEqualTo("[{\"metrics\":[5],\"dimensions\":[]}]");
    assertThatThrownBy(() -> results(scope, question.formatted("[\"german\"]")))
        .hasMessage(
            "segment \"german\" is not one of this site's; possible are \"German\", 1 (German)");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"is": "event:page"}                    | filters is not a list of filters like ["is", "event:page", ["/pricing"]]
          ["is", "event:page", ["/"]]             | ["is","event:page",["/"]] is one filter; write a list of filters like [["is", "event:page", ["/pricing"]]]
          [["is", "event:page", ["/"]], "and"]    | filter "and" has no known operator; possible are is, is_not, contains, contains_not, matches, matches_not, and, or, not, has_done, has_not_done
          [["is", "visit:devise", ["Mobile"]]]    | filter dimension "visit:devise" is not known; possible are %s
          [["is", "visit:country", [false]]]      | filter ["is","visit:country",[false]] compares with false; only texts and whole numbers are possible
          [["is", "time", ["2026"]]]              | time cannot be filtered by; set date_range instead
          [["is", "segment", [1]]]                | a segment cannot be made of segments; write their filters out
          [["is", "event:goal", ["Sell"]]]        | goal "Sell" is not one of this site's; possible are Buy, Visit /pricing
          [["not", ["is", "custom:plan", ["x"]]]] | custom dimension "plan" is not one of this site's; it has none, they are declared in its spec under properties
          [["matches", "event:page", ["("]]]      | a clause of matches is '(', which is no regular expression: Unclosed group
          [["matches", "event:page", ["a(?=b)"]]] | a clause of matches is 'a(?=b)'; RE2's regular expressions have no look-around, no back references and no possessive quantifiers
          """)
  void declaredOnesAreLookedAtBeforeTheyAreUsed(String filters, String sentence) {
    assertThatThrownBy(
            () ->
                SampleSite.SCOPE
                    .with(List.of(declared("Phones", filters)), List.of())
                    .checkSegments())
        .isInstanceOf(InvalidQuery.class)
        .hasMessage("segment \"Phones\": " + sentence.replace("%s", Dimension.filterWords()));
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

  private static Segment declared(String name, String filters) throws Exception {
    return Segment.declared(name, JSON.readTree(filters));
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
