package dev.eider.e2e.cluster;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The one cluster of a run, with the operator installed by the chart. It is found or started by the
 * script that `e2e/up` uses, once; if it was started here, it is stopped when the run ends.
 */
public final class Cluster implements AutoCloseable {
  /** Where the operator is installed. */
  public static final String SYSTEM = "eider-system";

  private static final Path ROOT = Path.of(System.getProperty("eider.root", "..")).toAbsolutePath();
  private static final Duration STARTING = Duration.ofMinutes(60);

  private final Map<String, String> facts;
  private final KubernetesClient client;
  private final Command command;
  private final NodePorts nodePorts;

  private Cluster(Map<String, String> facts) {
    this.facts = facts;
    this.client = new KubernetesClientBuilder().withConfig(config(fact("kubeconfig"))).build();
    this.command =
        new Command(
            Map.of("KUBECONFIG", fact("kubeconfig"), "PATH", fact("path")),
            ROOT,
            Duration.ofMinutes(10));
    this.nodePorts =
        new NodePorts(
            Integer.parseInt(fact("first_node_port")), Integer.parseInt(fact("last_node_port")));
  }

  /** Why no cluster is possible on this machine; empty when one is. */
  static Optional<String> whyNot() {
    String reason = script("why-not");
    return reason.isEmpty() ? Optional.empty() : Optional.of(reason);
  }

  static Cluster start() {
    String printed = Progress.step("cluster, images and operator", () -> script("start"));
    return new Cluster(
        printed
            .lines()
            .filter(line -> line.contains("="))
            .map(line -> line.split("=", 2))
            .collect(Collectors.toUnmodifiableMap(pair -> pair[0], pair -> pair[1])));
  }

  private static String script(String verb) {
    return new Command(Map.of(), ROOT, STARTING)
        .output(ROOT.resolve("e2e/lib/for-tests").toString(), verb);
  }

  private static Config config(String kubeconfig) {
    try {
      Config config = Config.fromKubeconfig(Files.readString(Path.of(kubeconfig)));
      if (config.getClientKeyData() != null) {
        config.setClientKeyAlgo(algorithm(config.getClientKeyData()));
      }
      return config;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The client guesses RSA, which a key in PKCS #8 need not be. */
  private static String algorithm(String clientKeyData) {
    String pem = new String(Base64.getDecoder().decode(clientKeyData), StandardCharsets.US_ASCII);
    if (pem.contains("BEGIN EC PRIVATE KEY")) {
      return "EC";
    }
    byte[] der = Base64.getMimeDecoder().decode(pem.replaceAll("-----[A-Z ]+-----", ""));
    try {
      return KeyFactory.getInstance("EC")
          .generatePrivate(new PKCS8EncodedKeySpec(der))
          .getAlgorithm();
    } catch (GeneralSecurityException e) {
      return "RSA";
    }
  }

  private String fact(String name) {
    String value = facts.get(name);
    if (value == null) {
      throw new IllegalStateException("e2e/lib/for-tests start did not print " + name + "=…");
    }
    return value;
  }

  /** May do everything. */
  public KubernetesClient client() {
    return client;
  }

  /**
   * Why there can be no image of PostgreSQL and an S3 server on this machine; empty when there can.
   */
  public Optional<String> whyNoServers() {
    String reason = script("servers-why-not");
    return reason.isEmpty() ? Optional.empty() : Optional.of(reason);
  }

  /** That image, brought to the cluster: its name as pods are to name it. */
  String serversImage() {
    return Progress.step("the image of PostgreSQL and an S3 server", () -> script("servers"))
        .replaceFirst("(?s).*servers_image=", "")
        .strip();
  }

  /** The name of the runtime's image as pods are to name it. */
  public String image() {
    return fact("image");
  }

  /** A folder of the project, such as `examples/quickstart`. */
  public Path file(String path) {
    return ROOT.resolve(path);
  }

  /** What kubectl prints when a person types this; it must succeed. */
  public String kubectl(String... words) {
    return command.output(withKubectl(words));
  }

  /** What kubectl prints, errors too, whether it succeeds or not. */
  public String kubectlTrying(String... words) {
    return command.trying("", withKubectl(words)).output();
  }

  /** As {@link #kubectlTrying}, with something on stdin, as for `apply -f -`. */
  Command.Result kubectlTryingWith(String input, String... words) {
    return command.trying(input, withKubectl(words));
  }

  private static String[] withKubectl(String... words) {
    String[] all = new String[words.length + 1];
    all[0] = "kubectl";
    System.arraycopy(words, 0, all, 1, words.length);
    return all;
  }

  /** The host at whose NodePorts this machine reaches the cluster; empty where it does not. */
  Optional<String> nodeHost() {
    return Optional.of(fact("host")).filter(host -> !host.isEmpty());
  }

  NodePorts nodePorts() {
    return nodePorts;
  }

  /**
   * Whether nobody but these tests uses it, so that every write that is seen is ours or Kubernetes'
   * own.
   */
  public boolean ours() {
    return !fact("kind").equals("given");
  }

  @Override
  public void close() {
    client.close();
    if (fact("started").equals("yes") && !Boolean.getBoolean("eider.keep")) {
      Progress.step("stopping the cluster that was started for the tests", () -> script("stop"));
    }
  }
}
