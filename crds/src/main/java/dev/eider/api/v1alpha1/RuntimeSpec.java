package dev.eider.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.Quantity;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How the pods of a runtime run. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
    value =
        "quantity((has(self.storage) && has(self.storage.volume) && has(self.storage.volume.size) ?"
            + " self.storage.volume.size : '"
            + Defaults.VOLUME_SIZE
            + "')).compareTo(quantity((has(oldSelf.storage) && has(oldSelf.storage.volume) &&"
            + " has(oldSelf.storage.volume.size) ? oldSelf.storage.volume.size : '"
            + Defaults.VOLUME_SIZE
            + "'))) >= 0",
    message =
        "storage.volume.size can only grow (it is "
            + Defaults.VOLUME_SIZE
            + " when absent): set it to the old size or more")
@ValidationRule(
    value =
        "(has(self.storage) && has(self.storage.volume) &&"
            + " has(self.storage.volume.storageClassName) ? self.storage.volume.storageClassName :"
            + " '') == (has(oldSelf.storage) && has(oldSelf.storage.volume) &&"
            + " has(oldSelf.storage.volume.storageClassName) ?"
            + " oldSelf.storage.volume.storageClassName : '')",
    message =
        "storage.volume.storageClassName cannot change once the volume is there: put the old value"
            + " back")
@ValidationRule(
    value =
        "(has(self.storage) && has(self.storage.s3)) == (has(oldSelf.storage) &&"
            + " has(oldSelf.storage.s3))",
    message =
        "storage.s3 can neither come nor go while the site is there, since its data does not move"
            + " along: put the old value back, or declare another site")
@ValidationRule(
    value =
        "!has(oldSelf.storage) || !has(oldSelf.storage.tier) || (has(self.storage) &&"
            + " has(self.storage.tier))",
    message =
        "storage.tier stays, since older days lie there: put the old value back. A RetentionPolicy"
            + " without tiers moves no more")
@ValidationRule(
    value =
        "(has(self.catalog) && has(self.catalog.postgres)) == (has(oldSelf.catalog) &&"
            + " has(oldSelf.catalog.postgres))",
    message =
        "catalog.postgres can neither come nor go while the site is there, since the catalog does"
            + " not move along: put the old value back, or declare another site")
