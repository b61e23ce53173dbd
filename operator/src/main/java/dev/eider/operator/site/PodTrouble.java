package dev.eider.operator.site;

import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodStatus;
import java.util.Optional;

/** Why a pod does not get ready, in words that do not change while the cause does not. */
final class PodTrouble {

  private static final int MESSAGE_LENGTH = 300;

  private PodTrouble() {}

  /** What hinders the pod; empty while it is only on its way. */
  static Optional<String> of(Pod pod) {
    String name = pod.getMetadata().getName();
    Optional<PodStatus> status = Optional.ofNullable(pod.getStatus());
    return status
        .flatMap(PodTrouble::unschedulable)
        .or(() -> status.flatMap(PodTrouble::container))
        .map(trouble -> "pod %s: %s".formatted(name, trouble));
  }

  private static Optional<String> unschedulable(PodStatus status) {
    return status.getConditions().stream()
        .filter(condition -> "PodScheduled".equals(condition.getType()))
        .filter(condition -> "False".equals(condition.getStatus()))
        .findFirst()
        .map(condition -> bounded(condition.getReason() + ": " + condition.getMessage()));
  }

  private static Optional<String> container(PodStatus status) {
    return status.getContainerStatuses().stream()
        .filter(container -> container.getState() != null)
        .flatMap(container -> waiting(container).stream())
        .findFirst();
  }

  private static Optional<String> waiting(ContainerStatus container) {
    // The message beside the reason counts back-offs up, so it would change for ever.
    return Optional.ofNullable(container.getState().getWaiting())
        .map(state -> state.getReason())
        .filter(reason -> !reason.equals("ContainerCreating") && !reason.equals("PodInitializing"))
        // The kubelet goes back and forth between the two.
        .map(reason -> reason.equals("ErrImagePull") ? "ImagePullBackOff" : reason)
        .map(reason -> reason + " of image " + container.getImage() + lastEnd(container));
  }

  private static String lastEnd(ContainerStatus container) {
    return Optional.ofNullable(container.getLastState())
        .map(ContainerState::getTerminated)
        .map(
            end ->
                "; it ended with code %d%s"
                    .formatted(
                        end.getExitCode(),
                        Optional.ofNullable(end.getMessage())
                            .flatMap(
                                text ->
                                    text.lines()
                                        .filter(line -> !line.isBlank())
                                        .reduce((a, b) -> b))
                            .map(line -> ": " + bounded(line.strip()))
                            .orElse("")))
        .orElse("");
  }

  private static String bounded(String text) {
    return text.length() <= MESSAGE_LENGTH ? text : text.substring(0, MESSAGE_LENGTH) + "…";
  }
}
