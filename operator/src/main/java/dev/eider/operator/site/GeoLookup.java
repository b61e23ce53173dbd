package dev.eider.operator.site;

import dev.eider.api.v1alpha1.AnalyticsSite;
import dev.eider.operator.site.GeoDatabase.Trouble;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the object that holds a site's geo database, one by one and when it matters: it carries
 * no label of ours. What is in it is not kept.
 */
final class GeoLookup {

  private static final String REMEMBERED = "eider.dev/geo-trouble";

  private GeoLookup() {}

  /** What is wrong with it; the same answer to all who ask in one pass. */
  @SuppressWarnings("unchecked") // Nobody else knows the key.
  static Optional<Trouble> trouble(SitePlan plan, Context<AnalyticsSite> context) {
    var pass = context.managedWorkflowAndDependentResourceContext();
    return pass.get(REMEMBERED, Optional.class)
        .map(known -> (Optional<Trouble>) known)
        .orElseGet(
            () -> {
              Optional<Trouble> found =
                  GeoDatabase.of(plan)
                      .flatMap(database -> look(database, plan.namespace(), context.getClient()));
              pass.put(REMEMBERED, found);
              return found;
            });
  }

  private static Optional<Trouble> look(
      GeoDatabase database, String namespace, KubernetesClient client) {
    try {
      return database.trouble(entries(database, namespace, client));
    } catch (KubernetesClientException e) {
      return Optional.of(
          database.unreadable(
              e.getStatus() == null || e.getStatus().getMessage() == null
                  ? "the API server does not answer"
                  : e.getStatus().getMessage()));
    }
  }

  private static Optional<Set<String>> entries(
      GeoDatabase database, String namespace, KubernetesClient client) {
    return switch (database.kind()) {
      case SECRET ->
          Optional.ofNullable(
                  client.secrets().inNamespace(namespace).withName(database.name()).get())
              .map(secret -> names(secret.getData(), Map.of()));
      case CONFIG_MAP ->
          Optional.ofNullable(
                  client.configMaps().inNamespace(namespace).withName(database.name()).get())
              .map(map -> names(map.getData(), map.getBinaryData()));
      case CLAIM ->
          Optional.ofNullable(
                  client
                      .persistentVolumeClaims()
                      .inNamespace(namespace)
                      .withName(database.name())
                      .get())
              .map(claim -> Set.of());
    };
  }

  private static Set<String> names(
      @Nullable Map<String, String> some, @Nullable Map<String, String> others) {
    Set<String> names = new HashSet<>();
    Optional.ofNullable(some).map(Map::keySet).ifPresent(names::addAll);
    Optional.ofNullable(others).map(Map::keySet).ifPresent(names::addAll);
    return names;
  }
}
