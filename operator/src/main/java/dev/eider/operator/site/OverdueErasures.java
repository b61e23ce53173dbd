package dev.eider.operator.site;

import dev.eider.api.v1alpha1.ErasureRequest;
import dev.eider.api.v1alpha1.ErasureRequestStatus;
import dev.eider.operator.status.ConditionType;
import dev.eider.operator.status.Conditions;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Which erasures were not done by their deadline, for the status of their sites. */
public final class OverdueErasures {

  private volatile Supplier<Stream<ErasureRequest>> requests = Stream::empty;

  /** Tells where the requests are; before, there are none. */
  public void take(Supplier<Stream<ErasureRequest>> all) {
    requests = all;
  }

  /** Names of the erasures that are late for a site, by comma; empty when none is. */
  String of(SitePlan plan) {
    return requests
        .get()
        .filter(each -> each.getMetadata().getNamespace().equals(plan.namespace()))
        .filter(
            each ->
                each.getSpec().siteRefs().stream().anyMatch(ref -> ref.name().equals(plan.name())))
        .filter(OverdueErasures::isLate)
        .map(each -> each.getMetadata().getName())
        .sorted()
        .collect(Collectors.joining(", "));
  }

  private static boolean isLate(ErasureRequest request) {
    return Conditions.isTrue(
        Optional.ofNullable(request.getStatus())
            .map(ErasureRequestStatus::conditions)
            .orElse(List.of()),
        ConditionType.ErasureOverdue);
  }
}
