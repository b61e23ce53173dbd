package dev.eider.e2e.cluster;

import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A namespace of a class of tests, in which restricted Pod Security is enforced. Gone when the run
 * ends.
 */
public final class Namespace implements AutoCloseable {
  private final Cluster cluster;
  private final String name;

  private Namespace(Cluster cluster, String name) {
    this.cluster = cluster;
    this.name = name;
  }

  static Namespace create(Cluster cluster, String test) {
    return create(cluster, test, "restricted");
  }

  /** A namespace with another level of Pod Security: `restricted`, `baseline` or `privileged`. */
  static Namespace create(Cluster cluster, String test, String podSecurity) {
    String name =
        "e2e-%s-%s"
            .formatted(
                test.toLowerCase(Locale.ROOT),
                Integer.toString(ThreadLocalRandom.current().nextInt(36 * 36 * 36 * 36), 36));
    cluster
        .client()
        .resource(
            new NamespaceBuilder()
                .withNewMetadata()
                .withName(name)
                .addToLabels("pod-security.kubernetes.io/enforce", podSecurity)
                .addToLabels("eider.dev/e2e", "true")
                .endMetadata()
                .build())
        .create();
    return new Namespace(cluster, name);
  }

  /** Its name. */
  public String name() {
    return name;
  }

  /** The cluster that it is in. */
  public Cluster cluster() {
    return cluster;
  }

  /** May do everything. */
  public KubernetesClient client() {
    return cluster.client();
  }

  /** Runs kubectl in it. */
  public String kubectl(String... words) {
    return cluster.kubectl(inside(words));
  }

  /** Runs kubectl in it and gives what it prints, errors too, whether it succeeds or not. */
  public String kubectlTrying(String... words) {
    return cluster.kubectlTrying(inside(words));
  }

  /**
   * Waits up to five minutes as {@code kubectl wait} does; an error says what the object's status
   * was then.
   *
   * @param object such as {@code analyticssite/blog}
   * @param what such as {@code condition=Ready}
   * @return what kubectl said
   */
  public String await(String object, String what) {
    Command.Result waited =
        cluster.kubectlTryingWith("", inside("wait", "--for=" + what, object, "--timeout=300s"));
    if (waited.exitCode() != 0) {
      throw new IllegalStateException(
          "%s: %s; its status is %s"
              .formatted(
                  object,
                  waited.output().replace('\n', ' '),
                  kubectlTrying("get", object, "-o", "jsonpath={.status}")));
    }
    return waited.output();
  }

  private String[] inside(String... words) {
    String[] all = new String[words.length + 2];
    all[0] = "--namespace";
    all[1] = name;
    System.arraycopy(words, 0, all, 2, words.length);
    return all;
  }

  /** Applies manifests with kubectl; they must be accepted. */
  public void apply(String yaml) {
    cluster.kubectlTryingWith(yaml, inside("apply", "-f", "-")).mustSucceed("kubectl", "apply");
  }

  /** What kubectl says to manifests that must be refused. */
  public String refused(String yaml) {
    Command.Result result = cluster.kubectlTryingWith(yaml, inside("apply", "-f", "-"));
    if (result.exitCode() == 0) {
      throw new AssertionError("this was not refused: " + yaml + "\n" + result.output());
    }
    return result.output();
  }

  /** Declares a site and gives it; does not wait for it. */
  public Site site(String siteName, String yaml) {
    apply(yaml);
    return new Site(this, siteName);
  }

  /** A site that is declared already. */
  public Site site(String siteName) {
    return new Site(this, siteName);
  }

  /** Prints what a person would look at after a failure. */
  void tell() {
    for (List<String> words :
        List.of(
            List.of(
                "get",
                "analyticssites,retentionpolicies,analyticsbackups,erasurerequests",
                "-o",
                "yaml"),
            List.of("get", "all,pvc,configmaps,endpointslices", "-o", "wide"),
            List.of("get", "events", "--sort-by=.lastTimestamp"),
            List.of(
                "logs",
                "--all-pods",
                "--prefix",
                "--tail=60",
                "-l",
                "app.kubernetes.io/name=eider"),
            List.of(
                "logs",
                "--prefix",
                "--previous",
                "--tail=40",
                "-l",
                "app.kubernetes.io/component=runtime"))) {
      Progress.say("kubectl " + String.join(" ", words));
      System.out.println(kubectlTrying(words.toArray(String[]::new)));
    }
    Progress.say("the operator's log");
    System.out.println(
        cluster.kubectlTrying(
            "--namespace", Cluster.SYSTEM, "logs", "--tail=80", "deployment/eider-operator"));
  }

  @Override
  public void close() {
    if (!Boolean.getBoolean("eider.keep")) {
      // Not waited for: pods may take half a minute to end, and nobody needs the name again.
      client().namespaces().withName(name).delete();
    }
  }
}
