package dev.eider.runtime;

import dev.eider.runtime.config.RetentionSettings;
import dev.eider.runtime.config.SiteSettings;
import dev.eider.runtime.config.Sites;
import dev.eider.runtime.job.Verb;
import dev.eider.runtime.job.VerbException;
import dev.eider.runtime.lake.LakeException;
import dev.eider.runtime.lake.RetainPlan;
import dev.eider.runtime.lake.RetainReport;
import dev.eider.runtime.lake.Steps;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What the maintenance lane can do. */
final class Verbs {

  private final Storage storage;
  private final Sites sites;
  private final InstantSource clock;

  private Verbs(Storage storage, Sites sites, InstantSource clock) {
    this.storage = storage;
    this.sites = sites;
    this.clock = clock;
  }

  /** The verbs by name. */
  static Map<String, Verb> of(Storage storage, Sites sites, InstantSource clock) {
    Verbs verbs = new Verbs(storage, sites, clock);
    return Map.of(
        "flush", explained(run -> storage.flusher().flush()),
        "settle", explained(run -> storage.lake().settle(steps(run))),
        "compact", explained(run -> storage.lake().compact(steps(run))),
        "retain", explained(verbs::retain),
        "backup", notYet("backups"),
        "erase", notYet("erasures"));
  }

  private Object retain(Verb.Run run) throws VerbException {
    // Sites whose policy only counts are counted, whatever was asked for.
    RetainReport counted = retain(run, false, true);
    RetainReport enforced = retain(run, true, !run.execute());
    String guarded =
        enforced.sites().stream()
            .filter(site -> !site.guarded().isEmpty())
            .map(site -> site.siteId() + ": " + site.guarded())
            .collect(Collectors.joining("; "));
    if (!guarded.isEmpty()) {
      throw new VerbException("the guard stopped the removal of rows of " + guarded);
    }
    return counted.sites().isEmpty() ? enforced : Map.of("enforced", enforced, "counted", counted);
  }

  private RetainReport retain(Verb.Run run, boolean enforce, boolean dryRun) {
    return storage.lake().retain(new RetainPlan(plan(enforce), dryRun), steps(run));
  }

  private List<RetainPlan.Site> plan(boolean enforce) {
    return sites.all().stream()
        .filter(site -> site.retention().enforce() == enforce)
        .filter(site -> site.retention().known())
        .filter(site -> site.retention().rawEventsDays().isPresent())
        .map(this::plan)
        .toList();
  }

  private RetainPlan.Site plan(SiteSettings site) {
    RetentionSettings retention = site.retention();
    LocalDate today = LocalDate.ofInstant(clock.instant(), site.zone());
    // Today is not over yet, so it does not count as one of the whole days.
    LocalDate keepFrom = today.minusDays(retention.rawEventsDays().orElseThrow());
    return new RetainPlan.Site(site.siteId(), keepFrom, retention.maxDeletePercent(), false);
  }

  private static Steps steps(Verb.Run run) {
    return step -> {
      run.checkpoint();
      run.progress(step);
    };
  }

  /** What the lake says of a failure is said in sentences already. */
  private static Verb explained(Verb verb) {
    return run -> {
      try {
        return verb.run(run);
      } catch (LakeException e) {
        throw new VerbException(String.valueOf(e.getMessage()), e);
      }
    };
  }

  private static Verb notYet(String what) {
    return run -> {
      throw new VerbException(
          what + " are not in this version of Eider; nothing was copied and nothing removed");
    };
  }
}
