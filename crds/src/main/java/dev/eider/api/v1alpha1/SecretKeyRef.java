package dev.eider.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Names one entry of a Secret of the same namespace. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record SecretKeyRef(
    @JsonPropertyDescription("Name of the Secret.")
        @Required
        @Size(min = 1, max = Rules.NAME_LENGTH)
        String name,
    @JsonPropertyDescription("Its entry. Default: ca.crt of certificates, key of a key.")
        @Size(min = 1, max = Rules.NAME_LENGTH)
        @ValidationRule(
            value = Rules.KEY,
            message =
                "write the key as the Secret names its entry: letters, digits, dashes, underscores"
                    + " and dots")
        @Nullable String key) {

  /** The entry that is meant. */
  public String keyOrDefault() {
    return Optional.ofNullable(key).orElse(Defaults.CA_KEY);
  }
}
