package dev.eider.operator.erasure;

import dev.eider.api.v1alpha1.AnalyticsSite;
import dev.eider.api.v1alpha1.Defaults;
import dev.eider.api.v1alpha1.ErasureRequest;
import dev.eider.api.v1alpha1.ErasureRequestSpec;
import dev.eider.api.v1alpha1.ErasureRequestStatus;
import dev.eider.api.v1alpha1.LocalRef;
import dev.eider.api.v1alpha1.RuntimeSpec;
import dev.eider.operator.erasure.ErasureBody.BadSubjectException;
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
import java.util.TreeMap;

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
    ErasureRequestStatus status;
    List<String> missing =
        request.getSpec().siteRefs().stream()
            .map(LocalRef::name)
            .filter(name -> !sites.containsKey(name))
            .toList();
    if (!missing.isEmpty()) {
      status =
          nothing.waiting(
              Reason.SiteNotFound,
              "there is no AnalyticsSite %s in this namespace"
                  .formatted(String.join(", ", missing)));
    } else {
      status = ask(request, sites, nothing, client);
    }
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
      KubernetesClient client) {
    ErasureBody body;
    Optional<ErasureRequestSpec.SubjectRef> subject = request.getSpec().subject();
    if (subject.isEmpty()) {
      body = ErasureBody.ofDays();
    } else {
      Optional<Secret> secret = secret(request, subject.get(), client);
      if (secret.isEmpty()) {
        return nothing.waiting(
            Reason.SecretNotFound,
            "the Secret %s with the subject is not there".formatted(subject.get().name()));
      }
      try {
        body =
            ErasureBody.of(
                subject.get(), Optional.ofNullable(secret.get().getData()).orElse(Map.of()));
      } catch (BadSubjectException e) {
        return nothing.waiting(Reason.SecretIncomplete, e.sentence());
      }
    }
    int failures =
        Optional.ofNullable(request.getStatus()).map(ErasureRequestStatus::failures).orElse(0);
    Map<String, Answer> answers = new TreeMap<>();
    for (String name : ErasureProgress.open(request)) {
      AnalyticsSite site = sites.get(name);
      answers.put(name, jobs.ask(client, site, "erase", body.of(request, site, failures)));
    }
    return new ErasureProgress(request, answers, deadline(sites), clock.instant()).asked();
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

  /** The Secret goes when its subject is erased; one that was refused is left to its owner. */
  private UpdateControl<ErasureRequest> end(
      ErasureRequest request, ErasureRequestStatus status, Context<ErasureRequest> context) {
    Optional<ErasureRequestSpec.SubjectRef> subject = request.getSpec().subject();
    if (status.state() != ErasureRequestStatus.State.Succeeded
        || subject.isEmpty()
        || Boolean.TRUE.equals(status.secretDeleted())) {
      return UpdateControl.noUpdate();
    }
    context
        .getClient()
        .secrets()
        .inNamespace(request.getMetadata().getNamespace())
        .withName(subject.get().name())
        .delete();
    write(request, ErasureProgress.withoutSecret(status), context);
    return UpdateControl.noUpdate();
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
