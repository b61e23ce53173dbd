package dev.eider.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where the database lies that tells places from addresses, in MaxMind's format. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
    value =
        "(has(self.databaseSecretRef) ? 1 : 0) + (has(self.configMapRef) ? 1 : 0) +"
            + " (has(self.volumeClaim) ? 1 : 0) == 1",
    message = "give exactly one of databaseSecretRef, configMapRef and volumeClaim")
public record Geo(
    @JsonPropertyDescription("A Secret of the same namespace that holds it.")
        @Nullable Entry databaseSecretRef,
    @JsonPropertyDescription("A ConfigMap of the same namespace that holds it.")
        @Nullable Entry configMapRef,
    @JsonPropertyDescription(
            "A PersistentVolumeClaim of the same namespace that holds it; for databases above the 1"
                + " MiB that a Secret or a ConfigMap takes.")
        @Nullable VolumeClaim volumeClaim) {

  /** One entry of a Secret or a ConfigMap, or all of them. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Entry(
      @JsonPropertyDescription("Name of the object.")
          @Required
          @Size(min = 1, max = Rules.NAME_LENGTH)
          String name,
      @JsonPropertyDescription("Its entry. Default: all whose names end in .mmdb.")
          @Size(min = 1, max = Rules.NAME_LENGTH)
          @ValidationRule(value = Rules.KEY, message = Rules.KEY_MESSAGE)
          @Nullable String key) {

    /** The entry that is meant; empty: all. */
    public Optional<String> entry() {
      return Optional.ofNullable(key);
    }
  }

  /** A file or a folder of a volume, which is mounted read-only. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record VolumeClaim(
      @JsonPropertyDescription("Name of the claim.")
          @Required
          @Size(min = 1, max = Rules.NAME_LENGTH)
          @ValidationRule(value = Rules.CLAIM, message = Rules.CLAIM_MESSAGE)
          String claimName,
      @JsonPropertyDescription(
              "A .mmdb file, or a folder of them, within the volume. Default: its root.")
          @Size(min = 1, max = 512)
          @ValidationRule(
              value =
                  "self.matches('^[A-Za-z0-9_][A-Za-z0-9_.-]*(/[A-Za-z0-9_][A-Za-z0-9_.-]*)*$')",
              message =
                  "write the path within the volume, for example geo/GeoLite2-City.mmdb: no slash at"
                      + " either end, and in names letters, digits, underscores, dots and dashes, of"
                      + " which dots and dashes do not come first")
          @Nullable String path) {}
}
