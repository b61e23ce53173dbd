package dev.eider.operator.events;

import dev.eider.operator.status.Times;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes Kubernetes Events. The same thing about the same object is one Event that counts up. An
 * Event that cannot be written is logged and forgotten: it is news, not state.
 */
public final class EventRecorder {

  private static final Logger LOG = LoggerFactory.getLogger(EventRecorder.class);
  private static final int MESSAGE_LENGTH = 1024;
  private static final int NAME_LENGTH = 200;
  private static final String COMPONENT = "eider-operator";

  private final KubernetesClient client;
  private final Clock clock;

  public EventRecorder(KubernetesClient client, Clock clock) {
    this.client = client;
    this.clock = clock;
  }

  /** Writes each change as an Event about {@code object}. */
  public void record(HasMetadata object, List<Change> changes) {
    for (Change change : changes) {
      LOG.info(
          "{} {}/{}: {}: {}",
          object.getKind(),
          object.getMetadata().getNamespace(),
          object.getMetadata().getName(),
          change.reason(),
          change.message());
      try {
        write(object, change);
      } catch (KubernetesClientException e) {
        LOG.warn("the Event {} could not be written: {}", change.reason(), e.getMessage());
      }
    }
  }

  private void write(HasMetadata object, Change change) {
    Event event = event(object, change);
    var known = client.v1().events().inNamespace(event.getMetadata().getNamespace());
    Event before = known.withName(event.getMetadata().getName()).get();
    if (before == null) {
      known.resource(event).create();
      return;
    }
    known
        .resource(
            new EventBuilder(before)
                .withCount(before.getCount() == null ? 2 : before.getCount() + 1)
                .withLastTimestamp(event.getLastTimestamp())
                .build())
        .update();
  }

  private Event event(HasMetadata object, Change change) {
    String now = Times.text(clock.instant());
    String message = change.message();
    return new EventBuilder()
        .withNewMetadata()
        .withName(eventName(object, change))
        .withNamespace(object.getMetadata().getNamespace())
        .endMetadata()
        .withNewInvolvedObject()
        .withApiVersion(object.getApiVersion())
        .withKind(object.getKind())
        .withName(object.getMetadata().getName())
        .withNamespace(object.getMetadata().getNamespace())
        .withUid(object.getMetadata().getUid())
        .endInvolvedObject()
        .withType(change.warning() ? "Warning" : "Normal")
        .withReason(change.reason())
        .withMessage(
            message.length() <= MESSAGE_LENGTH
                ? message
                : message.substring(0, MESSAGE_LENGTH - 1) + "…")
        .withNewSource()
        .withComponent(COMPONENT)
        .endSource()
        .withReportingComponent(COMPONENT)
        .withReportingInstance(COMPONENT)
        .withCount(1)
        .withFirstTimestamp(now)
        .withLastTimestamp(now)
        .build();
  }

  private static String eventName(HasMetadata object, Change change) {
    String text = object.getMetadata().getUid() + change.reason() + change.message();
    String name = object.getMetadata().getName();
    return "%s.%s"
        .formatted(
            name.substring(0, Math.min(name.length(), NAME_LENGTH)),
            UUID.nameUUIDFromBytes(text.getBytes(StandardCharsets.UTF_8)));
  }
}
