package dev.eider.runtime;

import static java.util.Map.entry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.eider.runtime.archive.FromArchive;
import dev.eider.runtime.backup.BackupRun;
import dev.eider.runtime.config.RetentionSettings;
import dev.eider.runtime.config.SiteSettings;
import dev.eider.runtime.config.Sites;
import dev.eider.runtime.erasure.ErasureOrder;
import dev.eider.runtime.erasure.ErasureRun;
import dev.eider.runtime.job.JobJson;
import dev.eider.runtime.job.NotFoundException;
import dev.eider.runtime.job.Verb;
import dev.eider.runtime.job.VerbException;
import dev.eider.runtime.lake.BroughtBack;
import dev.eider.runtime.lake.ErasureSubject;
import dev.eider.runtime.lake.Flusher;
import dev.eider.runtime.lake.LakeException;
import dev.eider.runtime.lake.LakeFigures;
import dev.eider.runtime.lake.RetainPlan;
import dev.eider.runtime.lake.RetainReport;
import dev.eider.runtime.lake.RollUpCheck;
import dev.eider.runtime.lake.Snapshot;
import dev.eider.runtime.lake.Steps;
import dev.eider.runtime.lake.TierPlan;
import dev.eider.runtime.lake.TierReport;
import dev.eider.runtime.lake.UnreadableFile;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** What the maintenance lane can do. */
final class Verbs {

  private final Storage storage;
  private final Sites sites;
  private final BackupRun backup;
  private final ErasureRun erasure;
  private final ArchiveOfSites archive;
  private final AuditOfSites audit;
  private final InstantSource clock;

  private Verbs(
      Storage storage,
      Sites sites,
      BackupRun backup,
      ErasureRun erasure,
      ArchiveOfSites archive,
      AuditOfSites audit,
      InstantSource clock) {
    this.storage = storage;
    this.sites = sites;
    this.backup = backup;
    this.erasure = erasure;
    this.archive = archive;
    this.audit = audit;
    this.clock = clock;
  }

  /** The verbs by name. */
  static Map<String, Verb> of(
      Storage storage,
      Sites sites,
      BackupRun backup,
      ErasureRun erasure,
      ArchiveOfSites archive,
      AuditOfSites audit,
      InstantSource clock) {
    Verbs verbs = new Verbs(storage, sites, backup, erasure, archive, audit, clock);
    return Map.ofEntries(
        entry("flush", verbs.explained(run -> storage.flusher().flush())),
        entry(
            "rollup",
            Verb.taking(
                List.of(new Verb.Parameter("delete_after_rollup", 0, 1, 0)),
                verbs.explained(verbs::rollup))),
        entry("settle", verbs.explained(run -> storage.lake().settle(steps(run)))),
        entry("compact", verbs.explained(run -> storage.lake().compact(steps(run)))),
        entry(
            "expire",
            Verb.taking(
                List.of(new Verb.Parameter("older_than_days", 1, 3650, 90)),
                verbs.explained(
                    audit.verb(
                        "expire",
                        run ->
                            storage
                                .lake()
                                .expire(
                                    run.parameter("older_than_days"),
                                    !run.execute(),
                                    steps(run)))))),
        entry(
            "cleanup",
            Verb.taking(
                List.of(new Verb.Parameter("older_than_hours", 1, 8760, 168)),
                verbs.explained(
                    audit.verb(
                        "cleanup",
                        run ->
                            storage
                                .lake()
                                .cleanup(
                                    run.parameter("older_than_hours"),
                                    !run.execute(),
                                    steps(run)))))),
        entry(
            "snapshots",
            Verb.reading(
                Verb.taking(
                    List.of(new Verb.Parameter("limit", 1, 10_000, 100)),
                    verbs.explained(verbs::snapshots)))),
        entry("catalog-copy", Verb.reading(verbs.explained(run -> storage.lake().copyCatalog()))),
        entry("info", Verb.reading(verbs.explained(run -> verbs.info()))),
        entry("verify-rollups", Verb.reading(verbs.explained(verbs::verifyRollups))),
        entry(
            "retain",
            Verb.taking(
                List.of(new Verb.Parameter("release_guard", 0, 1, 0)),
                verbs.explained(audit.verb("retain", verbs::retain)))),
        entry("tier", verbs.explained(audit.verb("tier", verbs::tier))),
        entry(
            "archive-restore",
            Verb.of(
                given -> Optional.of(verbs.named(given)),
                Verb.taking(
                    List.of(
                        new Verb.Parameter("first_day", 0, 99991231, 0),
                        new Verb.Parameter("last_day", 0, 99991231, 99991231),
                        new Verb.Parameter("hold_days", 1, 3650, 30)),
                    verbs.explained(
                        audit.verb("archive-restore", Verbs::concerned, verbs::bringBack))))),
        entry("backup", verbs.explained(audit.verb("backup", verbs::backUp))),
        entry(
            "erase",
            Verb.of(
                given ->
                    given.isMissingNode() || given.isNull()
                        ? Optional.empty()
                        : Optional.of(verbs.order(given)),
                verbs.explained(audit.verb("erase", Verbs::concerned, verbs::erase)))));
  }

