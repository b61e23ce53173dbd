package dev.eider.operator.site;

import dev.eider.api.v1alpha1.AnalyticsSite;
import dev.eider.api.v1alpha1.AnalyticsSiteStatus;
import dev.eider.api.v1alpha1.RunStatus;
import dev.eider.operator.site.Planner.PolicyInForce;
import dev.eider.operator.site.RuntimeAdmin.Endpoint;
import dev.eider.operator.site.RuntimeAdmin.Figures;
import dev.eider.operator.site.RuntimeAdmin.Store;
import dev.eider.operator.site.RuntimeLink.Trouble;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Looks at a site's objects and talks to its runtime. */
final class Observer {

  private final SiteObjects objects;
  private final RuntimeLink link;

  Observer(SiteObjects objects, RuntimeLink link) {
    this.objects = objects;
    this.link = link;
  }

  Observed observe(
      SitePlan plan,
      Context<AnalyticsSite> context,
      Optional<SiteProblem> problem,
      List<String> errors,
      Instant now) {
    AnalyticsSite site = plan.site();
    Map<Verb, Run> runs = runs(context);
    Observed seen =
        new Observed(
            PolicyInForce.of(site, context),
            problem,
            errors,
            ReferenceLookup.troubles(plan, context),
            GeoLookup.trouble(plan, context),
            objects.claim(site, context),
            objects.growthRefused(site),
            objects.statefulSet(site, context),
            pod(plan, context),
            Optional.empty(),
            runs,
            Optional.empty(),
            List.of(),
            Optional.empty(),
            RestoreLookup.job(site, context)
                .flatMap(job -> Run.of(job, context.getSecondaryResources(Pod.class))));
    boolean runtimeIsOurs = problem.isEmpty() && !plan.runtime().pausedNow();
    if (!runtimeIsOurs || plan.runtime().stoppedNow() || !seen.isRolledOut()) {
      return seen;
    }
    return asked(plan, context, seen, now);
  }

  /**
   * What the runtime says no to. It is asked before anything is applied, so that no object holds
   * settings that a pod could not start with: what was in force stays so, whatever restarts.
   *
   * <p>A runtime of another image than the one that is wanted is not asked: it may know less.
   */
  Optional<SiteProblem> refusal(SitePlan plan, Context<AnalyticsSite> context) {
    return mayJudge(plan, objects.statefulSet(plan.site(), context))
        ? endpoint(plan, context)
            .flatMap(at -> link.confirm(plan, at, incarnation(pod(plan, context))))
            .filter(Trouble::refused)
            .map(trouble -> SiteProblem.refused(trouble.sentence()))
        : Optional.empty();
  }

  /** Whether the runtime that serves is the one that is to have the settings. */
  static boolean mayJudge(SitePlan plan, Optional<StatefulSet> serving) {
    return !plan.runtime().pausedNow()
        && !plan.runtime().stoppedNow()
        && serving
            .filter(Observed::isRolledOut)
            .filter(set -> SiteStatefulSet.image(set).equals(plan.image()))
            .isPresent();
  }

  private Observed asked(
      SitePlan plan, Context<AnalyticsSite> context, Observed seen, Instant now) {
    Optional<Endpoint> endpoint = endpoint(plan, context);
    if (endpoint.isEmpty()) {
      return seen.answered(
          Optional.of(new Trouble(false, "the admin Service or its Secret is not there yet")),
          Optional.empty(),
          List.of(),
          Optional.empty());
    }
    String incarnation = incarnation(seen.pod());
    Optional<Trouble> trouble = link.confirm(plan, endpoint.get(), incarnation);
    Optional<Figures> figures =
        trouble.isPresent()
            ? Optional.empty()
            : link.figures(plan, endpoint.get(), lastRead(plan), now, hasNews(plan, seen.runs()));
    boolean worthAsking = !plan.elsewhere().isEmpty() && trouble.isEmpty();
    Optional<Store> store =
        worthAsking ? link.store(plan, endpoint.get(), incarnation, now) : Optional.empty();
    return seen.answered(trouble, figures, link.conflicts(plan), store);
  }

  private static Map<Verb, Run> runs(Context<AnalyticsSite> context) {
    Set<Job> jobs = context.getSecondaryResources(Job.class);
    Set<Pod> pods = context.getSecondaryResources(Pod.class);
    Map<Verb, Run> runs = new EnumMap<>(Verb.class);
    for (Verb verb : Verb.values()) {
      Run.last(verb, jobs, pods).ifPresent(run -> runs.put(verb, run));
    }
    return runs;
  }

  private static Optional<Pod> pod(SitePlan plan, Context<AnalyticsSite> context) {
    return context
        .getSecondaryResourcesAsStream(Pod.class)
        .filter(pod -> pod.getMetadata().getName().equals(Names.pod(plan.name())))
        .findFirst();
  }

  /** By the Service's address, so that no cluster DNS has to work for the operator to work. */
  private static Optional<Endpoint> endpoint(SitePlan plan, Context<AnalyticsSite> context) {
    Optional<String> address =
        context
            .getSecondaryResourcesAsStream(Service.class)
            .filter(
                service -> service.getMetadata().getName().equals(Names.adminService(plan.name())))
            .findFirst()
            .map(service -> service.getSpec().getClusterIP());
    Optional<String> token =
        context
            .getSecondaryResourcesAsStream(Secret.class)
            .filter(secret -> secret.getMetadata().getName().equals(Names.adminSecret(plan.name())))
            .findFirst()
            .map(secret -> secret.getData().get("token"))
            .map(Observer::decoded);
    return address.flatMap(host -> token.map(secret -> new Endpoint(base(host), secret)));
  }

  /** The same of what was read. */
  static Optional<Endpoint> endpoint(Service service, Secret secret) {
    return Optional.ofNullable(secret.getData())
        .map(data -> data.get("token"))
        .map(Observer::decoded)
        .filter(token -> service.getSpec().getClusterIP() != null)
        .map(token -> new Endpoint(base(service.getSpec().getClusterIP()), token));
  }

  private static URI base(String host) {
    String literal = host.contains(":") ? "[" + host + "]" : host;
    return URI.create("http://%s:%d".formatted(literal, SiteStatefulSet.ADMIN_PORT));
  }

  private static String decoded(String base64) {
    return new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8).strip();
  }

  /** A pod or a container that was started anew has forgotten what it was told. */
  private static String incarnation(Optional<Pod> pod) {
    return pod.map(
            there ->
                there.getMetadata().getUid()
                    + there.getStatus().getContainerStatuses().stream()
                        .map(ContainerStatus::getContainerID)
                        .toList())
        .orElse("");
  }

  private static Optional<Instant> lastRead(SitePlan plan) {
    return Optional.ofNullable(plan.site().getStatus())
        .map(AnalyticsSiteStatus::figuresAt)
        .map(Instant::parse);
  }

  private static boolean hasNews(SitePlan plan, Map<Verb, Run> runs) {
    return runs.entrySet().stream()
        .anyMatch(
            entry -> RunReport.isNews(Optional.of(entry.getValue()), known(plan, entry.getKey())));
  }

  private static Optional<RunStatus> known(SitePlan plan, Verb verb) {
    return Optional.ofNullable(plan.site().getStatus())
        .map(
            status ->
                switch (verb) {
                  case COMPACTION -> status.compaction();
                  case RETENTION -> status.retention();
                  case BACKUP -> status.backup();
                  case ERASURE -> status.erasure();
                });
  }
}
