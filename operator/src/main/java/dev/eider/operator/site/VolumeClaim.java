package dev.eider.operator.site;

import dev.eider.api.v1alpha1.AnalyticsSite;
import dev.eider.api.v1alpha1.DeletionPolicy;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The claim that holds a site's data. It outlives the site unless the site says {@code Delete}, is
 * found again by name, and never shrinks.
 */
final class VolumeClaim {

  private VolumeClaim() {}

  static PersistentVolumeClaim desired(SitePlan plan) {
    return new PersistentVolumeClaimBuilder()
        .withMetadata(plan.metadata(Names.volumeClaim(plan.name()), Names.RUNTIME))
        .editMetadata()
        .withAnnotations(annotations(plan))
        .withOwnerReferences(owners(plan.site()))
        .endMetadata()
        .withSpec(template(plan).getSpec())
        .build();
  }

  private static Map<String, String> annotations(SitePlan plan) {
    Map<String, String> annotations = new TreeMap<>();
    annotations.put(Names.SITE_ID_ANNOTATION, plan.spec().resolvedSiteId());
    plan.ownLakeId().ifPresent(id -> annotations.put(Names.LAKE_ID_ANNOTATION, id));
    return annotations;
  }

  /** What the StatefulSet asks for where the operator has not been first. */
  static PersistentVolumeClaim template(SitePlan plan) {
    return new PersistentVolumeClaimBuilder()
        .withApiVersion("v1")
        .withKind("PersistentVolumeClaim")
        .withNewMetadata()
        .withName("data")
        .withLabels(Names.labels(plan.name(), Names.RUNTIME))
        .endMetadata()
        .withNewSpec()
        .withAccessModes("ReadWriteOnce")
        .withVolumeMode("Filesystem")
        .withStorageClassName(plan.runtime().storageClassName().orElse(null))
        .withNewResources()
        .withRequests(Map.of("storage", CanonicalQuantity.of(plan.runtime().volumeSize())))
        .endResources()
        .endSpec()
        .build();
  }

  /**
   * With {@code Delete} the claim goes with the site; with {@code Retain} nothing takes it away.
   */
  static List<OwnerReference> owners(AnalyticsSite site) {
    return site.getSpec().resolvedDeletionPolicy() == DeletionPolicy.Retain
        ? List.of()
        : List.of(
            new OwnerReferenceBuilder()
                .withApiVersion(site.getApiVersion())
                .withKind(site.getKind())
                .withName(site.getMetadata().getName())
                .withUid(site.getMetadata().getUid())
                .build());
  }

  /** What the claim asks for. */
  static Quantity requested(PersistentVolumeClaim claim) {
    return Optional.ofNullable(claim.getSpec().getResources().getRequests())
        .map(requests -> requests.get("storage"))
        .orElse(new Quantity("0"));
  }

  /** What the claim has; zero before it is bound. */
  static Quantity capacity(PersistentVolumeClaim claim) {
    return Optional.ofNullable(claim.getStatus())
        .map(status -> status.getCapacity())
        .map(capacity -> capacity.get("storage"))
        .orElse(new Quantity("0"));
  }

  /** How it is, in Kubernetes' word. */
  static String phase(PersistentVolumeClaim claim) {
    return Optional.ofNullable(claim.getStatus())
        .map(status -> status.getPhase())
        .orElse("Pending");
  }

  /** The lake that the claim's volume belongs to; empty: the one that is named after the site. */
  static Optional<String> lakeId(PersistentVolumeClaim claim) {
    return Optional.ofNullable(claim.getMetadata().getAnnotations())
        .map(annotations -> annotations.get(Names.LAKE_ID_ANNOTATION));
  }

  /** The siteId whose data the claim holds; empty when it does not say. */
  static Optional<String> siteId(PersistentVolumeClaim claim) {
    return Optional.ofNullable(claim.getMetadata().getAnnotations())
        .map(annotations -> annotations.get(Names.SITE_ID_ANNOTATION));
  }
}
