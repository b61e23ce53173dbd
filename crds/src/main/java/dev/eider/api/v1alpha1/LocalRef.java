package dev.eider.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;

/** Names an object of the same namespace. */
public record LocalRef(
    @JsonPropertyDescription("Name of the object.")
        @Required
        @Size(min = 1, max = Rules.NAME_LENGTH)
        String name) {}
