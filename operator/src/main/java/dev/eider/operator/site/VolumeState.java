package dev.eider.operator.site;

import dev.eider.operator.status.ConditionType;
import dev.eider.operator.status.Conditions;
import dev.eider.operator.status.Reason;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;

/** How a site's volume is: StorageReady. */
final class VolumeState {

  private final SitePlan plan;
  private final Observed observed;

  VolumeState(SitePlan plan, Observed observed) {
    this.plan = plan;
    this.observed = observed;
  }

  /** States it. */
  void state(Conditions conditions) {
    String name = Names.volumeClaim(plan.name());
    if (observed.claim().isEmpty()) {
      conditions.no(
          ConditionType.StorageReady,
          Reason.VolumeMissing,
          "the claim %s is not there yet".formatted(name));
      return;
    }
    var claim = observed.claim().get();
    switch (VolumeClaim.phase(claim)) {
      case "Bound" -> bound(conditions, claim);
      case "Lost" ->
          conditions.no(
              ConditionType.StorageReady,
              Reason.VolumeLost,
              "the claim %s has lost its volume: restore the PersistentVolume %s, or delete the claim if its data may go"
                  .formatted(name, claim.getSpec().getVolumeName()));
      default ->
          conditions.no(
              ConditionType.StorageReady,
              Reason.VolumePending,
              "the claim %s is not bound yet; if this lasts, kubectl describe pvc %s says why"
                  .formatted(name, name));
    }
  }

  private void bound(Conditions conditions, PersistentVolumeClaim claim) {
    String name = claim.getMetadata().getName();
    var wanted = CanonicalQuantity.of(plan.runtime().volumeSize());
    var requested = VolumeClaim.requested(claim);
    var capacity = VolumeClaim.capacity(claim);
    int more = requested.getNumericalAmount().compareTo(wanted.getNumericalAmount());
    if (observed.growthRefused().isPresent()) {
      conditions.no(
          ConditionType.StorageReady,
          Reason.GrowthRefused,
          "the claim %s stays at %s and cannot grow to %s: %s"
              .formatted(name, requested, wanted, observed.growthRefused().get()));
    } else if (capacity.getNumericalAmount().compareTo(requested.getNumericalAmount()) < 0) {
      conditions.no(
          ConditionType.StorageReady,
          Reason.Growing,
          "the volume of claim %s grows from %s to %s".formatted(name, capacity, requested));
    } else if (more > 0) {
      conditions.yes(
          ConditionType.StorageReady,
          Reason.VolumeBound,
          "the claim %s is bound with %s, more than the %s asked for: volumes never shrink"
              .formatted(name, requested, wanted));
    } else {
      conditions.yes(
          ConditionType.StorageReady,
          Reason.VolumeBound,
          "the claim %s is bound with %s".formatted(name, requested));
    }
  }
}
