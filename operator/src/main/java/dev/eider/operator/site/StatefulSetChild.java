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
   * Waits for the Secrets and claims that the pod mounts: a pod that was made too early finds out
   * minutes after they are there, and no pod starts without a claim. One that is there stays as it
   * is, whatever becomes of them.
   *
   * <p>Waits also for what the site is to begin with: a lake that a pod has made would be in the
   * way.
   */
  @Override
  public ReconcileResult<StatefulSet> reconcile(
      AnalyticsSite site, Context<AnalyticsSite> context) {
    SitePlan plan = planner.plan(site, context);
    boolean needsNoPod =
        plan.runtime().stoppedNow() && getSecondaryResource(site, context).isPresent();
    boolean held =
        plan.restoration().isPresent()
            || !needsNoPod
                && (!ReferenceLookup.troubles(plan, context).isEmpty()
                    || GeoLookup.trouble(plan, context)
                        .filter(GeoDatabase.Trouble::holds)
                        .isPresent());
    return held ? ReconcileResult.noOperation(null) : super.reconcile(site, context);
  }

  @Override
  protected StatefulSet desired(AnalyticsSite site, Context<AnalyticsSite> context) {
    return SiteStatefulSet.keepingWhatIsFixed(
        super.desired(site, context), getSecondaryResource(site, context));
  }
}
