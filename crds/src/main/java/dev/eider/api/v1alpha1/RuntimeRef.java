package dev.eider.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import org.jspecify.annotations.Nullable;

/** Names a shared AnalyticsRuntime. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RuntimeRef(
    @JsonPropertyDescription("Name of the AnalyticsRuntime.")
        @Required
        @Size(min = 1, max = Rules.NAME_LENGTH)
        String name,
    @JsonPropertyDescription("Its namespace. Default: the site's own.") @Size(min = 1, max = 63)
        @Nullable String namespace) {}
