package dev.eider.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is the case. Times are RFC 3339 in UTC, whole seconds. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record AnalyticsSiteStatus(
    @JsonPropertyDescription("Generation of the spec that this status is about.")
        @Nullable Long observedGeneration,
    @JsonPropertyDescription("What holds now, one statement a type.") @Size(max = 32)
        @Nullable List<Condition> conditions,
    @JsonPropertyDescription("Defaults and values in force.") @Nullable Resolved resolved,
    @JsonPropertyDescription("Runtime that the site runs on.") @Size(max = 320)
        @Nullable String runtime,
    @JsonPropertyDescription("Where the site's runtime answers inside the cluster.")
        @Size(max = 2048)
        @Nullable String url,
    @JsonPropertyDescription("What to put into the pages to be measured.") @Size(max = 2048)
        @Nullable String snippet,
    @JsonPropertyDescription("Secret with the site's ingest and stats keys.") @Size(max = 253)
        @Nullable String keysSecret,
    @JsonPropertyDescription("Visitors of the last 24 hours, as of figuresAt.")
        @Nullable Long visitors24h,
    @JsonPropertyDescription("Events kept, as of figuresAt.") @Nullable Long events,
    @JsonPropertyDescription("Bytes stored, as of figuresAt.") @Nullable Long bytes,
    @JsonPropertyDescription("Bytes stored, for people.") @Size(max = 32) @Nullable String stored,
    @JsonPropertyDescription("When visitors24h, events and bytes were read.") @Size(max = 20)
        @Nullable String figuresAt,
    @JsonPropertyDescription("Settling and merging.") @Nullable RunStatus compaction,
    @JsonPropertyDescription("Removal of events past their days.") @Nullable RunStatus retention,
    @JsonPropertyDescription("Backups.") @Nullable RunStatus backup,
    @JsonPropertyDescription("Work on erasure requests.") @Nullable RunStatus erasure,
    @JsonPropertyDescription("The last backup that succeeded.") @Nullable LastBackup lastBackup,
    @JsonPropertyDescription("What the site began with, where it has restoreFrom.")
        @Nullable Restored restored) {

  public AnalyticsSiteStatus {
    conditions = conditions == null ? null : List.copyOf(conditions);
  }

  /** A backup that can be restored. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record LastBackup(
      @JsonPropertyDescription("Its AnalyticsBackup and Job.") @Size(max = 63)
          @Nullable String name,
      @JsonPropertyDescription("Its name where it lies.") @Size(max = 64) @Nullable String backupId,
      @JsonPropertyDescription("When it was begun; it has every event accepted before.")
          @Size(max = 20)
          @Nullable String madeAt,
      @JsonPropertyDescription("Events in it.") @Nullable Long events,
      @JsonPropertyDescription("Bytes of all that it needs.") @Nullable Long bytes,
      @JsonPropertyDescription("How it was looked at: none, checksum or restore.") @Size(max = 16)
          @Nullable String verified) {}

  /** What a new site began with. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Restored(
      @JsonPropertyDescription("The backup; absent where the site had data already.")
          @Size(max = 64)
          @Nullable String backupId,
      @JsonPropertyDescription("Events that it brought.") @Nullable Long events,
      @JsonPropertyDescription("When that was done.") @Size(max = 20) @Nullable String at,
      @JsonPropertyDescription("What was done.") @Size(max = 1024) @Nullable String message) {}

  /** Defaults and values in force. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Resolved(
      @Size(max = 253) @Nullable String siteId,
      @Size(max = 64) @Nullable String timeZone,
      @Size(max = 3) @Nullable String currency,
      @JsonPropertyDescription("How careful the site is with what it knows of visitors.")
          Privacy.@Nullable Mode privacyMode,
      @JsonPropertyDescription("How long a visitor is recognised.")
          Privacy.@Nullable Identity identity,
      @JsonPropertyDescription("What is kept of where a visitor is.")
          Privacy.@Nullable GeoDetail geo,
      @JsonPropertyDescription("What times are rounded down to.")
          Privacy.@Nullable Rounding roundTimestamps,
      @JsonPropertyDescription("Share of visitors whose events are kept.") @Size(max = 16)
          @Nullable String sampleRate,
      @JsonPropertyDescription("Most events of the whole site; absent: no limit.")
          @Nullable RateLimit rateLimit,
      @Size(max = 512) @Nullable String image,
      @JsonPropertyDescription("Size that the volume has or is growing to.") @Size(max = 32)
          @Nullable String volumeSize,
      @JsonPropertyDescription("Where the lake's files lie: volume, or the address in S3.")
          @Size(max = 1024)
          @Nullable String data,
      @JsonPropertyDescription("Where the lake's catalog is kept: file or postgres.")
          @Size(max = 16)
          @Nullable String catalog,
      @JsonPropertyDescription("RetentionPolicy in force.") @Size(max = 253)
          @Nullable String retentionPolicy,
      @JsonPropertyDescription("Days that raw events are kept; absent: for ever.")
          @Nullable Integer rawEventsDays,
      @JsonPropertyDescription("Days that sessions are kept; absent: for ever.")
          @Nullable Integer sessionsDays,
      @JsonPropertyDescription("Days that sums of hours are kept; absent: for ever.")
          @Nullable Integer hourlyRollupsDays,
      @JsonPropertyDescription("Days that sums of days are kept; absent: for ever.")
          @Nullable Integer dailyRollupsDays,
      @JsonPropertyDescription("Days that entries of the audit log are kept; absent: for ever.")
          @Nullable Integer auditLogDays,
      @JsonPropertyDescription("Whether retention removes (Enforce) or only counts (DryRun).")
          @Size(max = 16)
          @Nullable String retentionMode,
      @Nullable DeletionPolicy deletionPolicy) {}
}
