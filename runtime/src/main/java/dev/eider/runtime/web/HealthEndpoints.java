package dev.eider.runtime.web;

import io.helidon.http.Method;
import io.helidon.http.Status;
import java.util.Map;

/** {@code /livez} and {@code /readyz}, open to all: they tell nothing about the data. */
final class HealthEndpoints {

  private final Health health;

  HealthEndpoints(Health health) {
    this.health = health;
  }

  void on(Routes.Builder routes) {
    routes.on(Method.GET, "/livez", this::live).on(Method.GET, "/readyz", this::ready);
  }

  private void live(Exchange exchange) {
    String why = health.notAlive();
    if (why.isEmpty()) {
      exchange.json(Status.OK_200, Map.of("status", "alive"));
    } else {
      exchange.json(Status.SERVICE_UNAVAILABLE_503, new No("dying", Map.of("runtime", why)));
    }
  }

  private void ready(Exchange exchange) {
    Map<String, String> reasons = health.notReady();
    if (reasons.isEmpty()) {
      exchange.json(Status.OK_200, Map.of("status", "ready"));
    } else {
      exchange.json(Status.SERVICE_UNAVAILABLE_503, new No("not ready", reasons));
    }
  }

  private record No(String status, Map<String, String> reasons) {}
}
