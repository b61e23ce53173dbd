package dev.eider.e2e.cluster;

import dev.eider.e2e.client.Admin;
import dev.eider.e2e.client.Statistics;
import dev.eider.e2e.client.Visitors;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/** An AnalyticsSite and what belongs to it, by the names that the operator promises. */
public final class Site {
  private static final ResourceDefinitionContext KIND =
      new ResourceDefinitionContext.Builder()
          .withGroup("eider.dev")
          .withVersion("v1alpha1")
          .withKind("AnalyticsSite")
          .withPlural("analyticssites")
          .withNamespaced(true)
          .build();

  private final Namespace namespace;
  private final String name;
  private final AtomicReference<Door> door = new AtomicReference<>();

  Site(Namespace namespace, String name) {
    this.namespace = namespace;
    this.name = name;
  }

  /** A condition of its status. */
  public record Condition(String type, String status, String reason, String message) {}

  /** Its name in the cluster. */
  public String name() {
    return name;
  }

  /** The namespace that it is in. */
  public Namespace namespace() {
    return namespace;
  }

  /** Waits as a person does, with kubectl. */
  public Site awaitReady() {
    Progress.step(
        name + " becomes ready", () -> namespace.await("analyticssite/" + name, "condition=Ready"));
    door().awaitAnswer(secret(name + "-admin", "token"));
    return this;
  }

  /** As it is in the cluster now; empty when there is none. */
  public Optional<GenericKubernetesResource> resource() {
    return Optional.ofNullable(
        namespace
            .client()
            .genericKubernetesResources(KIND)
            .inNamespace(namespace.name())
            .withName(name)
            .get());
  }

  /** Deletes it; does not wait for its pods to end. */
  public void delete() {
    namespace
        .client()
        .genericKubernetesResources(KIND)
        .inNamespace(namespace.name())
        .withName(name)
        .delete();
  }

  /** The conditions of its status; none when it has no status yet. */
  public List<Condition> conditions() {
    List<Map<String, Object>> conditions =
        resource()
            .map(r -> r.<List<Map<String, Object>>>get("status", "conditions"))
            .orElse(List.of());
    return Optional.ofNullable(conditions).orElse(List.of()).stream()
        .map(
            c ->
                new Condition(
                    text(c, "type"), text(c, "status"), text(c, "reason"), text(c, "message")))
        .toList();
  }

  private static String text(Map<String, Object> from, String key) {
    return String.valueOf(from.getOrDefault(key, ""));
  }

  /** The condition of a type; empty when it has none of that type. */
  public Optional<Condition> condition(String type) {
    return conditions().stream().filter(condition -> condition.type().equals(type)).findFirst();
  }

  /** A field of its status as text; `null` when it is absent. */
  public String status(String... path) {
    Object[] whole = new Object[path.length + 1];
    whole[0] = "status";
    System.arraycopy(path, 0, whole, 1, path.length);
    return String.valueOf(resource().map(resource -> resource.<Object>get(whole)).orElse("null"));
  }

  /** Where this machine reaches its Service. */
  public URI url() {
    return door().url();
  }

  /** Whether thousands of connections may be made to {@link #url}. */
  public boolean bearsLoad() {
    return door().bearsLoad();
  }

  private Door door() {
    return door.updateAndGet(open -> open == null ? Door.open(namespace, name) : open);
  }

  /** One of its keys: `ingest` or `stats`. */
  public String key(String purpose) {
    return secret(name + "-keys", purpose);
  }

  private String secret(String secret, String key) {
    String value =
        namespace
            .client()
            .secrets()
            .inNamespace(namespace.name())
            .withName(secret)
            .require()
            .getData()
            .get(key);
    if (value == null) {
      throw new IllegalStateException("Secret " + secret + " has no " + key);
    }
    return new String(Base64.getDecoder().decode(value), StandardCharsets.UTF_8);
  }

  /** Reads its statistics with its key. */
  public Statistics statistics(String siteId) {
    return new Statistics(url(), siteId, key("stats"));
  }

  /** Its runtime's admin endpoint, with its token. */
  public Admin admin() {
    return new Admin(url(), secret(name + "-admin", "token"));
  }

  /** Sends it events. */
  public Visitors visitors(String domain) {
    return new Visitors(url(), domain);
  }

  /** Its runtime's pod. */
  public Optional<Pod> pod() {
    return Optional.ofNullable(
        namespace.client().pods().inNamespace(namespace.name()).withName(name + "-0").get());
  }

  /** Its runtime's container, once it runs. */
  public Optional<ContainerStatus> container() {
    return pod()
        .flatMap(pod -> pod.getStatus().getContainerStatuses().stream().findFirst())
        .filter(container -> container.getState().getRunning() != null);
  }

  /**
   * Runs one of its CronJobs now, from its template.
   *
   * @param verb `retention`, `compaction`, `backup` or `erasure`
   */
  public JobRun run(String verb) {
    return JobRun.of(this, verb, Duration.ofMinutes(5));
  }
}
