package dev.eider.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How long data is kept, and when what is past that goes. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
    value =
        "!has(self.sessionsDays) || (has(self.rawEventsDays) && self.rawEventsDays <="
            + " self.sessionsDays)",
    message =
        "sessionsDays says how much longer sessions are kept than their events: give rawEventsDays,"
            + " too, and no fewer days than these")
@ValidationRule(
    value =
        "!has(self.dailyRollupsDays) || (has(self.rawEventsDays) && (has(self.sessionsDays) ?"
            + " self.sessionsDays : self.rawEventsDays) <= self.dailyRollupsDays)",
    message =
        "dailyRollupsDays: sums of days are kept as long as sessions and raw events at least: give"
            + " rawEventsDays, too, and no fewer days than these")
@ValidationRule(
    value =
        "!has(self.hourlyRollupsDays) || (has(self.rawEventsDays) && (has(self.sessionsDays) ?"
            + " self.sessionsDays : self.rawEventsDays) <= self.hourlyRollupsDays)",
    message =
        "hourlyRollupsDays: sums of hours are kept as long as sessions and raw events at least: give"
            + " rawEventsDays, too, and no fewer days than these")
@ValidationRule(
    value =
        "!has(self.hourlyRollupsDays) || !has(self.dailyRollupsDays) || self.hourlyRollupsDays <="
            + " self.dailyRollupsDays",
    message =
        "hourlyRollupsDays: sums of hours are told beside those of their days: give no more days than"
            + " dailyRollupsDays")
@ValidationRule(
    value =
        "!has(self.tiers) || !has(self.rawEventsDays) || self.tiers.all(t, t.afterDays <"
            + " self.rawEventsDays)",
    message =
        "tiers: days move to the bucket before they go, so give afterDays fewer days than"
            + " rawEventsDays")
