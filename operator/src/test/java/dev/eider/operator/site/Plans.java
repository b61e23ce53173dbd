package dev.eider.operator.site;

import dev.eider.api.v1alpha1.AnalyticsSite;
import dev.eider.api.v1alpha1.RetentionPolicy;
import dev.eider.operator.config.OperatorConfig;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.Optional;

/** Plans for tests, from YAML as people write it. */
final class Plans {

  private Plans() {}

  static SitePlan of(String spec) {
    return new SitePlan(site(spec), Optional.empty(), OperatorConfig.defaults());
  }

  static SitePlan of(String spec, String policySpec) {
    return new SitePlan(site(spec), Optional.of(policy(policySpec)), OperatorConfig.defaults());
  }

  static AnalyticsSite site(String spec) {
    return Serialization.unmarshal(
        """
        apiVersion: eider.dev/v1alpha1
        kind: AnalyticsSite
        metadata: {name: blog, namespace: web, uid: 11111111-2222-3333-4444-555555555555, generation: 7}
        spec: %s
        """
            .formatted(spec),
        AnalyticsSite.class);
  }

  static RetentionPolicy policy(String spec) {
    return Serialization.unmarshal(
        """
        apiVersion: eider.dev/v1alpha1
        kind: RetentionPolicy
        metadata: {name: year, namespace: web, uid: 21111111-2222-3333-4444-555555555555, generation: 3, resourceVersion: "9"}
        spec: %s
        """
            .formatted(spec),
        RetentionPolicy.class);
  }
}
