package dev.eider.operator.site;

import dev.eider.api.v1alpha1.BackupDestination;
import dev.eider.api.v1alpha1.RuntimeSpec;
import dev.eider.operator.schedule.CronSchedule;
import dev.eider.operator.schedule.TimeZones;
import dev.eider.operator.status.Reason;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Quantity;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Why a site cannot be followed until a person acts. Nothing of it is touched meanwhile.
 *
 * @param message what is wrong and what to do
 */
record SiteProblem(Reason reason, String message) {

  private static final ZonedDateTime ANY_TIME =
      ZonedDateTime.of(2026, 1, 1, 0, 0, 0, 0, ZoneOffset.UTC);

  /** The first problem of a site that the API server took. */
  static Optional<SiteProblem> of(SitePlan plan, Optional<PersistentVolumeClaim> claim) {
    return Stream.of(
            runtimeRef(plan),
            zone("spec.timeZone", plan.timeZone()),
            plan.runtime()
                .backupTimeZone()
                .flatMap(name -> zone("spec.runtime.backup.timeZone", name)),
            schedule("spec.runtime.compaction.schedule", plan.runtime().compactionSchedule()),
            schedule("spec.runtime.backup.schedule", plan.runtime().backupSchedule()),
            schedule("spec.runtime.erasure.schedule", plan.runtime().erasureSchedule()),
            resources(plan),
            ownVolume(plan),
            claim.flatMap(there -> otherSite(plan, there)))
        .flatMap(Optional::stream)
        .findFirst();
  }

  /**
   * The runtime understood the settings and said no.
   *
   * @param sentence what it said
   */
  static SiteProblem refused(String sentence) {
    return new SiteProblem(
        Reason.InvalidSpec,
        "%s: correct the spec; what was in force before stays so".formatted(sentence));
  }

  private static Optional<SiteProblem> runtimeRef(SitePlan plan) {
    return plan.spec().ownRuntime().isPresent()
        ? Optional.empty()
        : problem(
            Reason.RuntimeRefUnsupported,
            "this version of Eider has no shared runtimes: delete the site and create it with"
                + " spec.runtime (runtime: {} takes all defaults) instead of spec.runtimeRef");
  }

  private static Optional<SiteProblem> zone(String field, String name) {
    return TimeZones.find(name).isPresent()
        ? Optional.empty()
        : problem(
            Reason.UnknownTimeZone,
            "%s '%s' is not in the IANA database: write a name such as Europe/Berlin or UTC"
                .formatted(field, name));
  }

  private static Optional<SiteProblem> schedule(String field, String cron) {
    try {
      return CronSchedule.parse(cron).next(ANY_TIME).isPresent()
          ? Optional.empty()
          : problem(
              Reason.InvalidSchedule,
              "%s '%s' names a day that never comes: write another".formatted(field, cron));
    } catch (IllegalArgumentException e) {
      return problem(Reason.InvalidSchedule, field + ": " + e.getMessage());
    }
  }

  private static Optional<SiteProblem> resources(SitePlan plan) {
    Optional<RuntimeSpec.Resources> resources = Optional.ofNullable(plan.runtime().resources());
    return Stream.of(
            resources.map(RuntimeSpec.Resources::requests),
            resources.map(RuntimeSpec.Resources::limits))
        .flatMap(Optional::stream)
        .map(Map::entrySet)
        .flatMap(entries -> entries.stream())
        .filter(entry -> !isQuantity(entry.getValue()))
        .findFirst()
        .flatMap(
            entry ->
                problem(
                    Reason.InvalidResources,
                    "spec.runtime.resources: '%s' is no amount of %s: write one such as 500m or 1Gi"
                        .formatted(entry.getValue(), entry.getKey())));
  }

  private static boolean isQuantity(Quantity quantity) {
    try {
      CanonicalQuantity.of(quantity);
      return true;
    } catch (IllegalArgumentException | ArithmeticException e) {
      return false;
    }
  }

  /** What takes the volume would take its backups with it. */
  private static Optional<SiteProblem> ownVolume(SitePlan plan) {
    String own = Names.volumeClaim(plan.name());
    return plan.runtime()
        .backupDestination()
        .flatMap(BackupDestination::claim)
        .filter(own::equals)
        .flatMap(
            claim ->
                problem(
                    Reason.InvalidSpec,
                    "spec.runtime.backup.destination.volume: %s is the site's own claim, and backups on it would be lost with it: name another, or a bucket"
                        .formatted(own)));
  }

  /** Data is never inherited by name alone. */
  private static Optional<SiteProblem> otherSite(SitePlan plan, PersistentVolumeClaim claim) {
    return VolumeClaim.siteId(claim)
        .filter(siteId -> !siteId.equals(plan.spec().resolvedSiteId()))
        .flatMap(
            siteId ->
                problem(
                    Reason.VolumeOfAnotherSite,
                    "the claim %s holds the data of site '%s': delete this AnalyticsSite and create it with siteId: %s to have that data back, give this one another name, or delete the claim if its data may go"
                        .formatted(claim.getMetadata().getName(), siteId, siteId)));
  }

  private static Optional<SiteProblem> problem(Reason reason, String message) {
    return Optional.of(new SiteProblem(reason, message));
  }
}