public record RetentionPolicySpec(
    @JsonPropertyDescription(
            "Whole days, in the site's time zone, that raw events are kept. Absent: for ever.")
        @Min(1)
        @Max(36500)
        @Nullable Integer rawEventsDays,
    @JsonPropertyDescription(
            "The same of sessions, which have a visitor's id and say how often and where somebody"
                + " was. Absent: as long as raw events.")
        @Min(1)
        @Max(36500)
        @Nullable Integer sessionsDays,
    @JsonPropertyDescription(
            "The same of the sums of hours. Older days are answered by day, week and month; by hour"
                + " they are refused. Absent: as long as the sums of days.")
        @Min(1)
        @Max(36500)
        @Nullable Integer hourlyRollupsDays,
    @JsonPropertyDescription(
            "The same of the sums of whole days, which know nobody. What only they could tell is"
                + " refused after that. Absent: for ever.")
        @Min(1)
        @Max(36500)
        @Nullable Integer dailyRollupsDays,
    @JsonPropertyDescription(
            "The same of the entries of the audit log about the site: what retention, erasures,"
                + " backups, restores and exports did. Absent: for ever.")
        @Min(1)
        @Max(36500)
        @Nullable Integer auditLogDays,
    @JsonPropertyDescription(
            "Where events are brought as Parquet before they go; only what is found there again"
                + " goes. Absent: they go with no copy.")
        @Nullable Archive archive,
    @JsonPropertyDescription(
            "Where days lie by their age: at first on the volume. For sites with a"
                + " spec.runtime.storage.tier; where the whole lake lies in S3, nothing is moved.")
        @Size(min = 1, max = 1)
        @Nullable List<Tier> tiers,
    @JsonPropertyDescription("Five cron fields. Default: 30 3 * * *.")
        @Size(min = 1, max = Rules.SCHEDULE_LENGTH)
        @ValidationRule(value = Rules.CRON, message = Rules.CRON_MESSAGE)
        @Nullable String schedule,
    @JsonPropertyDescription("IANA time zone of the schedule. Default: the site's.")
        @Size(min = 1, max = Rules.TIME_ZONE_LENGTH)
        @ValidationRule(value = Rules.TIME_ZONE, message = Rules.TIME_ZONE_MESSAGE)
        @Nullable String timeZone,
    @JsonPropertyDescription("Enforce removes; DryRun only counts. Default: Enforce.")
        @Nullable Mode mode,
    @JsonPropertyDescription("Stops a run that would remove unusually much.")
        @Nullable Guard guard) {

  /** Whether runs remove or only count. */
  public enum Mode {
    Enforce,
    DryRun
  }

  /** Where events are brought before they go. Sessions are told by them and not archived. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Archive(
      @JsonPropertyDescription(
              "The folder NAMESPACE.SITE/archive of a bucket or of another volume. What s3 does not"
                  + " say is taken from the site's storage.s3.")
          @Required
          ArchiveDestination destination,
      @JsonPropertyDescription("Files of the archive go after so many days. Absent: never.")
          @Min(1)
          @Max(36500)
          @Nullable Integer keepDays) {}

  /** From which age on days lie elsewhere; they answer every question there. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Tier(
      @JsonPropertyDescription(
              "Whole days, in the site's time zone, that stay on the volume before.")
          @Required
          @Min(2)
          @Max(36500)
          Integer afterDays,
      @JsonPropertyDescription("To the bucket that spec.runtime.storage.tier names.") @Required
          Place to,
      @JsonPropertyDescription(
              "How the bucket keeps what is moved from then on. Only classes that are read without"
                  + " asking for them first. Default: as the bucket does by itself.")
          @Nullable StorageClass storageClass) {}

  /** Where days can lie. */
  public enum Place {
    S3
  }

  /** Classes of objects that are read at once. */
  public enum StorageClass {
    STANDARD,
    STANDARD_IA,
    ONEZONE_IA,
    INTELLIGENT_TIERING,
    GLACIER_IR
  }

  /** Trips only when the cutoff moved further than time did since the last good run. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Guard(
      @JsonPropertyDescription(
              "Share of a site's rows above which such a run stops and asks. Default: 25.")
          @Min(1)
          @Max(100)
          @Nullable Integer maxDeletePercent) {}

  /** Days that raw events are kept; empty: for ever. */
  public Optional<Integer> rawDays() {
    return Optional.ofNullable(rawEventsDays);
  }

  /** Days that sessions are kept; empty: for ever. */
  public Optional<Integer> resolvedSessionsDays() {
    return Optional.ofNullable(sessionsDays).or(this::rawDays);
  }

  /** Days that sums of hours are kept; empty: for ever. */
  public Optional<Integer> resolvedHoursDays() {
    return Optional.ofNullable(hourlyRollupsDays).or(this::rollupsDays);
  }

  /** Days that sums of days are kept; empty: for ever. */
  public Optional<Integer> rollupsDays() {
    return Optional.ofNullable(dailyRollupsDays);
  }

  /** Days that entries of the audit log are kept; empty: for ever. */
  public Optional<Integer> auditDays() {
    return Optional.ofNullable(auditLogDays);
  }

  /** Where events go before they are removed; empty: nowhere. */
  public Optional<Archive> archiveWanted() {
    return Optional.ofNullable(archive);
  }

  /** When days move to the bucket; empty: never. */
  public Optional<Tier> tier() {
    return Optional.ofNullable(tiers).flatMap(all -> all.stream().findFirst());
  }

  public String resolvedSchedule() {
    return schedule != null ? schedule : Defaults.RETENTION_SCHEDULE;
  }

  public Optional<String> zone() {
    return Optional.ofNullable(timeZone);
  }

  public Mode resolvedMode() {
    return mode != null ? mode : Mode.Enforce;
  }

  public int maxDeletePercent() {
    return Optional.ofNullable(guard)
        .map(Guard::maxDeletePercent)
        .orElse(Defaults.MAX_DELETE_PERCENT);
  }
}
