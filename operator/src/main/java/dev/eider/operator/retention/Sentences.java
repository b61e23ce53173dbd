package dev.eider.operator.retention;

import dev.eider.api.v1alpha1.RetentionPolicySpec;
import java.util.Optional;

/** What a policy does, for people. */
public final class Sentences {

  private Sentences() {}

  /** In one sentence, without a full stop. */
  public static String of(RetentionPolicySpec spec) {
    return going(spec)
        + spec.auditDays()
            .map(days -> "; entries of the audit log after %d days".formatted(days))
            .orElse("")
        + spec.tier()
            .map(
                tier ->
                    "; days lie in the sites' buckets after %d days".formatted(tier.afterDays()))
            .orElse("");
  }

  private static String going(RetentionPolicySpec spec) {
    if (spec.rawDays().isEmpty()) {
      return "raw events are kept for ever";
    }
    return switch (spec.resolvedMode()) {
      case Enforce -> kept(spec, "go after");
      case DryRun ->
          kept(spec, "are to go after") + "; they are counted, and none goes (mode DryRun)";
    };
  }

  private static String kept(RetentionPolicySpec spec, String go) {
    int raw = spec.rawDays().orElseThrow();
    int sessions = spec.resolvedSessionsDays().orElse(raw);
    StringBuilder text = new StringBuilder("raw events ");
    text.append(go).append(" %d days".formatted(raw));
    text.append(
        spec.archiveWanted()
            .map(archive -> ", once they are in the archive")
            .orElse(", with no copy"));
    if (sessions > raw) {
      text.append("; sessions after %d days".formatted(sessions));
    }
    spec.resolvedHoursDays()
        .filter(hours -> !spec.rollupsDays().equals(Optional.of(hours)))
        .ifPresent(days -> text.append("; sums of hours after %d days".formatted(days)));
    spec.rollupsDays()
        .ifPresent(days -> text.append("; sums of days after %d days".formatted(days)));
    return text.toString();
  }
}
