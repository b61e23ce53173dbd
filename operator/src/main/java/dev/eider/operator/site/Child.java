package dev.eider.operator.site;

import dev.eider.api.v1alpha1.AnalyticsSite;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.dependent.GarbageCollected;
import io.javaoperatorsdk.operator.processing.dependent.Creator;
import io.javaoperatorsdk.operator.processing.dependent.Updater;
import io.javaoperatorsdk.operator.processing.dependent.kubernetes.KubernetesDependentResource;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.util.function.Function;

/**
 * An object that is made from a site's plan, kept as it was made, and gone with the site.
 *
 * @param <R> kind of the object
 */
class Child<R extends HasMetadata> extends KubernetesDependentResource<R, AnalyticsSite>
    implements Creator<R, AnalyticsSite>,
        Updater<R, AnalyticsSite>,
        GarbageCollected<AnalyticsSite> {

  private final Planner planner;
  private final Function<String, String> objectName;
  private final Function<SitePlan, R> desired;

  /**
   * @param name of this step in the workflow
   * @param objectName from the site's name to the object's
   * @param desired from the plan to the object
   */
  Child(
      Class<R> kind,
      String name,
      Planner planner,
      Function<String, String> objectName,
      Function<SitePlan, R> desired) {
    super(kind, name);
    this.planner = planner;
    this.objectName = objectName;
    this.desired = desired;
  }

  @Override
  protected R desired(AnalyticsSite site, Context<AnalyticsSite> context) {
    return desired.apply(planner.plan(site, context));
  }

  @Override
  protected ResourceID targetSecondaryResourceID(
      AnalyticsSite site, Context<AnalyticsSite> context) {
    return Names.id(objectName.apply(site.getMetadata().getName()), site);
  }
}
