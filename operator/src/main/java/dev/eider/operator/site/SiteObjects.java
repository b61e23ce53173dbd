package dev.eider.operator.site;

import dev.eider.api.v1alpha1.AnalyticsSite;
import dev.eider.api.v1alpha1.RetentionPolicy;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import io.fabric8.kubernetes.api.model.batch.v1.CronJobBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.dependent.kubernetes.KubernetesDependentResource;
import io.javaoperatorsdk.operator.processing.dependent.workflow.Workflow;
import io.javaoperatorsdk.operator.processing.dependent.workflow.WorkflowBuilder;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The objects that are made for a site, as one workflow, and the caches that they are found in: one
 * informer a kind, of what carries a site's label only.
 */
final class SiteObjects {

  private static final String POLICY_INDEX = "retention-policy";

  private final VolumeClaimDependent claim;
  private final TokenSecret adminSecret;
  private final TokenSecret keysSecret;
  private final TokenSecret erasureSecret;
  private final Child<ConfigMap> configMap;
  private final Child<Service> service;
  private final Child<Service> adminService;
  private final RestoreJobChild restoreJob;
  private final StatefulSetChild statefulSet;
  private final List<Child<CronJob>> cronJobs;
  private final Workflow<AnalyticsSite> workflow;

  SiteObjects(Planner planner) {
    claim = new VolumeClaimDependent(planner);
    adminSecret = TokenSecret.admin(planner);
    keysSecret = TokenSecret.keys(planner);
    erasureSecret = TokenSecret.erasure(planner);
    configMap =
        new Child<>(
            ConfigMap.class, "config-map", planner, Names::configMap, SiteConfigMap::desired);
    service = new Child<>(Service.class, "service", planner, Names::service, SiteServices::main);
    adminService =
        new Child<>(
            Service.class, "admin-service", planner, Names::adminService, SiteServices::admin);
    restoreJob = new RestoreJobChild(planner);
    statefulSet = new StatefulSetChild(planner);
    cronJobs = Arrays.stream(Verb.values()).map(verb -> cronJob(planner, verb)).toList();
    workflow = workflow();
  }

  private static Child<CronJob> cronJob(Planner planner, Verb verb) {
    return new Child<>(
        CronJob.class,
        verb.word() + "-cron-job",
        planner,
        site -> Names.cronJob(site, verb),
        plan -> VerbCronJob.desired(plan, verb));
  }

  private Workflow<AnalyticsSite> workflow() {
    WorkflowBuilder<AnalyticsSite> builder =
        new WorkflowBuilder<AnalyticsSite>()
            .addDependentResource(claim)
            .addDependentResource(adminSecret)
            .addDependentResource(keysSecret)
            .addDependentResource(erasureSecret)
            .addDependentResource(configMap)
            .addDependentResource(service)
            .addDependentResource(adminService);
    builder.addDependentResourceAndConfigure(restoreJob).dependsOn(claim, configMap, erasureSecret);
    builder
        .addDependentResourceAndConfigure(statefulSet)
        .dependsOn(claim, adminSecret, keysSecret, erasureSecret, configMap, service);
    cronJobs.forEach(
        job -> builder.addDependentResourceAndConfigure(job).dependsOn(adminSecret, adminService));
    return builder.withThrowExceptionFurther(false).build();
  }

  /** Brings all objects to what the plan says; answers what could not be done, a sentence each. */
  List<String> apply(AnalyticsSite site, Context<AnalyticsSite> context) {
    return workflow.reconcile(site, context).getErroredDependents().entrySet().stream()
        .map(entry -> "%s: %s".formatted(entry.getKey().name(), sentence(entry.getValue())))
        .sorted()
        .toList();
  }

  /** Stops schedules and touches nothing else. */
  void suspendSchedules(AnalyticsSite site, Context<AnalyticsSite> context) {
    context
        .getSecondaryResourcesAsStream(CronJob.class)
        .filter(job -> !Boolean.TRUE.equals(job.getSpec().getSuspend()))
        .forEach(
            job ->
                context
                    .getClient()
                    .resource(job)
                    .edit(
                        there ->
                            new CronJobBuilder(there)
                                .editSpec()
                                .withSuspend(true)
                                .endSpec()
                                .build()));
  }

