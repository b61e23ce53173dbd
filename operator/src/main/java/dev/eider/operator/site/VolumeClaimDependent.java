package dev.eider.operator.site;

import dev.eider.api.v1alpha1.AnalyticsSite;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.processing.dependent.Creator;
import io.javaoperatorsdk.operator.processing.dependent.Matcher;
import io.javaoperatorsdk.operator.processing.dependent.Updater;
import io.javaoperatorsdk.operator.processing.dependent.kubernetes.KubernetesDependentResource;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.net.HttpURLConnection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Makes the claim once, then only lets it grow and sets its owner. Not a {@link Child}: it is not
 * garbage-collected, and nothing in a workflow may delete it.
 */
final class VolumeClaimDependent
    extends KubernetesDependentResource<PersistentVolumeClaim, AnalyticsSite>
    implements Creator<PersistentVolumeClaim, AnalyticsSite>,
        Updater<PersistentVolumeClaim, AnalyticsSite> {

  private final Planner planner;
  private final Map<ResourceID, String> refusals = new ConcurrentHashMap<>();

  VolumeClaimDependent(Planner planner) {
    super(PersistentVolumeClaim.class, "volume-claim");
    this.planner = planner;
  }

  @Override
  protected PersistentVolumeClaim desired(AnalyticsSite site, Context<AnalyticsSite> context) {
    return VolumeClaim.desired(planner.plan(site, context));
  }

  @Override
  public PersistentVolumeClaim create(
      PersistentVolumeClaim desired, AnalyticsSite site, Context<AnalyticsSite> context) {
    try {
      return context.getClient().resource(desired).create();
    } catch (KubernetesClientException e) {
      if (e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
        throw e;
      }
      String name = desired.getMetadata().getName();
      throw new IllegalStateException(
          "the claim %s is there but is not labelled as this site's: to use it, run kubectl label pvc %s -n %s %s=%s; otherwise rename the site"
              .formatted(
                  name,
                  name,
                  site.getMetadata().getNamespace(),
                  Names.SITE_LABEL,
                  site.getMetadata().getName()),
          e);
    }
  }

  @Override
  public Matcher.Result<PersistentVolumeClaim> match(
      PersistentVolumeClaim actual, AnalyticsSite site, Context<AnalyticsSite> context) {
    PersistentVolumeClaim desired = desired(site, context);
    boolean large = isLargeEnough(actual, desired);
    boolean owned =
        actual
            .getMetadata()
            .getOwnerReferences()
            .equals(desired.getMetadata().getOwnerReferences());
    boolean named = VolumeClaim.siteId(actual).equals(VolumeClaim.siteId(desired));
    if (large) {
      refusals.remove(ResourceID.fromResource(site));
    }
    return Matcher.Result.computed(large && owned && named, desired);
  }

  @Override
  public PersistentVolumeClaim update(
      PersistentVolumeClaim actual,
      PersistentVolumeClaim desired,
      AnalyticsSite site,
      Context<AnalyticsSite> context) {
    Quantity size =
        isLargeEnough(actual, desired)
            ? VolumeClaim.requested(actual)
            : VolumeClaim.requested(desired);
    ResourceID id = ResourceID.fromResource(site);
    PersistentVolumeClaim wanted =
        new PersistentVolumeClaimBuilder(actual)
            .editMetadata()
            .addToAnnotations(desired.getMetadata().getAnnotations())
            .withOwnerReferences(desired.getMetadata().getOwnerReferences())
            .endMetadata()
            .editSpec()
            .editResources()
            .addToRequests("storage", size)
            .endResources()
            .endSpec()
            .build();
    try {
      PersistentVolumeClaim updated = context.getClient().resource(wanted).update();
      refusals.remove(id);
      return updated;
    } catch (KubernetesClientException e) {
      if (e.getCode() == HttpURLConnection.HTTP_CONFLICT || isLargeEnough(actual, desired)) {
        throw e;
      }
      // The site goes on with the volume that it has; status says that it does not grow, and why.
      refusals.put(
          id, e.getStatus() == null ? String.valueOf(e.getMessage()) : e.getStatus().getMessage());
      return actual;
    }
  }

  /** Why the claim could not grow when it was last tried. */
  Optional<String> growthRefused(ResourceID site) {
    return Optional.ofNullable(refusals.get(site));
  }

  @Override
  protected ResourceID targetSecondaryResourceID(
      AnalyticsSite site, Context<AnalyticsSite> context) {
    return Names.id(Names.volumeClaim(site.getMetadata().getName()), site);
  }

  private static boolean isLargeEnough(
      PersistentVolumeClaim actual, PersistentVolumeClaim desired) {
    return VolumeClaim.requested(actual)
            .getNumericalAmount()
            .compareTo(VolumeClaim.requested(desired).getNumericalAmount())
        >= 0;
  }
}
