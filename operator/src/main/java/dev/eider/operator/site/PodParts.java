package dev.eider.operator.site;

import dev.eider.api.v1alpha1.LocalRef;
import dev.eider.api.v1alpha1.RuntimeSpec;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.fabric8.kubernetes.api.model.LocalObjectReferenceBuilder;
import io.fabric8.kubernetes.api.model.PodSecurityContext;
import io.fabric8.kubernetes.api.model.PodSecurityContextBuilder;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.ResourceRequirementsBuilder;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.SecurityContextBuilder;
import io.fabric8.kubernetes.api.model.TolerationBuilder;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What the pods of runtimes and of their jobs have in common. Defaults of the API server are
 * written out where it would otherwise add them to a part that we own.
 */
final class PodParts {

  static final String CONTAINER = "eider";
  static final String TOKEN_FILE = "/etc/eider/admin/token";

  private static final long USER = 10001L;

  /** Readable by owner and group, which is the pod's fsGroup. */
  private static final int SECRET_MODE = 0440;

  private PodParts() {}

  /** The frame of a pod: who it runs as and where. */
  static PodSpecBuilder pod(SitePlan plan, String restartPolicy, long graceSeconds) {
    PodSpecBuilder pod =
        new PodSpecBuilder()
            .withAutomountServiceAccountToken(false)
            .withEnableServiceLinks(false)
            .withRestartPolicy(restartPolicy)
            .withDnsPolicy("ClusterFirst")
            .withSchedulerName("default-scheduler")
            .withTerminationGracePeriodSeconds(graceSeconds)
            .withSecurityContext(podSecurity());
    Optional.ofNullable(plan.runtime().pod()).ifPresent(extra -> add(pod, extra));
    return pod;
  }

  private static void add(PodSpecBuilder pod, RuntimeSpec.Pod extra) {
    Optional.ofNullable(extra.nodeSelector()).ifPresent(pod::withNodeSelector);
    Optional.ofNullable(extra.priorityClassName()).ifPresent(pod::withPriorityClassName);
    pod.addAllToTolerations(
        Optional.ofNullable(extra.tolerations()).orElse(List.of()).stream()
            .map(
                toleration ->
                    new TolerationBuilder()
                        .withKey(toleration.key())
                        .withOperator(toleration.operator())
                        .withValue(toleration.value())
                        .withEffect(toleration.effect())
                        .withTolerationSeconds(toleration.tolerationSeconds())
                        .build())
            .toList());
    pod.addAllToImagePullSecrets(
        Optional.ofNullable(extra.imagePullSecrets()).orElse(List.of()).stream()
            .map(LocalRef::name)
            .map(name -> new LocalObjectReferenceBuilder().withName(name).build())
            .toList());
  }

  /** Labels of a pod: the person's and, winning, the operator's. */
  static Map<String, String> labels(SitePlan plan, String component) {
    Map<String, String> labels = new TreeMap<>();
    Optional.ofNullable(plan.runtime().pod())
        .map(RuntimeSpec.Pod::labels)
        .ifPresent(labels::putAll);
    labels.putAll(Names.labels(plan.name(), component));
    return labels;
  }

  static Map<String, String> annotations(SitePlan plan) {
    return Optional.ofNullable(plan.runtime().pod())
        .map(RuntimeSpec.Pod::annotations)
        .orElse(Map.of());
  }

  private static PodSecurityContext podSecurity() {
    return new PodSecurityContextBuilder()
        .withRunAsNonRoot(true)
        .withRunAsUser(USER)
        .withRunAsGroup(USER)
        .withFsGroup(USER)
        // Else every start walks the whole lake to change owners.
        .withFsGroupChangePolicy("OnRootMismatch")
        .withNewSeccompProfile()
        .withType("RuntimeDefault")
        .endSeccompProfile()
        .build();
  }

  static SecurityContext containerSecurity() {
    return new SecurityContextBuilder()
        .withAllowPrivilegeEscalation(false)
        .withReadOnlyRootFilesystem(true)
        .withNewCapabilities()
        .withDrop("ALL")
        .endCapabilities()
        .build();
  }

  /** The person's amounts over the normal ones, canonical. */
  static ResourceRequirements resources(
      Optional<RuntimeSpec.Resources> wanted,
      Map<String, String> normalRequests,
      Map<String, String> normalLimits) {
    return new ResourceRequirementsBuilder()
        .withRequests(amounts(normalRequests, wanted.map(RuntimeSpec.Resources::requests)))
        .withLimits(amounts(normalLimits, wanted.map(RuntimeSpec.Resources::limits)))
        .build();
  }

  private static Map<String, Quantity> amounts(
      Map<String, String> normal, Optional<Map<String, Quantity>> wanted) {
    Map<String, Quantity> amounts =
        normal.entrySet().stream()
            .collect(
                Collectors.toMap(
                    Map.Entry::getKey,
                    entry -> CanonicalQuantity.of(entry.getValue()),
                    (one, other) -> one,
                    TreeMap::new));
    wanted.orElse(Map.of()).forEach((key, value) -> amounts.put(key, CanonicalQuantity.of(value)));
    return amounts;
  }

  static EnvVar env(String name, String value) {
    return new EnvVarBuilder().withName(name).withValue(value).build();
  }

  static EnvVar envFromLabel(String name, String label) {
    return new EnvVarBuilder()
        .withName(name)
        .withNewValueFrom()
        .withNewFieldRef()
        .withApiVersion("v1")
        .withFieldPath("metadata.labels['" + label + "']")
        .endFieldRef()
        .endValueFrom()
        .build();
  }

  static VolumeMount mount(String volume, String path, boolean readOnly) {
    VolumeMountBuilder mount = new VolumeMountBuilder().withName(volume).withMountPath(path);
    return readOnly ? mount.withReadOnly(true).build() : mount.build();
  }

  static Volume secret(String volume, String secret) {
    return new VolumeBuilder()
        .withName(volume)
        .withNewSecret()
        .withSecretName(secret)
        .withDefaultMode(SECRET_MODE)
        .endSecret()
        .build();
  }

  /** One entry of a Secret as a file of that name. */
  static Volume secretEntry(String volume, String secret, String key, String file) {
    return new VolumeBuilder()
        .withName(volume)
        .withNewSecret()
        .withSecretName(secret)
        .withDefaultMode(SECRET_MODE)
        .addNewItem()
        .withKey(key)
        .withPath(file)
        .endItem()
        .endSecret()
        .build();
  }

  static Volume configMap(String volume, String configMap) {
    return new VolumeBuilder()
        .withName(volume)
        .withNewConfigMap()
        .withName(configMap)
        .withDefaultMode(SECRET_MODE)
        .endConfigMap()
        .build();
  }

  /** Scratch space; DuckDB's driver unpacks its library there. */
  static Volume scratch() {
    return new VolumeBuilder().withName("tmp").withNewEmptyDir().endEmptyDir().build();
  }
}
