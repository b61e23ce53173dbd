package dev.eider.operator;

import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.RuntimeInfo;

/** Whether the operator can do its work. */
final class Health {

  private final Operator operator;

  Health(Operator operator) {
    this.operator = operator;
  }

  /** Started, and every watch is alive. */
  boolean isReady() {
    RuntimeInfo info = operator.getRuntimeInfo();
    return info.isStarted() && info.allEventSourcesAreHealthy();
  }

  /** What is not well, for people; empty when all is. */
  String trouble() {
    RuntimeInfo info = operator.getRuntimeInfo();
    if (!info.isStarted()) {
      return "not started yet";
    }
    return info.allEventSourcesAreHealthy()
        ? ""
        : "watches are broken: " + info.unhealthyEventSources().keySet();
  }
}
