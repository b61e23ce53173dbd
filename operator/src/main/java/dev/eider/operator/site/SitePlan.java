package dev.eider.operator.site;

import dev.eider.api.v1alpha1.AnalyticsSite;
import dev.eider.api.v1alpha1.AnalyticsSiteSpec;
import dev.eider.api.v1alpha1.Defaults;
import dev.eider.api.v1alpha1.RetentionPolicy;
import dev.eider.api.v1alpha1.RetentionPolicySpec;
import dev.eider.api.v1alpha1.RuntimeSpec;
import dev.eider.operator.config.OperatorConfig;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * All that a site's objects are made from.
 *
 * @param site as the API server has it
 * @param policy the RetentionPolicy in force; empty when none is, or none is known
 * @param config the operator's own settings
 * @param restoration what the site is to begin with, while it has not begun
 * @param ownLakeId the lake's name where it is not the site's: a restored lake has another than the
 *     one that may still be there
 */
record SitePlan(
    AnalyticsSite site,
    Optional<RetentionPolicy> policy,
    OperatorConfig config,
    Optional<Restoration> restoration,
    Optional<String> ownLakeId) {

  /** Of a site that begins with nothing. */
  SitePlan(AnalyticsSite site, Optional<RetentionPolicy> policy, OperatorConfig config) {
    this(site, policy, config, Optional.empty(), Optional.empty());
  }

  String name() {
    return site.getMetadata().getName();
  }

  String namespace() {
    return site.getMetadata().getNamespace();
  }

  AnalyticsSiteSpec spec() {
    return site.getSpec();
  }

  RuntimeSpec runtime() {
    return spec().ownRuntime().orElseGet(RuntimeSpec::defaults);
  }

  String image() {
    return Optional.ofNullable(runtime().image()).orElse(config.runtimeImage());
  }

  String timeZone() {
    return spec().resolvedTimeZone();
  }

  /** When a verb runs; the schedule of an absent policy stands for nothing and is suspended. */
  Schedule schedule(Verb verb) {
    RuntimeSpec runtime = runtime();
    boolean idle = runtime.stoppedNow() || runtime.pausedNow() || restoration.isPresent();
    return switch (verb) {
      case COMPACTION ->
          new Schedule(
              runtime.compactionSchedule(), timeZone(), idle || runtime.compactionSuspended());
      case BACKUP ->
          new Schedule(
              runtime.backupSchedule(),
              runtime.backupTimeZone().orElse(timeZone()),
              idle || runtime.backupSuspended());
      case ERASURE -> new Schedule(runtime.erasureSchedule(), timeZone(), idle);
      case RETENTION -> {
        Optional<RetentionPolicySpec> policySpec = policy.map(RetentionPolicy::getSpec);
        yield new Schedule(
            policySpec
                .map(RetentionPolicySpec::resolvedSchedule)
                .orElse(Defaults.RETENTION_SCHEDULE),
            policySpec.flatMap(RetentionPolicySpec::zone).orElse(timeZone()),
            idle || policy.isEmpty());
      }
    };
  }

  /** Names the site's lake wherever lakes of many sites lie side by side. */
  String lakeId() {
    return ownLakeId.orElseGet(this::folder);
  }

  /** Names the site's backups wherever those of many sites lie side by side. */
  String folder() {
    return namespace() + "." + name();
  }

  /** Where the lake's files lie: an address in S3, or {@code volume}. */
  String dataPlace() {
    return runtime().s3().map(s3 -> s3.url(lakeId())).orElse("volume");
  }

  /**
   * What the lake lies on beside its volume: buckets by their addresses, and a database. Empty
   * where all of it is on the volume.
   */
  List<String> elsewhere() {
    return Stream.of(
            runtime().s3().map(s3 -> s3.url(lakeId())),
            runtime().tierPlace().map(tier -> tier.url(lakeId())),
            runtime().catalogSecret().map(secret -> "the catalog's database"))
        .flatMap(Optional::stream)
        .toList();
  }

  /** Whether the policy moves days to a bucket that the site does not name. */
  boolean lacksTierPlace() {
    return policy.map(RetentionPolicy::getSpec).flatMap(RetentionPolicySpec::tier).isPresent()
        && runtime().tierPlace().isEmpty()
        && runtime().s3().isEmpty();
  }

  /** What the lake's catalog is kept in: {@code postgres} or a {@code file} on the volume. */
  String catalogPlace() {
    return runtime().catalogSecret().isPresent() ? "postgres" : "file";
  }

  /** Where the runtime answers inside the cluster. */
  String url() {
    return "http://%s.%s.svc".formatted(Names.service(name()), namespace());
  }

  /** Name, namespace and labels of one of the site's objects. */
  ObjectMeta metadata(String objectName, String component) {
    return new ObjectMetaBuilder()
        .withName(objectName)
        .withNamespace(namespace())
        .withLabels(Names.labels(name(), component))
        .build();
  }

  /**
   * When a verb runs.
   *
   * @param cron five fields
   * @param timeZone IANA name
   */
  record Schedule(String cron, String timeZone, boolean suspended) {}
}
