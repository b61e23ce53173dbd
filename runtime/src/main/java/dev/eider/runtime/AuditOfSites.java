package dev.eider.runtime;

import com.fasterxml.jackson.databind.JsonNode;
import dev.eider.runtime.audit.AuditEntry;
import dev.eider.runtime.audit.AuditLog;
import dev.eider.runtime.backup.BackupReport;
import dev.eider.runtime.config.SiteSettings;
import dev.eider.runtime.config.Sites;
import dev.eider.runtime.erasure.ErasureCount;
import dev.eider.runtime.erasure.ErasureRun;
import dev.eider.runtime.erasure.Receipt;
import dev.eider.runtime.job.CancelledException;
import dev.eider.runtime.job.Verb;
import dev.eider.runtime.job.VerbException;
import dev.eider.runtime.lake.CleanupReport;
import dev.eider.runtime.lake.ExpireReport;
import dev.eider.runtime.lake.RetainReport;
import dev.eider.runtime.lake.TierReport;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;

/** Writes down what verbs do, and takes out what is past its sites' days. */
final class AuditOfSites {

  /**
   * What is told of also where nothing is removed: a copy of all, and a look at whether somebody is
   * there.
   */
  private static final Set<String> ALWAYS = Set.of("backup", "erase");

  private final AuditLog log;
  private final Sites sites;
  private final InstantSource clock;
  private final String who;

  /**
   * @param who asks for verbs
   */
  AuditOfSites(AuditLog log, Sites sites, InstantSource clock, String who) {
    this.log = log;
    this.sites = sites;
    this.clock = clock;
    this.who = who;
  }

  /** Which sites a run of a verb is about; none: the runtime as a whole. */
  @FunctionalInterface
  interface Concerned {
    List<String> by(Verb.Run run);
  }

  /** The same verb, of which it is written down what it did to the runtime as a whole. */
  Verb verb(String action, Verb verb) {
    return verb(action, run -> List.of(), verb);
  }

  /** The same verb, of which it is written down what it did to whom. */
  Verb verb(String action, Concerned concerned, Verb verb) {
    return run -> {
      if (!run.execute() && !ALWAYS.contains(action)) {
        return verb.run(run);
      }
      try {
        Object result = verb.run(run);
        String outcome = result instanceof ErasureCount ? "counted" : "done";
        add(action, concerned.by(run), run.id(), outcome, detail(result));
        return result;
      } catch (CancelledException e) {
        add(action, concerned.by(run), run.id(), "cancelled", "");
        throw e;
      } catch (Exception e) {
        add(action, concerned.by(run), run.id(), "failed", String.valueOf(e.getMessage()));
        throw e;
      }
    };
  }

  private void add(String action, List<String> siteIds, String id, String outcome, String detail) {
    for (String siteId : siteIds.isEmpty() ? List.of("") : siteIds) {
      log.add(new AuditEntry(clock.instant(), who, action, siteId, id, outcome, detail));
    }
  }

  /** Writes down what retention took of each site. */
  void retained(String id, RetainReport report) {
    if (report.dryRun()) {
      return;
    }
    for (RetainReport.Site site : report.sites()) {
      if (site.went()) {
        add("retain", List.of(site.siteId()), id, "done", report.sentence(site));
      }
    }
  }

  private static String detail(Object result) {
    return switch (result) {
      case Receipt receipt ->
          "%d events and %d sessions of the lake, %d events of the archive; %d backups made anew, %d deleted; receipt %s"
              .formatted(
                  receipt.events(),
                  receipt.sessions(),
                  receipt.archivedEvents(),
                  receipt.backupsRewritten(),
                  receipt.backupsDeleted(),
                  receipt.sha256());
      case ErasureCount count ->
          "%d events and %d sessions of the lake, %d events of the archive"
              .formatted(count.events(), count.sessions(), count.archivedEvents());
      case BackupReport backup ->
          "backup %s with %d rows of %d sites in %s, verified: %s; removed %d"
              .formatted(
                  backup.id(),
                  backup.rows(),
                  backup.sites(),
                  backup.destination(),
                  backup.verified(),
                  backup.removed().size());
      case ErasureRun.Replayed replayed ->
          "%d erasures of before finished, %d done again"
              .formatted(replayed.finished().size(), replayed.again());
      case RetainReport retained -> retained.message();
      case JsonNode withMessage -> withMessage.path("message").asText();
      case Map<?, ?> more when more.containsKey("message") -> String.valueOf(more.get("message"));
      case Map<?, ?> back when back.containsKey("held_until") ->
          "%s rows of %s days, which stay until %s"
              .formatted(back.get("rows"), back.get("days"), back.get("held_until"));
      case TierReport tiered -> tiered.message();
      case ExpireReport expired -> "%d snapshots".formatted(expired.expiredCount());
      case CleanupReport cleaned -> "%d files".formatted(cleaned.filesCleaned());
      default -> "";
    };
  }

  /**
   * Takes out the entries that are past their days: of a site those that its policy says, of the
   * runtime as a whole, and of sites that are not declared here, those that no site keeps.
   *
   * @return how many
   * @throws VerbException when the log cannot be read or written
   */
  long prune() throws VerbException {
    Instant now = clock.instant();
    Map<String, Instant> keptFrom = new HashMap<>();
    Instant others = now;
    for (SiteSettings site : sites.all()) {
      Instant from = keptFrom(site, now);
      keptFrom.put(site.siteId(), from);
      others = from.isBefore(others) ? from : others;
    }
    Instant keptOfOthers = sites.all().isEmpty() ? Instant.MIN : others;
    try {
      return log.remove(
          entry -> entry.at().isBefore(keptFrom.getOrDefault(entry.siteId(), keptOfOthers)));
    } catch (IOException e) {
      throw new VerbException(
          "entries of the audit log that are past their days could not be removed: "
              + e.getMessage(),
          e);
    }
  }

  private static Instant keptFrom(SiteSettings site, Instant now) {
    OptionalInt days = site.retention().auditLogDays();
    if (days.isEmpty() || !site.retention().enforce() || !site.retention().known()) {
      return Instant.MIN;
    }
    return LocalDate.ofInstant(now, site.zone())
        .minusDays(days.getAsInt())
        .atStartOfDay(site.zone())
        .toInstant();
  }
}
