package dev.eider.operator.site;

import dev.eider.api.v1alpha1.AnalyticsSite;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Looks at the Secrets and claims that sites name, one by one and when they matter: they carry no
 * label of ours, and to watch them would be to keep every Secret of the cluster in memory.
 */
final class ReferenceLookup {

  private static final String REMEMBERED = "eider.dev/reference-troubles";

  private ReferenceLookup() {}

  /** What is wrong with them; the same answer to all who ask in one pass. */
  @SuppressWarnings("unchecked") // Nobody else knows the key.
  static List<ReferenceTrouble> troubles(SitePlan plan, Context<AnalyticsSite> context) {
    var pass = context.managedWorkflowAndDependentResourceContext();
    return pass.get(REMEMBERED, List.class)
        .map(known -> (List<ReferenceTrouble>) known)
        .orElseGet(
            () -> {
              List<ReferenceTrouble> found = look(plan, context.getClient());
              pass.put(REMEMBERED, found);
              return found;
            });
  }

  private static List<ReferenceTrouble> look(SitePlan plan, KubernetesClient client) {
    String namespace = plan.namespace();
    List<ReferenceTrouble> troubles = new ArrayList<>();
    for (SecretRef ref : SecretRef.of(plan)) {
      look(
              () ->
                  ref.trouble(
                      Optional.ofNullable(
                          client.secrets().inNamespace(namespace).withName(ref.name()).get())),
              ref::unreadable)
          .ifPresent(troubles::add);
    }
    for (ClaimRef ref : ClaimRef.of(plan)) {
      look(
              () ->
                  client.persistentVolumeClaims().inNamespace(namespace).withName(ref.name()).get()
                          == null
                      ? Optional.of(ref.missing())
                      : Optional.empty(),
              ref::unreadable)
          .ifPresent(troubles::add);
    }
    return List.copyOf(troubles);
  }

  private static Optional<ReferenceTrouble> look(
      Supplier<Optional<ReferenceTrouble>> looking, Function<String, ReferenceTrouble> unreadable) {
    try {
      return looking.get();
    } catch (KubernetesClientException e) {
      return Optional.of(
          unreadable.apply(
              e.getStatus() == null || e.getStatus().getMessage() == null
                  ? "the API server does not answer"
                  : e.getStatus().getMessage()));
    }
  }
}
