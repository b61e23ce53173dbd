package dev.eider.operator.site;

import dev.eider.api.v1alpha1.ArchiveDestination;
import dev.eider.api.v1alpha1.RetentionPolicy;
import dev.eider.api.v1alpha1.RetentionPolicySpec;
import dev.eider.api.v1alpha1.S3;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a pod is given when the site's policy has an archive, and nothing when it has none. Each
 * site has a folder of its own there.
 */
record ArchiveTarget(List<EnvVar> variables, List<Volume> volumes, List<VolumeMount> mounts) {

  private static final String VOLUME = "/archive";
  private static final String CREDENTIALS = "/etc/eider/archive-s3";
  private static final String CERTIFICATES = "/etc/eider/archive-s3-ca";
  private static final String CA_FILE = "ca.crt";

  ArchiveTarget {
    variables = List.copyOf(variables);
    volumes = List.copyOf(volumes);
    mounts = List.copyOf(mounts);
  }

  static ArchiveTarget of(SitePlan plan) {
    List<EnvVar> variables = new ArrayList<>();
    List<Volume> volumes = new ArrayList<>();
    List<VolumeMount> mounts = new ArrayList<>();
    claim(plan)
        .ifPresent(
            claim -> {
              variables.add(PodParts.env("EIDER_ARCHIVE_TO", VOLUME + "/" + plan.lakeId()));
              volumes.add(
                  new VolumeBuilder()
                      .withName("archive")
                      .withNewPersistentVolumeClaim()
                      .withClaimName(claim)
                      .endPersistentVolumeClaim()
                      .build());
              mounts.add(PodParts.mount("archive", VOLUME, false));
            });
    bucket(plan).ifPresent(s3 -> reach(s3, plan.lakeId(), variables, volumes, mounts));
    return new ArchiveTarget(variables, volumes, mounts);
  }

  private static Optional<ArchiveDestination> destination(SitePlan plan) {
    return plan.policy()
        .map(RetentionPolicy::getSpec)
        .flatMap(RetentionPolicySpec::archiveWanted)
        .map(RetentionPolicySpec.Archive::destination);
  }

  /** The claim that the archive lies on, if it is one. */
  static Optional<String> claim(SitePlan plan) {
    return destination(plan).flatMap(ArchiveDestination::claim);
  }

  /** The archive's bucket; what is not said of it is as of the lake's. */
  static Optional<S3> bucket(SitePlan plan) {
    Optional<S3> lake = plan.runtime().s3();
    return destination(plan)
        .flatMap(ArchiveDestination::bucket)
        .map(
            s3 ->
                lake.map(
                        other ->
                            new S3(
                                s3.bucket(),
                                s3.prefix(),
                                s3.region() == null ? other.region() : s3.region(),
                                s3.endpoint() == null ? other.endpoint() : s3.endpoint(),
                                s3.pathStyle() == null ? other.pathStyle() : s3.pathStyle(),
                                s3.credentialsSecretRef() == null
                                    ? other.credentialsSecretRef()
                                    : s3.credentialsSecretRef(),
                                s3.caSecretRef() == null ? other.caSecretRef() : s3.caSecretRef()))
                    .orElse(s3));
  }

  private static void reach(
      S3 s3,
      String folder,
      List<EnvVar> variables,
      List<Volume> volumes,
      List<VolumeMount> mounts) {
    variables.add(PodParts.env("EIDER_ARCHIVE_TO", s3.url(folder)));
    Optional.ofNullable(s3.endpoint())
        .ifPresent(url -> variables.add(PodParts.env("EIDER_ARCHIVE_S3_ENDPOINT", url)));
    Optional.ofNullable(s3.region())
        .ifPresent(region -> variables.add(PodParts.env("EIDER_ARCHIVE_S3_REGION", region)));
    Optional.ofNullable(s3.pathStyle())
        .ifPresent(
            path ->
                variables.add(PodParts.env("EIDER_ARCHIVE_S3_PATH_STYLE", Boolean.toString(path))));
    s3.credentialsSecret()
        .ifPresent(
            secret -> {
              variables.add(PodParts.env("EIDER_ARCHIVE_S3_CREDENTIALS", CREDENTIALS));
              volumes.add(PodParts.secret("archive-s3", secret));
              mounts.add(PodParts.mount("archive-s3", CREDENTIALS, true));
            });
    s3.ca()
        .ifPresent(
            ca -> {
              variables.add(PodParts.env("EIDER_ARCHIVE_S3_CA", CERTIFICATES + "/" + CA_FILE));
              volumes.add(
                  PodParts.secretEntry("archive-s3-ca", ca.name(), ca.keyOrDefault(), CA_FILE));
              mounts.add(PodParts.mount("archive-s3-ca", CERTIFICATES, true));
            });
  }
}
