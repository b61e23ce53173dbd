package dev.eider.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is the case. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RetentionPolicyStatus(
    @JsonPropertyDescription("Generation of the spec that this status is about.")
        @Nullable Long observedGeneration,
    @JsonPropertyDescription("What holds now, one statement a type.") @Size(max = 32)
        @Nullable List<Condition> conditions,
    @JsonPropertyDescription("Mode in force.") @Size(max = 16) @Nullable String mode) {

  public RetentionPolicyStatus {
    conditions = conditions == null ? null : List.copyOf(conditions);
  }
}
