package dev.eider.operator.site;

import dev.eider.api.v1alpha1.AnalyticsSite;
import dev.eider.api.v1alpha1.RetentionPolicy;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The runtime's copy of the site and of its policy, as manifests: what a pod starts from when the
 * operator is not there, and where the last known policy is kept.
 */
final class SiteConfigMap {

  static final String POLICY_FILE = "policy.yaml";

  private SiteConfigMap() {}

  static ConfigMap desired(SitePlan plan) {
    Map<String, String> files = new TreeMap<>();
    files.put(plan.name() + ".yaml", Serialization.asYaml(manifest(plan.site())));
    plan.policy()
        .ifPresent(policy -> files.put(POLICY_FILE, Serialization.asYaml(manifest(policy))));
    return new ConfigMapBuilder()
        .withMetadata(plan.metadata(Names.configMap(plan.name()), Names.RUNTIME))
        .withData(files)
        .build();
  }

  /** The policy that was in force when the ConfigMap was written. */
  static Optional<RetentionPolicy> policyIn(ConfigMap map) {
    return Optional.ofNullable(map.getData())
        .map(data -> data.get(POLICY_FILE))
        .map(yaml -> Serialization.unmarshal(yaml, RetentionPolicy.class));
  }

  /** The site without what the API server and the operator add. */
  static AnalyticsSite manifest(AnalyticsSite site) {
    AnalyticsSite manifest = new AnalyticsSite();
    identify(manifest, site);
    manifest.setSpec(site.getSpec());
    return manifest;
  }

  /** The policy without what the API server and the operator add. */
  static RetentionPolicy manifest(RetentionPolicy policy) {
    RetentionPolicy manifest = new RetentionPolicy();
    identify(manifest, policy);
    manifest.setSpec(policy.getSpec());
    return manifest;
  }

  private static void identify(HasMetadata manifest, HasMetadata from) {
    manifest.setMetadata(
        new ObjectMetaBuilder()
            .withName(from.getMetadata().getName())
            .withNamespace(from.getMetadata().getNamespace())
            .withGeneration(from.getMetadata().getGeneration())
            .build());
  }
}
