package dev.eider.operator.retention;

import dev.eider.api.v1alpha1.Condition;
import dev.eider.api.v1alpha1.RetentionPolicy;
import dev.eider.api.v1alpha1.RetentionPolicyStatus;
import dev.eider.operator.events.Change;
import dev.eider.operator.events.EventRecorder;
import dev.eider.operator.status.ConditionType;
import dev.eider.operator.status.Conditions;
import dev.eider.operator.status.Reason;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.PrimaryUpdateAndCacheUtils;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/** Says of each RetentionPolicy whether it can be followed. Sites follow it by themselves. */
@ControllerConfiguration(name = "retentionpolicy", fieldManager = "eider-operator")
public final class RetentionPolicyReconciler implements Reconciler<RetentionPolicy> {

  private final EventRecorder events;
  private final Clock clock;

  public RetentionPolicyReconciler(EventRecorder events, Clock clock) {
    this.events = events;
    this.clock = clock;
  }

  @Override
  public UpdateControl<RetentionPolicy> reconcile(
      RetentionPolicy policy, Context<RetentionPolicy> context) {
    RetentionPolicyStatus status = status(policy);
    if (status.equals(policy.getStatus())) {
      return UpdateControl.noUpdate();
    }
    events.record(policy, Change.between(conditions(policy), conditions(status)));
    RetentionPolicy patch = new RetentionPolicy();
    patch.getMetadata().setName(policy.getMetadata().getName());
    patch.getMetadata().setNamespace(policy.getMetadata().getNamespace());
    patch.setStatus(status);
    // Into the cache, too: a pass that still saw the old status would tell the same news twice.
    PrimaryUpdateAndCacheUtils.ssaPatchStatusAndCacheResource(policy, patch, context);
    return UpdateControl.noUpdate();
  }

  private RetentionPolicyStatus status(RetentionPolicy policy) {
    long generation = policy.getMetadata().getGeneration();
    Conditions conditions = new Conditions(conditions(policy), generation, clock.instant());
    Optional<PolicyProblem> problem = PolicyProblem.of(policy.getSpec());
    if (problem.isPresent()) {
      PolicyProblem found = problem.get();
      conditions
          .no(ConditionType.Ready, found.reason(), found.message())
          .yes(ConditionType.Stalled, found.reason(), found.message());
    } else {
      conditions.yes(ConditionType.Ready, Reason.Accepted, Sentences.of(policy.getSpec()));
    }
    return new RetentionPolicyStatus(
        generation, conditions.all(), policy.getSpec().resolvedMode().name());
  }

  private static List<Condition> conditions(RetentionPolicy policy) {
    return Optional.ofNullable(policy.getStatus())
        .map(RetentionPolicyReconciler::conditions)
        .orElse(List.of());
  }

  private static List<Condition> conditions(RetentionPolicyStatus status) {
    return Optional.ofNullable(status.conditions()).orElse(List.of());
  }
}
