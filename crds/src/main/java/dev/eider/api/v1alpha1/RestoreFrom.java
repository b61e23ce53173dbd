package dev.eider.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The backup that a new site begins with. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
    value =
        "[has(self.backupRef), has(self.s3), has(self.volume)].filter(given, given).size() == 1",
    message = "give one of backupRef, s3 and volume: where the backup is that the site begins with")
@ValidationRule(
    value =
        "!has(self.backupRef) || (!has(self.folder) && !has(self.backupId) &&"
            + " !has(self.encryption))",
    message =
        "backupRef says which backup it is: leave folder, backupId and encryption out beside it")
public record RestoreFrom(
    @JsonPropertyDescription("AnalyticsBackup of the same namespace that succeeded.")
        @Nullable LocalRef backupRef,
    @JsonPropertyDescription(
            "The bucket that the backups are in, as their site's destination had it.")
        @Nullable S3 s3,
    @JsonPropertyDescription("The volume that the backups are on.")
        BackupDestination.@Nullable ClaimedVolume volume,
    @JsonPropertyDescription("By what they are encrypted, where that is a key of your own.")
        @Nullable BackupEncryption encryption,
    @JsonPropertyDescription(
            "Folder of the site's backups there, NAMESPACE.SITE of the site that was backed up."
                + " Default: this site's own.")
        @Size(min = 1, max = 104)
        @ValidationRule(
            value = "self.matches('^[a-z0-9]([-a-z0-9]*[a-z0-9])?[.][a-z]([-a-z0-9]*[a-z0-9])?$')",
            message = "write the folder as NAMESPACE.SITE, for example shop.blog")
        @Nullable String folder,
    @JsonPropertyDescription(
            "Which backup, for example 20260504T020000.000Z. Default: the newest that can be read.")
        @Size(min = 1, max = 64)
        @ValidationRule(
            value = "self.matches('^[A-Za-z0-9][A-Za-z0-9.-]*$')",
            message = "write the id as eider restore --list shows it")
        @Nullable String backupId) {

  /** Name of the AnalyticsBackup; empty: the place is given. */
  public Optional<String> backup() {
    return Optional.ofNullable(backupRef).map(LocalRef::name);
  }

  /** The place that is given; empty where an AnalyticsBackup is. */
  public Optional<BackupDestination> place() {
    return s3 == null && volume == null
        ? Optional.empty()
        : Optional.of(new BackupDestination(s3, volume, encryption));
  }

  /** The folder that is given. */
  public Optional<String> givenFolder() {
    return Optional.ofNullable(folder);
  }

  /** Which backup; empty: the newest. */
  public Optional<String> id() {
    return Optional.ofNullable(backupId);
  }
}
