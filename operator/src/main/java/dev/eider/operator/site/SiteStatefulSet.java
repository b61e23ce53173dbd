package dev.eider.operator.site;

import dev.eider.api.v1alpha1.LogLevel;
import dev.eider.api.v1alpha1.RuntimeSpec;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.ContainerPortBuilder;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.ProbeBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The pod that serves a site. */
final class SiteStatefulSet {

  static final int PORT = 8080;
  static final int ADMIN_PORT = 9090;

  /** Past the runtime's own shutdown timeout the process ends by itself; this is for the rest. */
  private static final long SHUTDOWN_MARGIN_SECONDS = 15;

  /** A journal that was left full takes its time to be replayed. */
  private static final int START_SECONDS = 900;

  private static final Map<String, String> NORMAL_REQUESTS =
      Map.of("cpu", "100m", "memory", "384Mi");
  private static final Map<String, String> NORMAL_LIMITS = Map.of("memory", "1Gi");

  private SiteStatefulSet() {}

  static StatefulSet desired(SitePlan plan) {
    return new StatefulSetBuilder()
        .withMetadata(plan.metadata(Names.statefulSet(plan.name()), Names.RUNTIME))
        .withNewSpec()
        .withReplicas(plan.runtime().stoppedNow() ? 0 : 1)
        .withServiceName(Names.service(plan.name()))
        // There is one pod, which OrderedReady would wait for when it cannot start and another
        // template would:
        // https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#forced-rollback
        .withPodManagementPolicy("Parallel")
        .withRevisionHistoryLimit(3)
        .withNewUpdateStrategy()
        .withType("RollingUpdate")
        .withNewRollingUpdate()
        .withPartition(0)
        .endRollingUpdate()
        .endUpdateStrategy()
        .withNewPersistentVolumeClaimRetentionPolicy()
        .withWhenDeleted("Retain")
        .withWhenScaled("Retain")
        .endPersistentVolumeClaimRetentionPolicy()
        .withNewSelector()
        .withMatchLabels(Names.selector(plan.name(), Names.RUNTIME))
        .endSelector()
        .withNewTemplate()
        .withNewMetadata()
        .withLabels(PodParts.labels(plan, Names.RUNTIME))
        .withAnnotations(PodParts.annotations(plan))
        .endMetadata()
        .withSpec(pod(plan))
        .endTemplate()
        .withVolumeClaimTemplates(VolumeClaim.template(plan))
        .endSpec()
        .build();
  }

  /**
   * The same with what of the one that is there cannot be changed. Its claim templates do not
   * matter, since the operator makes and grows every claim before a pod needs it.
   */
  static StatefulSet keepingWhatIsFixed(StatefulSet desired, Optional<StatefulSet> live) {
    return live.map(
            there ->
                new StatefulSetBuilder(desired)
                    .editSpec()
                    .withPodManagementPolicy(there.getSpec().getPodManagementPolicy())
                    .withVolumeClaimTemplates(there.getSpec().getVolumeClaimTemplates())
                    .endSpec()
                    .build())
        .orElse(desired);
  }

  /** The image that the set's pods run. */
  static String image(StatefulSet set) {
    return set.getSpec().getTemplate().getSpec().getContainers().stream()
        .filter(container -> container.getName().equals(PodParts.CONTAINER))
        .map(Container::getImage)
        .findFirst()
        .orElse("");
  }

  private static PodSpec pod(SitePlan plan) {
    return PodParts.pod(
            plan, "Always", plan.runtime().shutdownTimeout().toSeconds() + SHUTDOWN_MARGIN_SECONDS)
        .withContainers(container(plan))
        .withVolumes(
            PodParts.configMap("sites", Names.configMap(plan.name())),
            PodParts.secret("admin", Names.adminSecret(plan.name())),
            PodParts.secret("keys", Names.keysSecret(plan.name())),
            ErasureSeal.volume(plan),
            PodParts.scratch())
        .addAllToVolumes(LakeElsewhere.of(plan).volumes())
        .addAllToVolumes(BackupTarget.of(plan).volumes())
        .addAllToVolumes(ArchiveTarget.of(plan).volumes())
        .addAllToVolumes(GeoDatabase.of(plan).map(GeoDatabase::volume).stream().toList())
        .build();
  }

