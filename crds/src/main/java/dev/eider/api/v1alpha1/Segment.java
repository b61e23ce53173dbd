package dev.eider.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;

/** Filters under a name, which questions use as {@code ["is", "segment", [name]]}. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Segment(
    @JsonPropertyDescription("What filters call it: [is, segment, [name]].")
        @Required
        @Size(min = 1, max = 100)
        @ValidationRule(value = Rules.TRIMMED, message = Rules.TRIMMED_MESSAGE)
        @ValidationRule(
            value = "!self.matches('^[0-9]+$')",
            message =
                "give the segment a name that is no number: numbers are those of segments saved"
                    + " over the API")
        String name,
    @JsonPropertyDescription(
            "Filters that all hold, as the query API takes them, for example [is, \"visit:device\","
                + " [Mobile]].")
        @Required
        @Size(min = 1, max = 50)
        List<JsonNode> filters) {

  public Segment {
    filters = filters == null ? List.of() : List.copyOf(filters);
  }
}
