package dev.eider.operator.site;

import dev.eider.api.v1alpha1.AnalyticsSite;
import dev.eider.api.v1alpha1.RetentionPolicy;
import dev.eider.api.v1alpha1.RuntimeSpec;
import dev.eider.operator.config.OperatorConfig;
import dev.eider.operator.retention.PolicyProblem;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import java.util.Optional;

/** Makes a site's plan from what the caches hold. */
final class Planner {

  private final OperatorConfig config;

  Planner(OperatorConfig config) {
    this.config = config;
  }

  SitePlan plan(AnalyticsSite site, Context<AnalyticsSite> context) {
    Optional<Restoration> restoration = RestoreLookup.of(site, context);
    return new SitePlan(
        site,
        PolicyInForce.of(site, context).policy(),
        config,
        restoration,
        ownLakeId(site, restoration.isPresent(), claim(site, context)));
  }

  private static Optional<PersistentVolumeClaim> claim(
      AnalyticsSite site, Context<AnalyticsSite> context) {
    return context
        .getSecondaryResourcesAsStream(PersistentVolumeClaim.class)
        .filter(
            claim ->
                claim
                    .getMetadata()
                    .getName()
                    .equals(Names.volumeClaim(site.getMetadata().getName())))
        .findFirst();
  }

  /**
   * What a claim says holds for as long as it is there. A restored lake gets a name of its own,
   * since the lake that a deleted site of the same name left in a bucket or a database stays there.
   */
  static Optional<String> ownLakeId(
      AnalyticsSite site, boolean restoring, Optional<PersistentVolumeClaim> claim) {
    if (claim.isPresent()) {
      return VolumeClaim.lakeId(claim.get());
    }
    RuntimeSpec runtime = site.getSpec().ownRuntime().orElseGet(RuntimeSpec::defaults);
    boolean elsewhere = runtime.s3().isPresent() || runtime.catalogSecret().isPresent();
    return restoring && elsewhere
        ? Optional.of(
            "%s.%s.%s"
                .formatted(
                    site.getMetadata().getNamespace(),
                    site.getMetadata().getName(),
                    site.getMetadata().getUid().substring(0, 8)))
        : Optional.empty();
  }

  /**
   * The policy that holds and where it comes from. A policy that is gone or wrong leaves the last
   * known one in force: forgetting it would mean to keep for ever what was promised to go.
   */
  record PolicyInForce(Optional<RetentionPolicy> policy, Source source, String problem) {

    enum Source {
      NONE_WANTED,
      FOUND,
      LAST_KNOWN,
      MISSING
    }

    static PolicyInForce of(AnalyticsSite site, Context<AnalyticsSite> context) {
      Optional<String> wanted = site.getSpec().retentionPolicyName();
      if (wanted.isEmpty()) {
        return new PolicyInForce(Optional.empty(), Source.NONE_WANTED, "");
      }
      String name = wanted.get();
      Optional<RetentionPolicy> found =
          context
              .getSecondaryResourcesAsStream(RetentionPolicy.class)
              .filter(policy -> policy.getMetadata().getName().equals(name))
              .findFirst();
      Optional<PolicyProblem> wrong = found.flatMap(policy -> PolicyProblem.of(policy.getSpec()));
      if (found.isPresent() && wrong.isEmpty()) {
        return new PolicyInForce(found, Source.FOUND, "");
      }
      String problem =
          wrong.isPresent()
              ? "RetentionPolicy %s cannot be followed: %s".formatted(name, wrong.get().message())
              : "there is no RetentionPolicy %s in this namespace".formatted(name);
      Optional<RetentionPolicy> lastKnown =
          context
              .getSecondaryResourcesAsStream(ConfigMap.class)
              .filter(
                  map ->
                      map.getMetadata()
                          .getName()
                          .equals(Names.configMap(site.getMetadata().getName())))
              .findFirst()
              .flatMap(SiteConfigMap::policyIn)
              .filter(policy -> policy.getMetadata().getName().equals(name));
      return new PolicyInForce(
          lastKnown, lastKnown.isPresent() ? Source.LAST_KNOWN : Source.MISSING, problem);
    }
  }
}