  Optional<PersistentVolumeClaim> claim(AnalyticsSite site, Context<AnalyticsSite> context) {
    return claim.getSecondaryResource(site, context);
  }

  Optional<StatefulSet> statefulSet(AnalyticsSite site, Context<AnalyticsSite> context) {
    return statefulSet.getSecondaryResource(site, context);
  }

  /** Why the claim could not grow when it was last tried. */
  Optional<String> growthRefused(AnalyticsSite site) {
    return claim.growthRefused(ResourceID.fromResource(site));
  }

  /** One cache a kind; the dependents of that kind share it. */
  List<EventSource<?, AnalyticsSite>> eventSources(EventSourceContext<AnalyticsSite> context) {
    List<EventSource<?, AnalyticsSite>> sources = new ArrayList<>();
    sources.add(shared(PersistentVolumeClaim.class, context, List.of(claim)));
    sources.add(shared(Secret.class, context, List.of(adminSecret, keysSecret, erasureSecret)));
    sources.add(shared(ConfigMap.class, context, List.of(configMap)));
    sources.add(shared(Service.class, context, List.of(service, adminService)));
    sources.add(shared(StatefulSet.class, context, List.of(statefulSet)));
    sources.add(shared(CronJob.class, context, cronJobs));
    sources.add(shared(Job.class, context, List.of(restoreJob)));
    sources.add(shared(Pod.class, context, List.of()));
    sources.add(policies(context));
    return sources;
  }

  private static <R extends HasMetadata> InformerEventSource<R, AnalyticsSite> shared(
      Class<R> kind,
      EventSourceContext<AnalyticsSite> context,
      List<? extends KubernetesDependentResource<R, AnalyticsSite>> dependents) {
    InformerEventSource<R, AnalyticsSite> source =
        new InformerEventSource<>(
            InformerEventSourceConfiguration.from(kind, AnalyticsSite.class)
                .withName(kind.getSimpleName())
                .withNamespacesInheritedFromController()
                .withFollowControllerNamespacesChanges(true)
                .withLabelSelector(Names.SITE_LABEL)
                .withSecondaryToPrimaryMapper(Names::siteOf)
                .build(),
            context);
    dependents.forEach(dependent -> dependent.setEventSource(source));
    return source;
  }

  /** A policy concerns every site of its namespace that names it. */
  private static EventSource<RetentionPolicy, AnalyticsSite> policies(
      EventSourceContext<AnalyticsSite> context) {
    context
        .getPrimaryCache()
        .addIndexer(
            POLICY_INDEX,
            site ->
                site.getSpec().retentionPolicyName().map(name -> key(site, name)).stream()
                    .toList());
    return new InformerEventSource<>(
        InformerEventSourceConfiguration.from(RetentionPolicy.class, AnalyticsSite.class)
            .withName("RetentionPolicy")
            .withNamespacesInheritedFromController()
            .withFollowControllerNamespacesChanges(true)
            .withSecondaryToPrimaryMapper(
                policy ->
                    context
                        .getPrimaryCache()
                        .byIndex(POLICY_INDEX, key(policy, policy.getMetadata().getName()))
                        .stream()
                        .map(ResourceID::fromResource)
                        .collect(Collectors.toSet()))
            .withPrimaryToSecondaryMapper(
                (AnalyticsSite site) ->
                    site.getSpec()
                        .retentionPolicyName()
                        .map(name -> Set.of(Names.id(name, site)))
                        .orElse(Set.of()))
            .build(),
        context);
  }

  private static String key(HasMetadata object, String policy) {
    return object.getMetadata().getNamespace() + "/" + policy;
  }

  /** What the API server said, without the request that it said it about. */
  private static String sentence(Exception error) {
    if (error instanceof KubernetesClientException api
        && api.getStatus() != null
        && api.getStatus().getMessage() != null) {
      return api.getStatus().getMessage();
    }
    return Optional.ofNullable(error.getMessage()).orElse(error.toString());
  }
}
