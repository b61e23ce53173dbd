package dev.eider.operator.config;

import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What the operator is told by its environment.
 *
 * @param runtimeImage image of runtimes that name none
 * @param imagePullPolicy pull policy of runtimes' containers
 * @param namespaces namespaces to look after; empty: all
 * @param leaderElection whether to take the Lease before doing anything
 * @param leaseNamespace namespace of the Lease
 * @param identity this process's name in the Lease
 * @param port where health and metrics are served; 0 takes any free port
 * @param figuresInterval shortest time between two looks at a site's figures
 */
public record OperatorConfig(
    String runtimeImage,
    String imagePullPolicy,
    Set<String> namespaces,
    boolean leaderElection,
    String leaseNamespace,
    String identity,
    int port,
    Duration figuresInterval) {

  public OperatorConfig {
    namespaces = Set.copyOf(namespaces);
  }

  /** All defaults, for a process outside any cluster. */
  public static OperatorConfig defaults() {
    return fromEnvironment(Map.of());
  }

  /**
   * Reads {@code EIDER_*} variables.
   *
   * @throws IllegalArgumentException when a value cannot be used; says which and why
   */
  public static OperatorConfig fromEnvironment(Map<String, String> environment) {
    Variables variables = new Variables(environment);
    return new OperatorConfig(
        variables.text("EIDER_RUNTIME_IMAGE", "eider:0.1.0"),
        variables.oneOf(
            "EIDER_RUNTIME_IMAGE_PULL_POLICY",
            "IfNotPresent",
            Set.of("IfNotPresent", "Always", "Never")),
        variables.names("EIDER_WATCH_NAMESPACES"),
        variables.flag("EIDER_LEADER_ELECTION", true),
        variables.text("EIDER_NAMESPACE", "default"),
        variables.text("EIDER_POD_NAME", "eider-operator-" + ProcessHandle.current().pid()),
        variables.number("EIDER_OPERATOR_PORT", 8080, 0, 65535),
        Duration.ofSeconds(variables.number("EIDER_FIGURES_INTERVAL_SECONDS", 900, 60, 86_400)));
  }

  private record Variables(Map<String, String> all) {

    String text(String name, String normal) {
      String value = all.getOrDefault(name, "").strip();
      return value.isEmpty() ? normal : value;
    }

    String oneOf(String name, String normal, Set<String> allowed) {
      String value = text(name, normal);
      if (!allowed.contains(value)) {
        throw new IllegalArgumentException(
            "%s is '%s'; set it to one of %s"
                .formatted(name, value, allowed.stream().sorted().toList()));
      }
      return value;
    }

    boolean flag(String name, boolean normal) {
      return oneOf(name, Boolean.toString(normal), Set.of("true", "false")).equals("true");
    }

    int number(String name, int normal, int least, int most) {
      String value = text(name, Integer.toString(normal));
      try {
        int number = Integer.parseInt(value);
        if (number >= least && number <= most) {
          return number;
        }
      } catch (NumberFormatException e) {
        // Said below, in the same words as for a number out of range.
      }
      throw new IllegalArgumentException(
          "%s is '%s'; set it to a whole number from %d to %d".formatted(name, value, least, most));
    }

    Set<String> names(String name) {
      return Arrays.stream(text(name, "").split(","))
          .map(String::strip)
          .filter(part -> !part.isEmpty())
          .collect(Collectors.toUnmodifiableSet());
    }
  }
}