  /** The sites that a run was asked for. */
  private static List<String> concerned(Verb.Run run) {
    return switch (run.subject().orElse("")) {
      case ErasureOrder order ->
          order.subject().sites().stream().map(ErasureSubject.Site::siteId).toList();
      case Named named -> named.siteIds();
      default -> List.of();
    };
  }

  /** What the maintenance API calls a rollup: from the journal's segments to the lake. */
  private Rollup rollup(Verb.Run run) {
    int before = storage.journal().state().segments();
    Flusher.Released released = storage.flusher().flush(run.parameter("delete_after_rollup") == 1);
    long rows = released.flush().rows();
    return new Rollup(
        rows == 0 ? 0 : before,
        rows,
        released.segments(),
        storage.journal().recovery().quarantined().stream()
            .map(
                part ->
                    "Failed to read %d bytes at %d of %s: %s; they are kept in %s"
                        .formatted(
                            part.length(),
                            part.offset(),
                            part.segment().getFileName(),
                            part.reason(),
                            part.copy().getFileName()))
            .toList(),
        clock.instant());
  }

  /** What a rollup did, in the maintenance API's words. */
  @JsonNaming(SnakeCaseStrategy.class)
  record Rollup(
      int segmentsProcessed,
      long logsInserted,
      int segmentsDeleted,
      List<String> errors,
      Instant timestamp) {}

  private Map<String, Object> snapshots(Verb.Run run) {
    // Newest first, as a person looks for them.
    List<Snapshot> newest =
        storage.lake().snapshots().reversed().stream().limit(run.parameter("limit")).toList();
    return inOrder("snapshots", newest, "count", newest.size());
  }

  private Map<String, Object> info() {
    LakeFigures.Table events = storage.lake().figures().events();
    return inOrder(
        "table",
        "events",
        "info",
        inOrder(
            "table_name",
            "events",
            "file_count",
            events.files(),
            "total_size_bytes",
            events.bytes(),
            "row_count",
            events.rows()));
  }

