package dev.eider.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import org.jspecify.annotations.Nullable;

/** How events are taken in. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Ingest(
    @JsonPropertyDescription(
            "false refuses events with reason 'paused'; statistics stay readable. Default: true.")
        @Nullable Boolean enabled) {}
