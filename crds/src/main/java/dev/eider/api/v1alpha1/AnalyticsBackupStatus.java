package dev.eider.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How it went. Times are RFC 3339 in UTC, whole seconds. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record AnalyticsBackupStatus(
    @JsonPropertyDescription("Generation of the spec that this status is about.")
        @Nullable Long observedGeneration,
    @JsonPropertyDescription("What holds now, one statement a type.") @Size(max = 32)
        @Nullable List<Condition> conditions,
    @JsonPropertyDescription("Pending, Running, Succeeded or Failed; the last two are final.")
        @Nullable State state,
    @JsonPropertyDescription("Job that does it.") @Size(max = 63) @Nullable String job,
    @JsonPropertyDescription("The backup's name where it lies.") @Size(max = 64)
        @Nullable String backupId,
    @JsonPropertyDescription("Where it lies: what restoreFrom takes.") @Nullable Place place,
    @JsonPropertyDescription("Sites in it.") @Nullable Long sites,
    @JsonPropertyDescription("Events in it.") @Nullable Long events,
    @JsonPropertyDescription("Files that it needs.") @Nullable Long files,
    @JsonPropertyDescription("Their bytes.") @Nullable Long bytes,
    @JsonPropertyDescription("Bytes, for people.") @Size(max = 32) @Nullable String size,
    @JsonPropertyDescription("Bytes that earlier backups had not brought there.")
        @Nullable Long bytesCopied,
    @JsonPropertyDescription("Version of the lake that it holds.") @Nullable Long snapshot,
    @JsonPropertyDescription("How it was looked at: none, checksum or restore.") @Size(max = 16)
        @Nullable String verified,
    @JsonPropertyDescription("When its Job began.") @Size(max = 20) @Nullable String startedAt,
    @JsonPropertyDescription("When its Job ended.") @Size(max = 20) @Nullable String endedAt,
    @JsonPropertyDescription("What it said.") @Size(max = 2048) @Nullable String message) {

  public AnalyticsBackupStatus {
    conditions = conditions == null ? null : List.copyOf(conditions);
  }

  /** How far it is. */
  public enum State {
    Pending,
    Running,
    Succeeded,
    Failed;

    /** Whether it stays so. */
    public boolean isFinal() {
      return this == Succeeded || this == Failed;
    }
  }

  /** A folder of backups. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Place(
      @Nullable S3 s3,
      BackupDestination.@Nullable ClaimedVolume volume,
      @Nullable BackupEncryption encryption,
      @JsonPropertyDescription("NAMESPACE.SITE of the site that was backed up.") @Size(max = 104)
          @Nullable String folder) {

    /** What is given of the two. */
    public BackupDestination destination() {
      return new BackupDestination(s3, volume, encryption);
    }
  }

  /** Whether it has ended, one way or the other. */
  public boolean hasEnded() {
    return state != null && state.isFinal();
  }

  /** The backup's name, once it is made. */
  public Optional<String> id() {
    return Optional.ofNullable(backupId);
  }
}
