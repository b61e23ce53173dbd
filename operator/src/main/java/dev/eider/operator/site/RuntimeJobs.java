package dev.eider.operator.site;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.eider.api.v1alpha1.AnalyticsSite;
import dev.eider.operator.site.RuntimeAdmin.Endpoint;
import dev.eider.operator.site.RuntimeAdmin.RuntimeAdminException;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Optional;

/** Asks the runtimes of sites for jobs, over HTTP inside the cluster. */
public final class RuntimeJobs {

  private final HttpRuntimeAdmin admin = new HttpRuntimeAdmin();

  /**
   * What a runtime says of a job.
   *
   * @param state of the job; {@link State#AWAY} where no runtime answers
   * @param message what it is doing, why it failed, or why it cannot be asked
   * @param result what came of it; missing before
   */
  public record Answer(State state, String message, JsonNode result) {}

  /** How far a job is. */
  public enum State {
    /** No runtime answers, or not yet. */
    AWAY,
    /** It waits or works. */
    RUNNING,
    /** There is a result. */
    SUCCEEDED,
    /** It was not done; another one may be. */
    FAILED,
    /** What was asked for cannot be done as it is. */
    REFUSED
  }

  /**
   * Asks for a job; by the same name it is the same one.
   *
   * @param body the request, with the job's name
   */
  public Answer ask(KubernetesClient client, AnalyticsSite site, String verb, String body) {
    Optional<Endpoint> endpoint = endpoint(client, site);
    if (endpoint.isEmpty()) {
      return away("the runtime of %s is not there yet".formatted(site.getMetadata().getName()));
    }
    try {
      return answer(admin.job(endpoint.get(), verb, body));
    } catch (RuntimeAdminException e) {
      return e.isRefused()
          ? new Answer(State.REFUSED, e.sentence(), MissingNode.getInstance())
          : away(e.sentence());
    }
  }

  /** How a job is that was asked for before; {@link State#AWAY} where nobody knows of it. */
  public Answer find(KubernetesClient client, AnalyticsSite site, String verb, String id) {
    Optional<Endpoint> endpoint = endpoint(client, site);
    if (endpoint.isEmpty()) {
      return away("the runtime of %s is not there".formatted(site.getMetadata().getName()));
    }
    try {
      return answer(admin.find(endpoint.get(), verb, id));
    } catch (RuntimeAdminException e) {
      return away(e.sentence());
    }
  }

  private static Answer away(String why) {
    return new Answer(State.AWAY, why, MissingNode.getInstance());
  }

  private static Answer answer(JsonNode job) {
    State state =
        switch (job.path("state").asText()) {
          case "succeeded" -> State.SUCCEEDED;
          case "failed", "cancelled" -> State.FAILED;
          default -> State.RUNNING;
        };
    return new Answer(
        state, job.path(state == State.FAILED ? "error" : "progress").asText(), job.path("result"));
  }

  private static Optional<Endpoint> endpoint(KubernetesClient client, AnalyticsSite site) {
    String namespace = site.getMetadata().getNamespace();
    String name = site.getMetadata().getName();
    Service service =
        client.services().inNamespace(namespace).withName(Names.adminService(name)).get();
    Secret secret = client.secrets().inNamespace(namespace).withName(Names.adminSecret(name)).get();
    return service == null || secret == null
        ? Optional.empty()
        : Observer.endpoint(service, secret);
  }
}
