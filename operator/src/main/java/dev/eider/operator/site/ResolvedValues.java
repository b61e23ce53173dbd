package dev.eider.operator.site;

import dev.eider.api.v1alpha1.AnalyticsSiteSpec;
import dev.eider.api.v1alpha1.AnalyticsSiteStatus;
import dev.eider.api.v1alpha1.Privacy;
import dev.eider.api.v1alpha1.RetentionPolicy;
import dev.eider.api.v1alpha1.RetentionPolicySpec;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import java.util.Optional;

/** Defaults and values in force, as status shows them: nobody has to know the defaults. */
final class ResolvedValues {

  private ResolvedValues() {}

  static AnalyticsSiteStatus.Resolved of(SitePlan plan, Optional<PersistentVolumeClaim> claim) {
    AnalyticsSiteSpec spec = plan.spec();
    Privacy privacy = spec.resolvedPrivacy();
    Optional<RetentionPolicySpec> policy = plan.policy().map(RetentionPolicy::getSpec);
    return new AnalyticsSiteStatus.Resolved(
        spec.resolvedSiteId(),
        plan.timeZone(),
        spec.currencyCode().orElse(null),
        privacy.mode(),
        privacy.identity(),
        privacy.geo(),
        privacy.roundTimestamps(),
        spec.resolvedSampleRate(),
        spec.resolvedRateLimit().orElse(null),
        plan.image(),
        claim
            .map(there -> VolumeClaim.requested(there).toString())
            .orElse(plan.runtime().volumeSize()),
        plan.dataPlace(),
        plan.catalogPlace(),
        plan.policy().map(found -> found.getMetadata().getName()).orElse(null),
        policy.flatMap(RetentionPolicySpec::rawDays).orElse(null),
        policy.flatMap(RetentionPolicySpec::resolvedSessionsDays).orElse(null),
        policy.flatMap(RetentionPolicySpec::resolvedHoursDays).orElse(null),
        policy.flatMap(RetentionPolicySpec::rollupsDays).orElse(null),
        policy.flatMap(RetentionPolicySpec::auditDays).orElse(null),
        policy.map(found -> found.resolvedMode().name()).orElse(null),
        spec.resolvedDeletionPolicy());
  }
}
