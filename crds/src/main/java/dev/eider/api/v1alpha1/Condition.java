package dev.eider.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;

/**
 * One statement about an object, of the form all of Kubernetes uses.
 *
 * @param status True, False or Unknown
 * @param lastTransitionTime when status last changed, RFC 3339 in UTC, whole seconds
 */
public record Condition(
    @JsonPropertyDescription("What the statement is about.") @Required @Size(min = 1, max = 64)
        String type,
    @JsonPropertyDescription("True, False or Unknown.") @Required @Size(min = 4, max = 7)
        String status,
    @JsonPropertyDescription("Why, in one word for programs.") @Required @Size(min = 1, max = 64)
        String reason,
    @JsonPropertyDescription("Why, and what to do, in a sentence for people.")
        @Required
        @Size(max = 2048)
        String message,
    @JsonPropertyDescription("When status last changed.") @Required @Size(min = 20, max = 20)
        String lastTransitionTime,
    @JsonPropertyDescription("Generation of the spec that this is about.") @Required @Min(0)
        long observedGeneration) {}
