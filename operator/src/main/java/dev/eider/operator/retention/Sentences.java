package dev.eider.operator.retention;

import dev.eider.api.v1alpha1.RetentionPolicySpec;

/** What a policy does, for people. */
final class Sentences {

  private Sentences() {}

  static String of(RetentionPolicySpec spec) {
    return spec.rawDays()
        .map(
            days ->
                switch (spec.resolvedMode()) {
                  case Enforce -> "raw events go after %d days".formatted(days);
                  case DryRun ->
                      "raw events older than %d days are counted; none goes (mode DryRun)"
                          .formatted(days);
                })
        .orElse("raw events are kept for ever");
  }
}
