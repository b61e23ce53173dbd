package dev.eider.operator.erasure;

import dev.eider.api.v1alpha1.AnalyticsSite;
import dev.eider.api.v1alpha1.Defaults;
import dev.eider.api.v1alpha1.ErasureRequest;
import dev.eider.api.v1alpha1.ErasureRequestSpec;
import dev.eider.api.v1alpha1.ErasureRequestStatus;
import dev.eider.api.v1alpha1.LocalRef;
import dev.eider.api.v1alpha1.RuntimeSpec;
import dev.eider.operator.erasure.ErasureBody.BadSubjectException;
import dev.eider.operator.erasure.ErasureProgress.Lack;
import dev.eider.operator.events.Change;
import dev.eider.operator.events.EventRecorder;
import dev.eider.operator.site.OverdueErasures;
import dev.eider.operator.site.RuntimeJobs;
import dev.eider.operator.site.RuntimeJobs.Answer;
import dev.eider.operator.status.Reason;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.PrimaryUpdateAndCacheUtils;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Brings an ErasureRequest to the runtimes of its sites, follows what they do, keeps their
 * receipts, and deletes the Secret with the subject when all is done.
 */
@ControllerConfiguration(name = "erasurerequest", fieldManager = "eider-operator")
public final class ErasureReconciler implements Reconciler<ErasureRequest> {

  private static final Duration LOOK_AGAIN = Duration.ofSeconds(3);

  /** After a failure; it grows with each. */
  private static final Duration TRY_AGAIN = Duration.ofMinutes(1);

  private static final int LONGEST_WAIT = 60;

  private final EventRecorder events;
  private final OverdueErasures overdue;
  private final RuntimeJobs jobs = new RuntimeJobs();
  private final Clock clock;

  /** Tells sites by {@code overdue} what is late. */
  public ErasureReconciler(EventRecorder events, OverdueErasures overdue, Clock clock) {
    this.events = events;
    this.overdue = overdue;
    this.clock = clock;
  }

  @Override
  public List<EventSource<?, ErasureRequest>> prepareEventSources(
      EventSourceContext<ErasureRequest> context) {
    overdue.take(context.getPrimaryCache()::list);
    return List.of();
  }

  @Override
  public UpdateControl<ErasureRequest> reconcile(
      ErasureRequest request, Context<ErasureRequest> context) {
    Optional<ErasureRequestStatus> before = Optional.ofNullable(request.getStatus());
    if (before.filter(ErasureRequestStatus::hasEnded).isPresent()) {
      return end(request, before.get(), context);
    }
    KubernetesClient client = context.getClient();
    Map<String, AnalyticsSite> sites = sites(request, client);
    ErasureProgress nothing =
        new ErasureProgress(request, Map.of(), deadline(sites), clock.instant());
    List<String> missing =
        ErasureProgress.open(request).stream().filter(name -> !sites.containsKey(name)).toList();
    Optional<Lack> lack =
        missing.isEmpty()
            ? Optional.empty()
            : Optional.of(
                new Lack(
                    Reason.SiteNotFound,
                    "there is no AnalyticsSite %s in this namespace%s"
                        .formatted(
                            String.join(", ", missing),
                            sites.isEmpty() ? "" : "; of the others it is erased")));
    ErasureRequestStatus status =
        sites.isEmpty() && lack.isPresent()
            ? nothing.waiting(lack.get().reason(), lack.get().sentence())
            : ask(request, sites, nothing, lack, client);
    write(request, status, context);
    if (status.hasEnded()) {
      return end(request, status, context);
    }
    int failures = Optional.ofNullable(status.failures()).orElse(0);
    boolean failed = failures > before.map(ErasureRequestStatus::failures).orElse(0);
    return UpdateControl.<ErasureRequest>noUpdate()
        .rescheduleAfter(
            failed ? TRY_AGAIN.multipliedBy(Math.min(failures, LONGEST_WAIT)) : LOOK_AGAIN);
  }

  private ErasureRequestStatus ask(
      ErasureRequest request,
      Map<String, AnalyticsSite> sites,
      ErasureProgress nothing,
      Optional<Lack> lack,
      KubernetesClient client) {
    int failures =
        Optional.ofNullable(request.getStatus()).map(ErasureRequestStatus::failures).orElse(0);
    ErasureBody body;
    Optional<ErasureRequestSpec.SubjectRef> subject = request.getSpec().subject();
    if (subject.isEmpty()) {
      body = ErasureBody.ofDays();
    } else {
      Optional<Secret> secret = secret(request, subject.get(), client);
      if (secret.isEmpty()) {
        // What was begun goes on without it.
        String id = ErasureBody.id(request, failures);
        Map<String, Answer> begun =
            answers(request, sites, site -> jobs.find(client, site, "erase", id));
        begun.values().removeIf(answer -> answer.state() == RuntimeJobs.State.AWAY);
        return new ErasureProgress(request, begun, deadline(sites), clock.instant())
            .asked(
                Optional.of(
                    new Lack(
                        Reason.SecretNotFound,
                        "the Secret %s with the subject is not there"
                            .formatted(subject.get().name()))));
      }
      try {
        body =
            ErasureBody.of(
                subject.get(), Optional.ofNullable(secret.get().getData()).orElse(Map.of()));
      } catch (BadSubjectException e) {
        return nothing.waiting(Reason.SecretIncomplete, e.sentence());
      }
    }
    Map<String, Answer> answers =
        answers(
            request,
            sites,
            site -> jobs.ask(client, site, "erase", body.of(request, site, failures)));
    return new ErasureProgress(request, answers, deadline(sites), clock.instant()).asked(lack);
  }

