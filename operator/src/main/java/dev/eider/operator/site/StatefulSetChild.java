package dev.eider.operator.site;

import dev.eider.api.v1alpha1.AnalyticsSite;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.dependent.ReconcileResult;

/** The StatefulSet, which cannot change all of itself. */
final class StatefulSetChild extends Child<StatefulSet> {

  private final Planner planner;

  StatefulSetChild(Planner planner) {
    super(StatefulSet.class, "stateful-set", planner, Names::statefulSet, SiteStatefulSet::desired);
    this.planner = planner;
  }

  /**
   * Waits for the Secrets that the pod mounts before it makes one: a pod that was made too early
   * finds out minutes after they are there. One that is there stays, whatever becomes of them.
   *
   * <p>Waits also for what the site is to begin with: a lake that a pod has made would be in the
   * way.
   *
   * <p>A volume of somebody else's that is not there would keep any pod from starting, so one that
   * serves is not replaced for it.
   */
  @Override
  public ReconcileResult<StatefulSet> reconcile(
      AnalyticsSite site, Context<AnalyticsSite> context) {
    SitePlan plan = planner.plan(site, context);
    boolean tooEarly =
        getSecondaryResource(site, context).isEmpty()
            && !SecretLookup.troubles(plan, context).isEmpty();
    if (plan.restoration().isPresent()) {
      return ReconcileResult.noOperation(null);
    }
    boolean held =
        !plan.runtime().stoppedNow()
            && GeoLookup.trouble(plan, context).filter(GeoDatabase.Trouble::holds).isPresent();
    return tooEarly || held ? ReconcileResult.noOperation(null) : super.reconcile(site, context);
  }

  @Override
  protected StatefulSet desired(AnalyticsSite site, Context<AnalyticsSite> context) {
    return SiteStatefulSet.keepingClaimTemplates(
        super.desired(site, context), getSecondaryResource(site, context));
  }
}
