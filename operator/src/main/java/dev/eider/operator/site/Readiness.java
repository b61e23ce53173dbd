package dev.eider.operator.site;

import dev.eider.operator.site.Planner.PolicyInForce;
import dev.eider.operator.status.ConditionType;
import dev.eider.operator.status.Conditions;
import dev.eider.operator.status.Reason;
import java.util.Optional;

/**
 * Whether a site serves, what keeps it from that, and who has to act: Ready, Stalled, Reconciling.
 */
final class Readiness {

  private final SitePlan plan;
  private final Observed observed;
  private final References references;

  Readiness(SitePlan plan, Observed observed, References references) {
    this.plan = plan;
    this.observed = observed;
    this.references = references;
  }

  /** States them. */
  void state(Conditions conditions) {
    Optional<SiteProblem> stalled = problem();
    if (stalled.isPresent()) {
      SiteProblem problem = stalled.get();
      conditions
          .no(ConditionType.Ready, problem.reason(), problem.message())
          .yes(ConditionType.Stalled, problem.reason(), problem.message());
      return;
    }
    Optional<Hindrance> hindrance = hindrance();
    if (hindrance.isEmpty()) {
      serving(conditions);
      return;
    }
    Hindrance found = hindrance.get();
    conditions.no(ConditionType.Ready, found.reason(), found.message());
    if (found.passing()) {
      conditions.yes(ConditionType.Reconciling, found.reason(), found.message());
    }
  }

  /** A name that another site keeps is no reason not to serve under the others. */
  private void serving(Conditions conditions) {
    String serving =
        "serving %s at %s".formatted(String.join(", ", plan.spec().domains()), plan.url());
    if (observed.conflicts().isEmpty()) {
      conditions.yes(ConditionType.Ready, Reason.Serving, serving);
    } else {
      conditions.yes(
          ConditionType.Ready,
          Reason.NameTaken,
          "%s, but %s: take the name out of one of the sites"
              .formatted(serving, String.join("; ", observed.conflicts())));
    }
  }

  /** What a person has to act on: what was found before anything was applied, or said after. */
  private Optional<SiteProblem> problem() {
    return observed
        .problem()
        .or(this::restoreFailed)
        .or(
            () ->
                observed
                    .settingsTrouble()
                    .filter(RuntimeLink.Trouble::refused)
                    .map(trouble -> SiteProblem.refused(trouble.sentence())));
  }

  private Optional<SiteProblem> restoreFailed() {
    return observed
        .restore()
        .filter(run -> plan.restoration().isPresent() && !run.succeeded())
        .map(
            run ->
                new SiteProblem(
                    Reason.RestoreFailed,
                    "the site's backup could not be restored: %s. Nothing serves and nothing was lost; correct spec.restoreFrom, or delete the Job %s to try again (kubectl logs job/%s says more)"
                        .formatted(run.message(), run.job(), run.job())));
  }

  /** What keeps the site from being ready; {@code passing} when it is being worked on. */
  private record Hindrance(Reason reason, String message, boolean passing) {}

  private Optional<Hindrance> hindrance() {
    if (!observed.errors().isEmpty()) {
      return passing(Reason.ApplyFailed, String.join("; ", observed.errors()));
    }
    if (plan.runtime().stoppedNow()) {
      return Optional.of(
          new Hindrance(
              Reason.Stopped,
              "spec.runtime.stopped is true: no pod runs, the data stays",
              !observed.isRolledOut()));
    }
    Optional<GeoDatabase.Trouble> held = observed.geoTrouble().filter(GeoDatabase.Trouble::holds);
    if (held.isPresent()) {
      return passing(held.get().reason(), held.get().sentence());
    }
    if (plan.restoration().isPresent() && observed.referenceTroubles().isEmpty()) {
      return Optional.of(restoring(plan.restoration().get()));
    }
    if (!observed.isRolledOut()) {
      return Optional.of(rollout());
    }
    if (observed.settingsTrouble().isPresent()) {
      return passing(Reason.RuntimeUnreachable, observed.settingsTrouble().get().sentence());
    }
    if (observed.policy().source() == PolicyInForce.Source.MISSING) {
      return passing(Reason.PolicyNotFound, references.missingPolicy());
    }
    return Optional.empty();
  }

  private Hindrance restoring(Restoration restoration) {
    return restoration
        .source()
        .map(
            source ->
                new Hindrance(
                    Reason.Restoring,
                    "bringing %s of %s; nothing serves and no schedule runs before it is there"
                        .formatted(
                            source.backupId().map("backup "::concat).orElse("the newest backup"),
                            BackupPlaces.name(source.place(), source.folder())),
                    true))
        .orElseGet(() -> new Hindrance(Reason.BackupNotFound, restoration.trouble(), true));
  }

  private Hindrance rollout() {
    if (!observed.referenceTroubles().isEmpty()) {
      return new Hindrance(
          observed.referenceTroubles().getFirst().reason(), references.troubleSentences(), true);
    }
    if (observed.statefulSet().isEmpty()) {
      return new Hindrance(Reason.CreatingObjects, "the site's objects are being made", true);
    }
    Optional<String> trouble = observed.pod().flatMap(PodTrouble::of);
    if (trouble.isPresent()) {
      return new Hindrance(Reason.PodFailing, trouble.get(), true);
    }
    boolean bound =
        observed.claim().filter(claim -> VolumeClaim.phase(claim).equals("Bound")).isPresent();
    return bound
        ? new Hindrance(
            Reason.WaitingForPod,
            "waiting for pod %s to be ready".formatted(Names.pod(plan.name())),
            true)
        : new Hindrance(
            Reason.WaitingForVolume,
            "waiting for the claim %s to be bound".formatted(Names.volumeClaim(plan.name())),
            true);
  }

  private static Optional<Hindrance> passing(Reason reason, String message) {
    return Optional.of(new Hindrance(reason, message, true));
  }
}