public record RuntimeSpec(
    @JsonPropertyDescription("Image of the runtime. Default: the one that the operator came with.")
        @Size(min = 1, max = 512)
        @Nullable String image,
    @JsonPropertyDescription("Requests and limits of the runtime's container.")
        @Nullable Resources resources,
    @JsonPropertyDescription("How much is logged. Default: Info.") @Nullable LogLevel logLevel,
    @JsonPropertyDescription("Additions to the runtime's pods.") @Nullable Pod pod,
    @JsonPropertyDescription("Where journal, catalog, state and lake lie.")
        @Nullable Storage storage,
    @JsonPropertyDescription("Where the lake's catalog is kept. Default: a file on the volume.")
        @Nullable Catalog catalog,
    @JsonPropertyDescription("When accepted events go from the journal into the lake.")
        @Nullable Flush flush,
    @JsonPropertyDescription("When the lake is settled and merged.")
        @Nullable Compaction compaction,
    @JsonPropertyDescription("How long past states of the lake can be asked for.")
        @Nullable Snapshots snapshots,
    @JsonPropertyDescription("When backups are made.") @Nullable Backup backup,
    @JsonPropertyDescription("When erasure requests are worked off.") @Nullable Erasure erasure,
    @JsonPropertyDescription("What lies between visitors and the runtime.")
        @Nullable Network network,
    @JsonPropertyDescription(
            "The database that tells places from addresses; one of countries comes with Eider.")
        @Nullable Geo geo,
    @JsonPropertyDescription(
            "true: the operator leaves everything as it is and suspends the schedules.")
        @Nullable Boolean paused,
    @JsonPropertyDescription("true: no pods run; the data stays.") @Nullable Boolean stopped) {

  /** Requests and limits, as of a container: cpu, memory, ephemeral-storage. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Resources(
      @JsonPropertyDescription("What the container is sure to get.") @Size(max = 8)
          @Nullable Map<String, @Size(max = 32) Quantity> requests,
      @JsonPropertyDescription("What the container may use at most.") @Size(max = 8)
          @Nullable Map<String, @Size(max = 32) Quantity> limits) {}

  /** Additions to the pods; the operator's own labels win. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Pod(
      @JsonPropertyDescription("Labels beside the operator's own, which win.") @Size(max = 32)
          @Nullable Map<String, @Size(max = 63) String> labels,
      @Size(max = 32) @Nullable Map<String, @Size(max = 4096) String> annotations,
      @Size(max = 32) @Nullable Map<String, @Size(max = 63) String> nodeSelector,
      @Size(max = 16) @Nullable List<Toleration> tolerations,
      @Size(min = 1, max = Rules.NAME_LENGTH) @Nullable String priorityClassName,
      @JsonPropertyDescription("Secrets to pull the image with.") @Size(max = 8)
          @Nullable List<LocalRef> imagePullSecrets) {}

  /** A taint that the pods bear, as in a pod's spec. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Toleration(
      @Size(max = 316) @Nullable String key,
      @Size(max = 16) @Nullable String operator,
      @Size(max = 63) @Nullable String value,
      @Size(max = 16) @Nullable String effect,
      @Nullable Long tolerationSeconds) {}

  /** Where the data lies. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  @ValidationRule(
      value =
          "!has(self.s3) || !has(oldSelf.s3) || (self.s3.bucket == oldSelf.s3.bucket &&"
              + " (has(self.s3.prefix) ? self.s3.prefix : '') == (has(oldSelf.s3.prefix) ?"
              + " oldSelf.s3.prefix : ''))",
      message =
          "s3.bucket and s3.prefix say where the data lies and cannot change: put the old values"
              + " back, or declare another site")
  @ValidationRule(
      value = "!has(self.s3) || !has(self.tier)",
      message =
          "tier takes days from the volume, and with s3 none lie there: leave one of both out (a"
              + " lifecycle rule of the bucket changes the class of its objects)")
  @ValidationRule(
      value =
          "!has(self.tier) || !has(oldSelf.tier) || (self.tier.s3.bucket == oldSelf.tier.s3.bucket"
              + " && (has(self.tier.s3.prefix) ? self.tier.s3.prefix : '') =="
              + " (has(oldSelf.tier.s3.prefix) ? oldSelf.tier.s3.prefix : ''))",
      message =
          "tier.s3.bucket and tier.s3.prefix say where older days lie and cannot change: put the"
              + " old values back")
  public record Storage(
      @JsonPropertyDescription(
              "The volume for journal, catalog and state, and for the lake where there is no s3.")
          @Nullable Volume volume,
      @JsonPropertyDescription(
              "Where the lake's files lie. Default: on the volume. It can neither come nor go"
                  + " later.")
          @Nullable S3 s3,
      @JsonPropertyDescription(
              "Where older days of a lake on the volume are moved to, as the site's"
                  + " RetentionPolicy says in its tiers. It may come later, and then stays.")
          @Nullable TierPlace tier) {}

  /** Where older days lie. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record TierPlace(
      @JsonPropertyDescription("A bucket, in which each lake has a folder of its own.") @Required
          S3 s3) {}

  /** Where the lake's catalog is kept. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Catalog(
      @JsonPropertyDescription(
              "A database of PostgreSQL, in which each lake has a schema of its own. It can"
                  + " neither come nor go later.")
          @Nullable Postgres postgres) {}

  /** A database of PostgreSQL. */
  public record Postgres(
      @JsonPropertyDescription(
              "Secret of the same namespace with uri (postgresql://user:password@host:port/db), or"
                  + " with host, dbname, user (or username), password and perhaps port, sslmode and"
                  + " sslrootcert.")
          @Required
          LocalRef secretRef) {}

  /** The persistent volume. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Volume(
      @JsonPropertyDescription("Its size, which can only grow. Default: 10Gi.")
          @Size(min = 1, max = Rules.SIZE_LENGTH)
          @ValidationRule(value = Rules.SIZE, message = Rules.SIZE_MESSAGE)
          @Nullable String size,
      @JsonPropertyDescription("StorageClass. Default: the cluster's. Immutable.")
          @Size(min = 1, max = Rules.NAME_LENGTH)
          @Nullable String storageClassName) {}

  /** A flush takes all hot rows when either bound is reached. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Flush(
      @JsonPropertyDescription("Hot rows that start a flush. Default: 10000.")
          @Min(1)
          @Max(1_000_000)
          @Nullable Integer maxEvents,
      @JsonPropertyDescription("Longest time between flushes. Default: 60s.")
          @Size(min = 2, max = Rules.DURATION_LENGTH)
          @ValidationRule(value = Rules.DURATION, message = Rules.DURATION_MESSAGE)
          @Nullable String interval,
      @JsonPropertyDescription(
              "Time for the last flush at shutdown; past it the process ends and the journal is"
                  + " replayed at the next start. Default: 30s.")
          @Size(min = 2, max = Rules.DURATION_LENGTH)
          @ValidationRule(value = Rules.DURATION, message = Rules.DURATION_MESSAGE)
          @Nullable String shutdownTimeout) {}

  /** Settle, merge, expire and clean up. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Compaction(
      @JsonPropertyDescription("Five cron fields. Default: 17 * * * *.")
          @Size(min = 1, max = Rules.SCHEDULE_LENGTH)
          @ValidationRule(value = Rules.CRON, message = Rules.CRON_MESSAGE)
          @Nullable String schedule,
      @JsonPropertyDescription("Size that merged files grow to. Default: 128Mi.")
          @Size(min = 1, max = Rules.SIZE_LENGTH)
          @ValidationRule(value = Rules.SIZE, message = Rules.SIZE_MESSAGE)
          @Nullable String targetFileSize,
      @JsonPropertyDescription("true: no runs.") @Nullable Boolean suspend) {}

  /** Past states of the lake. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Snapshots(
      @JsonPropertyDescription("Days after which a past state is dropped. Default: 7.")
          @Min(0)
          @Max(3650)
          @Nullable Integer expireAfterDays) {}

  /** Scheduled backups. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Backup(
      @JsonPropertyDescription("Five cron fields. Default: 0 2 * * *.")
          @Size(min = 1, max = Rules.SCHEDULE_LENGTH)
          @ValidationRule(value = Rules.CRON, message = Rules.CRON_MESSAGE)
          @Nullable String schedule,
      @JsonPropertyDescription("IANA time zone of the schedule. Default: the site's.")
          @Size(min = 1, max = Rules.TIME_ZONE_LENGTH)
          @ValidationRule(value = Rules.TIME_ZONE, message = Rules.TIME_ZONE_MESSAGE)
          @Nullable String timeZone,
      @JsonPropertyDescription("Where they go. Default: nowhere, and none are made.")
          @Nullable BackupDestination destination,
      @JsonPropertyDescription("Which ones stay.") @Nullable Keep keep,
      @JsonPropertyDescription(
              "How each is looked at once it is made: by its checksums, or by restoring it aside"
                  + " and counting. Default: Checksum.")
          @Nullable Verify verify,
      @JsonPropertyDescription(
              "AnalyticsBackups of ended runs that are kept; what they brought stays as keep says."
                  + " Default: 14.")
          @Min(1)
          @Max(1000)
          @Nullable Integer historyLimit,
      @JsonPropertyDescription("true: no runs.") @Nullable Boolean suspend) {

    /** How a backup is looked at. */
    public enum Verify {
      None,
      Checksum,
      Restore
    }
  }

  /** Which backups stay: as many as are to be kept, and all that are young enough. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Keep(
      @JsonPropertyDescription("So many, however old. Default: 14.") @Min(1) @Max(10_000)
          @Nullable Integer count,
      @JsonPropertyDescription("And all that are younger than so many days. Default: 35.")
          @Min(1)
          @Max(3650)
          @Nullable Integer maxAgeDays) {}

  /** Scheduled erasure. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Erasure(
      @JsonPropertyDescription("Five cron fields. Default: 0 4 * * *.")
          @Size(min = 1, max = Rules.SCHEDULE_LENGTH)
          @ValidationRule(value = Rules.CRON, message = Rules.CRON_MESSAGE)
          @Nullable String schedule,
      @JsonPropertyDescription(
              "After so many days an ErasureRequest that is not done counts as overdue. Default:"
                  + " 30.")
          @Min(1)
          @Max(365)
          @Nullable Integer deadlineDays) {}

  /** What lies between visitors and the runtime. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Network(
      @JsonPropertyDescription(
              "Address ranges of proxies whose X-Forwarded-For is believed, for example"
                  + " 10.0.0.0/8. Default: loopback and the private ranges.")
          @Size(max = 64)
          @ValidationRule(
              value = "self.all(c, isCIDR(c))",
              message = "write each trusted proxy as an address range, for example 10.0.0.0/8")
          @Nullable List<@Size(min = 1, max = 49) String> trustedProxies,
      @JsonPropertyDescription(
              "Most events of one address over all sites; those with an ingest key are not held to"
                  + " it. Default: no limit. Holds from the next start.")
          @Nullable AddressRateLimit addressRateLimit) {}

  /** All defaults. */
  public static RuntimeSpec defaults() {
    return new RuntimeSpec(
        null, null, null, null, null, null, null, null, null, null, null, null, null, null, null);
  }

  public boolean pausedNow() {
    return Boolean.TRUE.equals(paused);
  }

  public boolean stoppedNow() {
    return Boolean.TRUE.equals(stopped);
  }

  public LogLevel resolvedLogLevel() {
    return logLevel != null ? logLevel : LogLevel.Info;
  }

  /** Size of the volume as a Kubernetes quantity. */
  public String volumeSize() {
    return volume().map(Volume::size).orElse(Defaults.VOLUME_SIZE);
  }

  /** StorageClass of the volume; absent means the cluster's default. */
  public Optional<String> storageClassName() {
    return volume().map(Volume::storageClassName);
  }

  private Optional<Volume> volume() {
    return Optional.ofNullable(storage).map(Storage::volume);
  }

  /** The object store that the lake's files lie in; empty: they lie on the volume. */
  public Optional<S3> s3() {
    return Optional.ofNullable(storage).map(Storage::s3);
  }

  /** The object store that older days are moved to; empty: they stay on the volume. */
  public Optional<S3> tierPlace() {
    return Optional.ofNullable(storage).map(Storage::tier).map(TierPlace::s3);
  }

  /** Name of the Secret that says where PostgreSQL is; empty: the catalog is a file. */
  public Optional<String> catalogSecret() {
    return Optional.ofNullable(catalog)
        .map(Catalog::postgres)
        .map(Postgres::secretRef)
        .map(LocalRef::name);
  }

  /** Where a geo database lies; empty: only the one inside is used. */
  public Optional<Geo> geoDatabase() {
    return Optional.ofNullable(geo);
  }

  public int flushMaxEvents() {
    return Optional.ofNullable(flush).map(Flush::maxEvents).orElse(Defaults.FLUSH_MAX_EVENTS);
  }

  public Duration flushInterval() {
    return Optional.ofNullable(flush)
        .map(Flush::interval)
        .map(Durations::parse)
        .orElse(Defaults.FLUSH_INTERVAL);
  }

  public Duration shutdownTimeout() {
    return Optional.ofNullable(flush)
        .map(Flush::shutdownTimeout)
        .map(Durations::parse)
        .orElse(Defaults.SHUTDOWN_TIMEOUT);
  }

  public String compactionSchedule() {
    return Optional.ofNullable(compaction)
        .map(Compaction::schedule)
        .orElse(Defaults.COMPACTION_SCHEDULE);
  }

  /** Size that merged files grow to, as a Kubernetes quantity. */
  public String targetFileSize() {
    return Optional.ofNullable(compaction)
        .map(Compaction::targetFileSize)
        .orElse(Defaults.TARGET_FILE_SIZE);
  }

  public boolean compactionSuspended() {
    return Optional.ofNullable(compaction).map(Compaction::suspend).orElse(false);
  }

  /** Days that past snapshots are kept. */
  public int snapshotsExpireAfterDays() {
    return Optional.ofNullable(snapshots)
        .map(Snapshots::expireAfterDays)
        .orElse(Defaults.SNAPSHOTS_EXPIRE_AFTER_DAYS);
  }

  public String backupSchedule() {
    return Optional.ofNullable(backup).map(Backup::schedule).orElse(Defaults.BACKUP_SCHEDULE);
  }

  public Optional<String> backupTimeZone() {
    return Optional.ofNullable(backup).map(Backup::timeZone);
  }

  /** Also when they have nowhere to go. */
  public boolean backupSuspended() {
    return backupDestination().isEmpty()
        || Optional.ofNullable(backup).map(Backup::suspend).orElse(false);
  }

  public Optional<BackupDestination> backupDestination() {
    return Optional.ofNullable(backup).map(Backup::destination);
  }

  /** AnalyticsBackups of ended runs that are kept. */
  public int backupHistoryLimit() {
    return Optional.ofNullable(backup)
        .map(Backup::historyLimit)
        .orElse(Defaults.BACKUP_HISTORY_LIMIT);
  }

  public int erasureDeadlineDays() {
    return Optional.ofNullable(erasure)
        .map(Erasure::deadlineDays)
        .orElse(Defaults.ERASURE_DEADLINE_DAYS);
  }

  public String erasureSchedule() {
    return Optional.ofNullable(erasure).map(Erasure::schedule).orElse(Defaults.ERASURE_SCHEDULE);
  }
}
