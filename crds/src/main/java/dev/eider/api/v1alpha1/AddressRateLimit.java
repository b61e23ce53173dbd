package dev.eider.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The same as {@link RateLimit} for one address, where no limit has to be said. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
    value = "!has(self.burst) || (self.eventsPerSecond > 0 && self.burst >= self.eventsPerSecond)",
    message =
        "burst is below eventsPerSecond, or there is no limit: set it to eventsPerSecond or more,"
            + " or remove it")
public record AddressRateLimit(
    @JsonPropertyDescription("Events a second in the long run; 0: no limit.")
        @Required
        @Min(0)
        @Max(1_000_000)
        Integer eventsPerSecond,
    @JsonPropertyDescription("Events that may come at once. Default: 4 times eventsPerSecond.")
        @Min(1)
        @Max(10_000_000)
        @Nullable Integer burst) {

  /** The limit with nothing left to defaults; empty: none. */
  public Optional<RateLimit> limit() {
    return eventsPerSecond == 0
        ? Optional.empty()
        : Optional.of(new RateLimit(eventsPerSecond, burst).resolved());
  }
}
