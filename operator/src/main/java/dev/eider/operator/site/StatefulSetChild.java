package dev.eider.operator.site;

import dev.eider.api.v1alpha1.AnalyticsSite;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.javaoperatorsdk.operator.api.reconciler.Context;

/** The StatefulSet, which cannot change all of itself. */
final class StatefulSetChild extends Child<StatefulSet> {

  StatefulSetChild(Planner planner) {
    super(StatefulSet.class, "stateful-set", planner, Names::statefulSet, SiteStatefulSet::desired);
  }

  @Override
  protected StatefulSet desired(AnalyticsSite site, Context<AnalyticsSite> context) {
    return SiteStatefulSet.keepingClaimTemplates(
        super.desired(site, context), getSecondaryResource(site, context));
  }
}
