package dev.eider.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** What may come in the long run, and what may come at once. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
    value = "!has(self.burst) || self.burst >= self.eventsPerSecond",
    message = "burst is below eventsPerSecond: set it to eventsPerSecond or more, or remove it")
public record RateLimit(
    @JsonPropertyDescription("Events a second in the long run.") @Required @Min(1) @Max(1_000_000)
        Integer eventsPerSecond,
    @JsonPropertyDescription("Events that may come at once. Default: 4 times eventsPerSecond.")
        @Min(1)
        @Max(10_000_000)
        @Nullable Integer burst) {

  /** The same with nothing left to defaults. */
  public RateLimit resolved() {
    return burst != null
        ? this
        : new RateLimit(eventsPerSecond, eventsPerSecond * Defaults.BURST_SECONDS);
  }
}
