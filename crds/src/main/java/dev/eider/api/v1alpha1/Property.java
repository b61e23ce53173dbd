package dev.eider.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** A custom dimension (type String) or metric (any other type). */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Property(
    @JsonPropertyDescription("Name of the property in events.")
        @Required
        @Size(min = 1, max = 100)
        @ValidationRule(value = Rules.TRIMMED, message = Rules.TRIMMED_MESSAGE)
        String name,
    @JsonPropertyDescription(
            "Number that trackers may name it by; dimensions and metrics are counted apart.")
        @Required
        @Min(1)
        @Max(20)
        Integer index,
    @JsonPropertyDescription("What its values are; Time is in seconds. Default: String.")
        @Nullable Type type,
    @JsonPropertyDescription(
            "What a value holds for; in a session or of a visitor the last one wins. Default:"
                + " Event.")
        @Nullable Scope scope) {

  /** What values are. */
  public enum Type {
    String,
    Integer,
    Currency,
    Time
  }

  /** What a value holds for. */
  public enum Scope {
    Event,
    Session,
    Visitor
  }
}
