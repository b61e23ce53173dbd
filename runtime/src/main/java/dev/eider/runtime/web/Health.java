package dev.eider.runtime.web;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/**
 * Whether the runtime may be sent requests, and why not.
 *
 * <p>Alive means that the process is worth keeping; it says no only after an error from which only
 * a restart helps. Ready means that events are accepted and statistics answered.
 */
public final class Health {

  private final Map<String, Supplier<Optional<String>>> checks;
  private final AtomicReference<String> fatal = new AtomicReference<>("");
  private volatile String phase = "starting";

  /**
   * @param checks each answers with what is wrong just now, or with nothing
   */
  public Health(Map<String, Supplier<Optional<String>>> checks) {
    this.checks = new LinkedHashMap<>(checks);
  }

  /** All is up: ready unless a check says no. */
  public void started() {
    phase = "";
  }

  /** On the way down: not ready from now on. */
  public void stopping() {
    phase = "stopping";
  }

  /** Only a restart helps. */
  public void fatal(String why) {
    fatal.compareAndSet("", why);
  }

  /** Why the process should be restarted; empty while it is alive. */
  public String notAlive() {
    return fatal.get();
  }

  /** What keeps the runtime from being ready, by part; empty when it is ready. */
  public Map<String, String> notReady() {
    Map<String, String> reasons = new LinkedHashMap<>();
    if (!fatal.get().isEmpty()) {
      reasons.put("runtime", fatal.get());
    } else if (!phase.isEmpty()) {
      reasons.put("runtime", phase);
    }
    checks.forEach((part, check) -> check.get().ifPresent(why -> reasons.put(part, why)));
    return reasons;
  }
}
