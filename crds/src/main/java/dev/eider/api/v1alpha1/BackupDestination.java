package dev.eider.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where backups go. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
    value = "!has(self.encryption) || !has(self.encryption.serverSide) || has(self.s3)",
    message = "encryption.serverSide is of buckets: give s3, or keySecretRef for a volume")
@ValidationRule(
    value = "has(self.s3) != has(self.volume)",
    message = "give one destination: s3, or volume with the name of a claim")
public record BackupDestination(
    @JsonPropertyDescription("A bucket, best not the lake's own.") @Nullable S3 s3,
    @JsonPropertyDescription("Another volume.") @Nullable ClaimedVolume volume,
    @JsonPropertyDescription("Who encrypts them, and by what.")
        @Nullable BackupEncryption encryption) {

  /** A volume that somebody else has claimed. */
  public record ClaimedVolume(
      @JsonPropertyDescription("PersistentVolumeClaim of the same namespace.")
          @Required
          @Size(min = 1, max = Rules.NAME_LENGTH)
          @ValidationRule(value = Rules.CLAIM, message = Rules.CLAIM_MESSAGE)
          String claimName) {}

  /** The bucket, if it is one. */
  public Optional<S3> bucket() {
    return Optional.ofNullable(s3);
  }

  /** Who encrypts, if that is said. */
  public Optional<BackupEncryption> encrypted() {
    return Optional.ofNullable(encryption);
  }

  /** The claim's name, if it is a volume. */
  public Optional<String> claim() {
    return Optional.ofNullable(volume).map(ClaimedVolume::claimName);
  }
}
