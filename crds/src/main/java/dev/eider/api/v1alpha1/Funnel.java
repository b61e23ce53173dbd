package dev.eider.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Steps that visitors take one after another. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Funnel(
    @JsonPropertyDescription("What statistics call it.")
        @Required
        @Size(min = 1, max = 120)
        @ValidationRule(value = Rules.TRIMMED, message = Rules.TRIMMED_MESSAGE)
        String name,
    @JsonPropertyDescription("What it is for, for people.") @Size(max = 500)
        @Nullable String description,
    @JsonPropertyDescription(
            "How long after the first step the last may come, at most 2160h (90 days); no longer"
                + " than visitors are recognised. Default: 24h.")
        @Size(min = 2, max = Rules.DURATION_LENGTH)
        @ValidationRule(
            value = Rules.DURATION + " && duration(self) <= duration('2160h')",
            message =
                "write the window as a whole number with one unit (s, m or h) of at most 2160h (90"
                    + " days), for example 30m or 24h")
        @Nullable String window,
    @JsonPropertyDescription("The steps, from the first to the last.")
        @Required
        @Size(min = 2, max = 20)
        List<Step> steps,
    @JsonPropertyDescription(
            "Ordered: other events may come between steps; Strict: they may not. Default: Ordered.")
        @Nullable Order order,
    @JsonPropertyDescription(
            "false: the funnel is kept here and left out of statistics. Default: true.")
        @Nullable Boolean active) {

  /** Whether other events may come between steps. */
  public enum Order {
    Ordered,
    Strict
  }

  /** A page that is viewed, or an event that comes. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  @ValidationRule(
      value = "has(self.page) != has(self.event)",
      message =
          "give the step exactly one of page and event: what else visitors do is another step")
  @ValidationRule(value = Rules.MATCH, message = Rules.MATCH_MESSAGE)
  @ValidationRule(value = Rules.GLOB, message = Rules.GLOB_MESSAGE)
  @ValidationRule(value = Rules.REGEX, message = Rules.REGEX_MESSAGE)
  public record Step(
      @JsonPropertyDescription("Name for people. Default: the page or the event.") @Size(max = 200)
          @Nullable String name,
      @JsonPropertyDescription("A path that is viewed, or a pattern of paths (see match).")
          @Size(min = 1, max = 1000)
          @Nullable String page,
      @JsonPropertyDescription("How the page is compared, as in goals. Default: Glob.")
          @Nullable PageMatch match,
      @JsonPropertyDescription("Name of an event that comes.")
          @Size(min = 1, max = 120)
          @ValidationRule(value = Rules.TRIMMED, message = Rules.TRIMMED_MESSAGE)
          @Nullable String event) {}

  public Funnel {
    steps = steps == null ? List.of() : List.copyOf(steps);
  }
}
