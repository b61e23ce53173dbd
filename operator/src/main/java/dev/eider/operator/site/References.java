package dev.eider.operator.site;

import dev.eider.api.v1alpha1.AnalyticsSiteStatus;
import dev.eider.api.v1alpha1.RetentionPolicy;
import dev.eider.operator.retention.Sentences;
import dev.eider.operator.site.Planner.PolicyInForce;
import dev.eider.operator.status.ConditionType;
import dev.eider.operator.status.Conditions;
import dev.eider.operator.status.Reason;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Whether all that a site names is there: ReferencesResolved. */
final class References {

  private final SitePlan plan;
  private final Observed observed;

  References(SitePlan plan, Observed observed) {
    this.plan = plan;
    this.observed = observed;
  }

  /** States it. */
  void state(Conditions conditions) {
    PolicyInForce policy = observed.policy();
    if (!observed.referenceTroubles().isEmpty()) {
      conditions.no(
          ConditionType.ReferencesResolved,
          observed.referenceTroubles().getFirst().reason(),
          observed.isServing()
              ? troubleSentences() + "; the pod that serves keeps what it had"
              : troubleSentences());
      return;
    }
    Optional<String> noBackup =
        plan.restoration().map(Restoration::trouble).filter(trouble -> !trouble.isEmpty());
    if (noBackup.isPresent()) {
      conditions.no(ConditionType.ReferencesResolved, Reason.BackupNotFound, noBackup.get());
      return;
    }
    if (isTooLateToRestore()) {
      conditions.no(
          ConditionType.ReferencesResolved,
          Reason.RestoreTooLate,
          "spec.restoreFrom: the site has begun without it, and nothing is restored to it any more: delete the site and its claim %s and create it with restoreFrom, or remove that"
              .formatted(Names.volumeClaim(plan.name())));
      return;
    }
    if (observed.geoTrouble().isPresent()) {
      conditions.no(
          ConditionType.ReferencesResolved,
          observed.geoTrouble().get().reason(),
          observed.geoTrouble().get().sentence());
      return;
    }
    if (policy.source() == PolicyInForce.Source.FOUND && plan.lacksTierPlace()) {
      conditions.no(
          ConditionType.ReferencesResolved,
          Reason.TierPlaceMissing,
          "RetentionPolicy %s moves older days to a bucket, and the site names none, so they stay on the volume until they are removed: give it spec.runtime.storage.tier.s3"
              .formatted(policyName()));
      return;
    }
    switch (policy.source()) {
      case NONE_WANTED ->
          conditions.yes(
              ConditionType.ReferencesResolved,
              Reason.Resolved,
              others().isEmpty() ? "the site refers to nothing" : others());
      case FOUND ->
          conditions.yes(
              ConditionType.ReferencesResolved,
              Reason.Resolved,
              "RetentionPolicy %s is in force%s"
                  .formatted(policyName(), others().isEmpty() ? "" : "; " + others()));
      case LAST_KNOWN ->
          conditions.no(
              ConditionType.ReferencesResolved,
              Reason.LastKnownPolicy,
              "%s; the last known one stays in force (%s): bring it back, or remove spec.retentionPolicyRef"
                  .formatted(policy.problem(), days()));
      case MISSING ->
          conditions.no(ConditionType.ReferencesResolved, Reason.PolicyNotFound, missingPolicy());
    }
  }

  private boolean isTooLateToRestore() {
    return plan.spec().restoreSource().isPresent()
        && plan.restoration().isEmpty()
        && observed.restore().isEmpty()
        && Optional.ofNullable(plan.site().getStatus())
            .map(AnalyticsSiteStatus::restored)
            .isEmpty();
  }

  /** What is wrong with Secrets and claims that the site names. */
  String troubleSentences() {
    return observed.referenceTroubles().stream()
        .map(ReferenceTrouble::sentence)
        .collect(Collectors.joining("; "));
  }

  /** What the site names beside a policy, all of it there; empty: nothing. */
  private String others() {
    List<String> secrets = SecretRef.of(plan).stream().map(SecretRef::name).distinct().toList();
    List<String> claims = ClaimRef.of(plan).stream().map(ClaimRef::name).distinct().toList();
    return Stream.of(
            secrets.isEmpty()
                ? ""
                : "all Secrets that the site names are there: " + String.join(", ", secrets),
            claims.isEmpty()
                ? ""
                : "all claims that the site names are there: " + String.join(", ", claims),
            GeoDatabase.of(plan)
                .map(geo -> "the geo database lies in " + geo.described())
                .orElse(""))
        .filter(sentence -> !sentence.isEmpty())
        .collect(Collectors.joining("; "));
  }

  /** What is said where a policy is gone and none was known before. */
  String missingPolicy() {
    return "%s and none was known before, so nothing is removed: create it, or remove spec.retentionPolicyRef"
        .formatted(observed.policy().problem());
  }

  private String policyName() {
    return plan.policy().map(found -> found.getMetadata().getName()).orElse("");
  }

  private String days() {
    return plan.policy()
        .map(RetentionPolicy::getSpec)
        .map(Sentences::of)
        .orElse("raw events are kept for ever");
  }
}