  private static Container container(SitePlan plan) {
    RuntimeSpec runtime = plan.runtime();
    LakeElsewhere elsewhere = LakeElsewhere.of(plan);
    BackupTarget backups = BackupTarget.of(plan);
    ArchiveTarget archive = ArchiveTarget.of(plan);
    Optional<GeoDatabase> geo = GeoDatabase.of(plan);
    return new ContainerBuilder()
        .withName(PodParts.CONTAINER)
        .withImage(plan.image())
        .withImagePullPolicy(plan.config().imagePullPolicy())
        .withArgs(arguments())
        .withEnv(
            PodParts.env("EIDER_LOG_LEVEL", level(runtime.resolvedLogLevel())),
            // For verbs by kubectl exec.
            PodParts.env("EIDER_RUNTIME", "http://127.0.0.1:" + ADMIN_PORT),
            PodParts.env("EIDER_ADMIN_TOKEN_FILE", PodParts.TOKEN_FILE),
            ErasureSeal.variable())
        .addAllToEnv(elsewhere.variables())
        .addAllToEnv(backups.variables())
        .addAllToEnv(archive.variables())
        .addAllToEnv(geo.map(GeoDatabase::variable).stream().toList())
        .withPorts(
            new ContainerPortBuilder()
                .withName("http")
                .withContainerPort(PORT)
                .withProtocol("TCP")
                .build(),
            new ContainerPortBuilder()
                .withName("admin")
                .withContainerPort(ADMIN_PORT)
                .withProtocol("TCP")
                .build())
        .withResources(
            PodParts.resources(
                Optional.ofNullable(runtime.resources()), NORMAL_REQUESTS, NORMAL_LIMITS))
        .withStartupProbe(probe("/readyz", 1, 2, START_SECONDS))
        .withReadinessProbe(probe("/readyz", 5, 3, 2))
        .withLivenessProbe(probe("/livez", 10, 5, 6))
        .withSecurityContext(PodParts.containerSecurity())
        .withTerminationMessagePath("/dev/termination-log")
        .withTerminationMessagePolicy("FallbackToLogsOnError")
        .withVolumeMounts(
            PodParts.mount("data", "/data", false),
            PodParts.mount("sites", "/etc/eider/sites", true),
            PodParts.mount("admin", "/etc/eider/admin", true),
            PodParts.mount("keys", "/etc/eider/keys/" + plan.spec().resolvedSiteId(), true),
            ErasureSeal.mount(),
            PodParts.mount("tmp", "/tmp", false))
        .addAllToVolumeMounts(elsewhere.mounts())
        .addAllToVolumeMounts(backups.mounts())
        .addAllToVolumeMounts(archive.mounts())
        .addAllToVolumeMounts(geo.map(GeoDatabase::mount).stream().toList())
        .build();
  }

  private static List<String> arguments() {
    return List.of(
        "serve",
        "--sites=/etc/eider/sites",
        "--data=/data",
        "--host=0.0.0.0",
        "--port=" + PORT,
        "--management-port=" + ADMIN_PORT,
        "--keys=/etc/eider/keys",
        "--admin-token-file=" + PodParts.TOKEN_FILE);
  }

  private static String level(LogLevel level) {
    return level.name().toUpperCase(Locale.ROOT);
  }

  private static Probe probe(String path, int periodSeconds, int timeoutSeconds, int failures) {
    return new ProbeBuilder()
        .withNewHttpGet()
        .withPath(path)
        .withPort(new IntOrString("admin"))
        .withScheme("HTTP")
        .endHttpGet()
        .withPeriodSeconds(periodSeconds)
        .withTimeoutSeconds(timeoutSeconds)
        .withFailureThreshold(failures)
        .withSuccessThreshold(1)
        .build();
  }
}
