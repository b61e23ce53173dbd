package dev.eider.e2e.cluster;

import static org.awaitility.Awaitility.await;

import dev.eider.e2e.errand.CopyFolder;
import dev.eider.e2e.errand.KillContainer;
import dev.eider.e2e.errand.OpenTree;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;

/**
 * Runs one of our small programs in a pod, where things are that this machine does not see:
 * volumes, processes of nodes. This works on any cluster. The pod's image is the runtime's, since
 * it holds a Java and is there already; the program comes from a ConfigMap.
 */
public final class Errand {
  private static final List<Class<?>> PROGRAMS =
      List.of(CopyFolder.class, KillContainer.class, OpenTree.class);
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  /** The line that every program prints last; Java may say something after it. */
  private static final String END = "end";

  private Errand() {}

  /**
   * How often each path is in the files of a site's `open/` tree, as a DuckDB process sees it that
   * knows nothing of Eider.
   */
  public static Map<String, Long> globOpenTree(Site site) {
    return glob(site, "pathname");
  }

  /** The files of a site's `open/` tree with their rows. */
  public static Map<String, Long> filesOfOpenTree(Site site) {
    return glob(site, "filename");
  }

  private static Map<String, Long> glob(Site site, String column) {
    String log =
        Progress.step(
            "an independent DuckDB globs " + site.name() + "'s open/ tree",
            () -> run(site.namespace(), besideVolume(site, column)));
    return OpenTree.counts(log);
  }

  /** Puts a copy of a folder of a claim in the place of another, on the node of a site's pod. */
  public static void copyFolder(Site site, String claim, String from, String to) {
    Progress.step(
        "copy %s of claim %s to %s".formatted(from, claim, to),
        () ->
            run(
                site.namespace(),
                beside(
                    pod(CopyFolder.class, "/data/" + from, "/data/" + to),
                    node(site),
                    claim,
                    false)));
  }

  /** Ends a site's runtime with SIGKILL, from outside its pod. */
  public static void kill(Site site) {
    String id =
        site.container()
            .orElseThrow(() -> new IllegalStateException(site.name() + "-0 does not run"))
            .getContainerID()
            .replaceFirst("^.*://", "");
    Progress.step(
        "kill -9 of " + site.name() + "'s runtime",
        () -> {
          try (Namespace privileged =
              Namespace.create(site.namespace().cluster(), "kill", "privileged")) {
            return run(privileged, onNodeOf(site, id));
          }
        });
  }

  private static PodBuilder besideVolume(Site site, String column) {
    return beside(
        pod(OpenTree.class, "/data/open", column), node(site), "data-" + site.name() + "-0", true);
  }

  private static PodBuilder beside(PodBuilder pod, String node, String claim, boolean readOnly) {
    return pod.editSpec()
        // A volume that one node mounts at a time.
        .withNodeName(node)
        .withNewSecurityContext()
        .withRunAsNonRoot(true)
        .withRunAsUser(10001L)
        .withFsGroup(10001L)
        .withFsGroupChangePolicy("OnRootMismatch")
        .withNewSeccompProfile()
        .withType("RuntimeDefault")
        .endSeccompProfile()
        .endSecurityContext()
        .editFirstContainer()
        .withNewSecurityContext()
        .withAllowPrivilegeEscalation(false)
        .withReadOnlyRootFilesystem(true)
        .withNewCapabilities()
        .addToDrop("ALL")
        .endCapabilities()
        .endSecurityContext()
        .addNewVolumeMount()
        .withName("data")
        .withMountPath("/data")
        .withReadOnly(readOnly)
        .endVolumeMount()
        .endContainer()
        .addNewVolume()
        .withName("data")
        .withNewPersistentVolumeClaim(claim, false)
        .endVolume()
        .endSpec();
  }

  private static PodBuilder onNodeOf(Site site, String containerId) {
    return pod(KillContainer.class, containerId)
        .editSpec()
        .withNodeName(node(site))
        .withHostPID(true)
        .withNewSecurityContext()
        .withRunAsUser(0L)
        .endSecurityContext()
        .endSpec();
  }

  private static String node(Site site) {
    return site.pod().map(pod -> pod.getSpec().getNodeName()).orElseThrow();
  }

  private static PodBuilder pod(Class<?> program, String... arguments) {
    return new PodBuilder()
        .withNewMetadata()
        .withName(
            "%s-%04d"
                .formatted(
                    program.getSimpleName().toLowerCase(Locale.ROOT),
                    ThreadLocalRandom.current().nextInt(10_000)))
        .endMetadata()
        .withNewSpec()
        .withRestartPolicy("Never")
        .withAutomountServiceAccountToken(false)
        .addNewContainer()
        .withName("errand")
        .withImagePullPolicy("IfNotPresent")
        .withCommand(
            "/opt/java/bin/java",
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-Djava.io.tmpdir=/tmp",
            "-Djava.library.path=/app/libs",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            "/errand/errands.jar:/app/libs/*",
            program.getName())
        .withArgs(arguments)
        .addNewVolumeMount()
        .withName("errand")
        .withMountPath("/errand")
        .endVolumeMount()
        .addNewVolumeMount()
        .withName("tmp")
        .withMountPath("/tmp")
        .endVolumeMount()
        .endContainer()
        .addNewVolume()
        .withName("errand")
        .withNewConfigMap()
        .withName("errands")
        .endConfigMap()
        .endVolume()
        .addNewVolume()
        .withName("tmp")
        .withNewEmptyDir()
        .endEmptyDir()
        .endVolume()
        .endSpec();
  }

  /** Runs it to its end and gives what it printed. */
  private static String run(Namespace namespace, PodBuilder pod) {
    namespace.client().resource(jar(namespace)).serverSideApply();
    Pod made =
        namespace
            .client()
            .resource(
                pod.editMetadata()
                    .withNamespace(namespace.name())
                    .endMetadata()
                    .editSpec()
                    .editFirstContainer()
                    .withImage(namespace.cluster().image())
                    .endContainer()
                    .endSpec()
                    .build())
            .create();
    var resource =
        namespace
            .client()
            .pods()
            .inNamespace(namespace.name())
            .withName(made.getMetadata().getName());
    await(made.getMetadata().getName() + " ends")
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(200))
        .until(() -> List.of("Succeeded", "Failed").contains(phase(resource.get())));
    if (!phase(resource.get()).equals("Succeeded")) {
      throw new IllegalStateException(
          made.getMetadata().getName() + " failed: " + resource.getLog());
    }
    // A node may call a pod ended before its log is written to the end.
    String log =
        await("the log of " + made.getMetadata().getName() + " is whole")
            .atMost(PATIENCE)
            .until(resource::getLog, text -> text.lines().anyMatch(END::equals));
    resource.delete();
    return log;
  }

  private static String phase(Pod pod) {
    return String.valueOf(pod.getStatus().getPhase());
  }

  private static ConfigMap jar(Namespace namespace) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JarOutputStream jar = new JarOutputStream(bytes)) {
      for (Class<?> program : PROGRAMS) {
        String file = program.getName().replace('.', '/') + ".class";
        jar.putNextEntry(new JarEntry(file));
        try (InputStream content =
            program.getResourceAsStream(program.getSimpleName() + ".class")) {
          if (content == null) {
            throw new IOException("no " + file + " on the class path");
          }
          content.transferTo(jar);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new ConfigMapBuilder()
        .withNewMetadata()
        .withNamespace(namespace.name())
        .withName("errands")
        .endMetadata()
        .addToBinaryData("errands.jar", Base64.getEncoder().encodeToString(bytes.toByteArray()))
        .build();
  }
}