  private static Map<String, Object> inOrder(Object... namesAndValues) {
    Map<String, Object> map = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      map.put((String) namesAndValues[i], namesAndValues[i + 1]);
    }
    return map;
  }

  private Object verifyRollups(Verb.Run run) throws VerbException {
    if (sites.all().isEmpty()) {
      throw new VerbException(
          "no site is known, so there is nothing to compare; say where their YAML is: --sites DIR");
    }
    RollUpCheck.Result result = storage.lake().checkRollups(steps(run));
    if (result.differing() > 0) {
      throw new VerbException(
          "%d sums of days differ from what their rows come to; please report this. Among them are those of %s"
              .formatted(
                  result.differing(),
                  result.differences().stream()
                      .map(
                          // Not their values: a page's name may tell who somebody is.
                          each ->
                              "%s on %s by %s"
                                  .formatted(
                                      each.siteId(),
                                      each.date(),
                                      each.dimension().isEmpty() ? "nothing" : each.dimension()))
                      .distinct()
                      .limit(10)
                      .collect(Collectors.joining(", "))));
    }
    return result;
  }

  private Object retain(Verb.Run run) throws Exception {
    if (run.execute()) {
      // What has come late of days that go now must be in their sums: no later one changes these.
      run.progress("flush");
      storage.flusher().flush();
    }
    // Sites whose policy only counts are counted, whatever was asked for.
    boolean release = run.parameter("release_guard") == 1;
    RetainReport enforced = retain(run, plan(true, release), !run.execute());
    if (run.execute() && enforced.archivedRows() > 0) {
      erasure.thereIsAnArchive();
    }
    audit.retained(run.id(), enforced);
    long entries = run.execute() ? audit.prune() : 0;
    // After it, since it settles what both look at.
    RetainReport counted = retain(run, plan(false, release), true);
    // What has just gone need not be moved; what the guard stopped may be. A lake without a bucket
    // is said to be one, and its rows go when they are to go all the same.
    Optional<TierReport> tiered = tierAfter(enforced, run);
    String others = enforced.hasGone() ? ". Of the other sites " + enforced.message() : "";
    String guarded =
        enforced.sites().stream()
            .filter(site -> !site.guarded().isEmpty())
            .map(site -> site.siteId() + ": " + site.guarded())
            .collect(Collectors.joining("; "));
    if (run.execute() && !guarded.isEmpty()) {
      throw new VerbException(
          "the guard stopped the removal of rows of %s by eider retain --execute --release-guard%s"
              .formatted(guarded, others));
    }
    String failed =
        enforced.sites().stream()
            .filter(site -> !site.failed().isEmpty())
            .map(site -> site.siteId() + ": " + site.failed())
            .collect(Collectors.joining("; "));
    if (!failed.isEmpty()) {
      throw new VerbException(
          "nothing was removed of sites whose rows could not be archived: " + failed + others);
    }
    String message = message(enforced, counted);
    Object result =
        counted.sites().isEmpty()
            ? enforced
            : inOrder("message", message, "enforced", enforced, "counted", counted);
    if (tiered.isPresent()) {
      message += "; " + tiered.get().message();
      result = withMessage(JobJson.with(result, "tiered", tiered.get()), message);
    }
    if (entries > 0) {
      message += "; entries of the audit log that are gone: " + entries;
      result = withMessage(JobJson.with(result, "audit_entries", entries), message);
    }
    return result;
  }

  private static String message(RetainReport enforced, RetainReport counted) {
    if (counted.sites().isEmpty()) {
      return enforced.message();
    }
    String only = "of sites whose policy only counts " + counted.message();
    return enforced.sites().isEmpty() ? only : enforced.message() + "; " + only;
  }

  private Optional<TierReport> tierAfter(RetainReport retained, Verb.Run run) throws VerbException {
    try {
      return tierIfWanted(run);
    } catch (LakeException e) {
      throw new VerbException(
          "days could not be moved to the bucket: %s. Before that, of what was past its days: %s"
              .formatted(e.getMessage(), retained.message()),
          e);
    }
  }

  private static ObjectNode withMessage(ObjectNode result, String message) {
    return result.put("message", message);
  }

  private Object tier(Verb.Run run) throws VerbException {
    TierReport report =
        tierIfWanted(run)
            .orElseThrow(
                () ->
                    new VerbException(
                        "no site has a RetentionPolicy with spec.tiers, so no day is to be moved"));
    if (report.lacksBucket()) {
      throw new VerbException(report.message());
    }
    return report;
  }

  /** Sites whose policy only counts are counted, whatever was asked for. */
  private Optional<TierReport> tierIfWanted(Verb.Run run) {
    List<TierPlan.Site> enforced = tiers(true);
    List<TierPlan.Site> counted = tiers(false);
    if (enforced.isEmpty() && counted.isEmpty()) {
      return Optional.empty();
    }
    TierReport dry = storage.lake().tier(new TierPlan(counted, true), steps(run));
    TierReport done = storage.lake().tier(new TierPlan(enforced, !run.execute()), steps(run));
    return Optional.of(done.and(dry));
  }

  private List<TierPlan.Site> tiers(boolean enforce) {
    return sites.all().stream()
        .filter(site -> site.retention().enforce() == enforce && site.retention().known())
        .flatMap(site -> tier(site).stream())
        .toList();
  }

  private Optional<TierPlan.Site> tier(SiteSettings site) {
    LocalDate today = LocalDate.ofInstant(clock.instant(), site.zone());
    return site.retention()
        .tier()
        .map(
            tier ->
                new TierPlan.Site(
                    site.siteId(), today.minusDays(tier.afterDays()), tier.storageClass()));
  }

  private RetainReport retain(Verb.Run run, List<RetainPlan.Site> plan, boolean dryRun) {
    return storage.lake().retain(new RetainPlan(plan, dryRun), steps(run));
  }

  private List<RetainPlan.Site> plan(boolean enforce, boolean release) {
    return sites.all().stream()
        .filter(site -> site.retention().enforce() == enforce)
        .filter(site -> site.retention().known())
        .filter(site -> site.retention().rawEventsDays().isPresent())
        .map(site -> plan(site, release))
        .toList();
  }

  private RetainPlan.Site plan(SiteSettings site, boolean release) {
    RetentionSettings retention = site.retention();
    LocalDate today = LocalDate.ofInstant(clock.instant(), site.zone());
    // Today is not over yet, so it does not count as one of the whole days.
    int raw = retention.rawEventsDays().orElseThrow();
    return new RetainPlan.Site(
        site.siteId(),
        today.minusDays(raw),
        today.minusDays(retention.sessionsDays().orElse(raw)),
        retention.hoursDays().stream().mapToObj(today::minusDays).findFirst(),
        retention.rollupsDays().stream().mapToObj(today::minusDays).findFirst(),
        retention.maxDeletePercent(),
        release,
        archive.of(site));
  }

  /** Sites that are asked about. */
  private record Named(List<String> siteIds) {}

  /** The sites that a subject names; all where it names none. */
  private Named named(JsonNode subject) {
    List<String> named = new ArrayList<>();
    for (JsonNode site : subject.path("sites")) {
      named.add(
          sites
              .named(site.asText())
              .orElseThrow(
                  () ->
                      new NotFoundException(
                          "no site has the id or the domain '%s'".formatted(site.asText())))
              .siteId());
    }
    return new Named(
        named.isEmpty()
            ? sites.all().stream().map(SiteSettings::siteId).toList()
            : named.stream().distinct().toList());
  }

  private Object bringBack(Verb.Run run) throws Exception {
    FromArchive from =
        archive
            .restoring(storage.settings().data().resolve("tmp").resolve("archive"))
            .orElseThrow(
                () ->
                    new VerbException(
                        "this runtime has no archive: give its sites a RetentionPolicy with"
                            + " spec.archive or, with no cluster, start it with --archive-to"));
    Instant until = clock.instant().plus(Duration.ofDays(run.parameter("hold_days")));
    List<BroughtBack> sitesBack = new ArrayList<>();
    try {
      LocalDate first = day(run.parameter("first_day"), LocalDate.MIN);
      LocalDate last = day(run.parameter("last_day"), LocalDate.MAX);
      if (first.isAfter(last)) {
        throw new VerbException("the first day, %s, is after the last, %s".formatted(first, last));
      }
      for (String siteId : ((Named) run.subject().orElseThrow()).siteIds()) {
        sitesBack.add(
            from.run(storage.lake(), siteId, first, last, until, run.execute(), steps(run)));
      }
    } catch (IOException e) {
      throw new VerbException(String.valueOf(e.getMessage()), e);
    }
    return inOrder(
        "dry_run",
        !run.execute(),
        "days",
        sitesBack.stream().mapToLong(BroughtBack::days).sum(),
        "rows",
        sitesBack.stream().mapToLong(BroughtBack::rows).sum(),
        "held_until",
        until,
        "sites",
        sitesBack);
  }

  /** Jobs take numbers: 20260131. */
  private static LocalDate day(long number, LocalDate otherwise) throws VerbException {
    if (number == 0 || number == 99991231) {
      return otherwise;
    }
    try {
      return LocalDate.parse(Long.toString(number), DateTimeFormatter.BASIC_ISO_DATE);
    } catch (DateTimeException e) {
      throw new VerbException("%d is no day; write one as 20260131".formatted(number), e);
    }
  }

  private Object backUp(Verb.Run run) throws Exception {
    try {
      Object report = backup.run(storage.lake(), () -> storage.flusher().flush(), steps(run));
      erasure.thereAreBackups();
      return report;
    } catch (IOException e) {
      throw new VerbException(String.valueOf(e.getMessage()), e);
    }
  }

  private ErasureOrder order(JsonNode given) {
    ErasureOrder order = ErasureOrder.of(given, sites);
    erasure.requireKnown(storage.lake(), order);
    return order;
  }

  /** With a subject its rows; with none what the ledger has and is not done, or has come back. */
  private Object erase(Verb.Run run) throws Exception {
    ErasureRun.Target target =
        new ErasureRun.Target(storage.journal(), storage.flusher(), storage.lake());
    try {
      if (run.subject().isEmpty()) {
        return erasure.replay(target, run.execute(), steps(run));
      }
      ErasureOrder order = (ErasureOrder) run.subject().get();
      return run.execute()
          ? erasure.erase(target, order.name().orElse(run.id()), order, steps(run))
          : erasure.count(target, order, steps(run));
    } catch (IOException e) {
      throw new VerbException(String.valueOf(e.getMessage()), e);
    }
  }

  private static Steps steps(Verb.Run run) {
    return step -> {
      run.checkpoint();
      run.progress(step);
    };
  }

  /**
   * What the lake says of a failure is said in sentences already. A result also names the files
   * that the verb had to leave out.
   */
  private Verb explained(Verb verb) {
    return run -> {
      try {
        Object result = verb.run(run);
        List<UnreadableFile> left = storage.lake().unreadable();
        return left.isEmpty() ? result : JobJson.with(result, "unreadable", left);
      } catch (LakeException e) {
        throw new VerbException(String.valueOf(e.getMessage()), e);
      }
    };
  }
}
