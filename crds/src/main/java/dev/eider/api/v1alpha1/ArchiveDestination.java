package dev.eider.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where an archive lies: Parquet as it is, for any tool to read. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
    value = "has(self.s3) != has(self.volume)",
    message = "give one destination: s3, or volume with the name of a claim")
public record ArchiveDestination(
    @JsonPropertyDescription("A bucket.") @Nullable S3 s3,
    @JsonPropertyDescription("Another volume.") BackupDestination.@Nullable ClaimedVolume volume) {

  /** The bucket, if it is one. */
  public Optional<S3> bucket() {
    return Optional.ofNullable(s3);
  }

  /** The claim's name, if it is a volume. */
  public Optional<String> claim() {
    return Optional.ofNullable(volume).map(BackupDestination.ClaimedVolume::claimName);
  }
}
