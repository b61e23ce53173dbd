package dev.eider.operator.site;

import dev.eider.api.v1alpha1.AnalyticsSite;
import dev.eider.operator.site.SecretRef.Trouble;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import java.util.List;
import java.util.Optional;

/**
 * Looks at the Secrets that sites name, one by one and when they matter: they carry no label of
 * ours, and to watch them would be to keep every Secret of the cluster in memory.
 */
final class SecretLookup {

  private static final String REMEMBERED = "eider.dev/secret-troubles";

  private SecretLookup() {}

  /** What is wrong with them; the same answer to all who ask in one pass. */
  @SuppressWarnings("unchecked") // Nobody else knows the key.
  static List<Trouble> troubles(SitePlan plan, Context<AnalyticsSite> context) {
    var pass = context.managedWorkflowAndDependentResourceContext();
    return pass.get(REMEMBERED, List.class)
        .map(known -> (List<Trouble>) known)
        .orElseGet(
            () -> {
              List<Trouble> found = look(plan, context);
              pass.put(REMEMBERED, found);
              return found;
            });
  }

  private static List<Trouble> look(SitePlan plan, Context<AnalyticsSite> context) {
    return SecretRef.of(plan).stream()
        .map(ref -> look(ref, plan.namespace(), context))
        .flatMap(Optional::stream)
        .toList();
  }

  private static Optional<Trouble> look(
      SecretRef ref, String namespace, Context<AnalyticsSite> context) {
    try {
      return ref.trouble(
          Optional.ofNullable(
              context.getClient().secrets().inNamespace(namespace).withName(ref.name()).get()));
    } catch (KubernetesClientException e) {
      return Optional.of(
          ref.unreadable(
              e.getStatus() == null || e.getStatus().getMessage() == null
                  ? "the API server does not answer"
                  : e.getStatus().getMessage()));
    }
  }
}