  /** Of the sites that are there and have no receipt yet. */
  private static Map<String, Answer> answers(
      ErasureRequest request,
      Map<String, AnalyticsSite> sites,
      Function<AnalyticsSite, Answer> asking) {
    Map<String, Answer> answers = new TreeMap<>();
    for (String name : ErasureProgress.open(request)) {
      if (sites.containsKey(name)) {
        answers.put(name, asking.apply(sites.get(name)));
      }
    }
    return answers;
  }

  private static Map<String, AnalyticsSite> sites(ErasureRequest request, KubernetesClient client) {
    Map<String, AnalyticsSite> sites = new TreeMap<>();
    for (LocalRef ref : request.getSpec().siteRefs()) {
      AnalyticsSite site =
          client
              .resources(AnalyticsSite.class)
              .inNamespace(request.getMetadata().getNamespace())
              .withName(ref.name())
              .get();
      if (site != null) {
        sites.put(ref.name(), site);
      }
    }
    return sites;
  }

  /** The shortest of its sites. */
  private static Duration deadline(Map<String, AnalyticsSite> sites) {
    return Duration.ofDays(
        sites.values().stream()
            .flatMap(site -> site.getSpec().ownRuntime().stream())
            .mapToInt(RuntimeSpec::erasureDeadlineDays)
            .min()
            .orElse(Defaults.ERASURE_DEADLINE_DAYS));
  }

  private static Optional<Secret> secret(
      ErasureRequest request, ErasureRequestSpec.SubjectRef ref, KubernetesClient client) {
    return Optional.ofNullable(
        client
            .secrets()
            .inNamespace(request.getMetadata().getNamespace())
            .withName(ref.name())
            .get());
  }

  /**
   * The Secret goes when its subject is erased; one that was refused is left to its owner. Where
   * others that are not done name it too, their subjects stay.
   */
  private UpdateControl<ErasureRequest> end(
      ErasureRequest request, ErasureRequestStatus status, Context<ErasureRequest> context) {
    Optional<ErasureRequestSpec.SubjectRef> subject = request.getSpec().subject();
    if (status.state() != ErasureRequestStatus.State.Succeeded
        || subject.isEmpty()
        || Boolean.TRUE.equals(status.secretDeleted())) {
      return UpdateControl.noUpdate();
    }
    KubernetesClient client = context.getClient();
    Set<String> needed = needed(request, subject.get().name(), client);
    String entry = subject.get().keyOrDefault();
    if (needed.contains(entry)) {
      return UpdateControl.<ErasureRequest>noUpdate().rescheduleAfter(TRY_AGAIN);
    }
    if (needed.isEmpty()) {
      client
          .secrets()
          .inNamespace(request.getMetadata().getNamespace())
          .withName(subject.get().name())
          .delete();
    } else {
      secret(request, subject.get(), client)
          .filter(there -> there.getData() != null && there.getData().remove(entry) != null)
          .ifPresent(there -> client.resource(there).update());
    }
    write(request, ErasureProgress.withoutSecret(status), context);
    return UpdateControl.noUpdate();
  }

  /** Entries of a Secret that requests name which have not ended. */
  private static Set<String> needed(
      ErasureRequest request, String secret, KubernetesClient client) {
    return client
        .resources(ErasureRequest.class)
        .inNamespace(request.getMetadata().getNamespace())
        .list()
        .getItems()
        .stream()
        .filter(
            other ->
                !other.getMetadata().getUid().equals(request.getMetadata().getUid())
                    && Optional.ofNullable(other.getStatus())
                        .filter(ErasureRequestStatus::hasEnded)
                        .isEmpty())
        .flatMap(other -> other.getSpec().subject().stream())
        .filter(ref -> ref.name().equals(secret))
        .map(ErasureRequestSpec.SubjectRef::keyOrDefault)
        .collect(Collectors.toSet());
  }

  private void write(
      ErasureRequest request, ErasureRequestStatus status, Context<ErasureRequest> context) {
    if (status.equals(request.getStatus())) {
      return;
    }
    events.record(
        request,
        Change.between(
            ErasureProgress.conditions(Optional.ofNullable(request.getStatus())),
            ErasureProgress.conditions(Optional.of(status))));
    ErasureRequest patch = new ErasureRequest();
    patch.getMetadata().setName(request.getMetadata().getName());
    patch.getMetadata().setNamespace(request.getMetadata().getNamespace());
    patch.setStatus(status);
    // Into the cache, too: a pass that still saw the old status would tell the same news twice.
    PrimaryUpdateAndCacheUtils.ssaPatchStatusAndCacheResource(request, patch, context);
  }
}
