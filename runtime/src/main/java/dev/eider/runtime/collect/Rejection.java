package dev.eider.runtime.collect;

import java.util.List;
import java.util.Map;

/**
 * A request of which nothing is kept. Serialised, it is Plausible's shape: {@code
 * {"errors":{"field":["why"]}}}.
 *
 * @param status 400, 403 or 413
 * @param reason one word for metrics: {@code not_json}, {@code too_large}, {@code too_deep}, {@code
 *     invalid}, {@code unknown_site} or {@code paused}
 * @param errors by field, each a sentence for whoever wrote the sender; no personal data
 */
public record Rejection(int status, String reason, Map<String, List<String>> errors)
    implements CollectResult, Adapted, Batch.Item {

  public Rejection {
    errors = Map.copyOf(errors);
  }

  static Rejection of(int status, String reason, String field, String why) {
    return new Rejection(status, reason, Map.of(field, List.of(why)));
  }

  static Rejection invalid(String field, String why) {
    return of(400, "invalid", field, why);
  }
}
