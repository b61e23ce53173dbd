package dev.eider.runtime.collect;

import java.util.List;
import java.util.Map;

/**
 * A request of which nothing is kept. Serialised, it is Plausible's shape: {@code
 * {"errors":{"field":["why"]}}}.
 *
 * @param status 400, 401, 403, 413 or 429
 * @param reason one word for metrics: {@code not_json}, {@code too_large}, {@code too_deep}, {@code
 *     invalid}, {@code wrong_key}, {@code unknown_site}, {@code paused}, {@code rate_limited} or
 *     {@code address_rate_limited}
 * @param errors by field, each a sentence for whoever wrote the sender; no personal data
 * @param retryAfter seconds after which the same may be sent again, for the header {@code
 *     Retry-After}; 0 where that would not help
 */
public record Rejection(int status, String reason, Map<String, List<String>> errors, int retryAfter)
    implements CollectResult, Adapted, Batch.Item, Outcome, Verdict {

  public Rejection {
    errors = Map.copyOf(errors);
  }

  /** One that sending again does not help. */
  public Rejection(int status, String reason, Map<String, List<String>> errors) {
    this(status, reason, errors, 0);
  }

  static Rejection of(int status, String reason, String field, String why) {
    return new Rejection(status, reason, Map.of(field, List.of(why)));
  }

  static Rejection invalid(String field, String why) {
    return of(400, "invalid", field, why);
  }
}
