package dev.eider.operator.site;

import dev.eider.api.v1alpha1.S3;
import dev.eider.api.v1alpha1.SecretKeyRef;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a pod is given when its lake lies in S3 or its catalog in PostgreSQL, and nothing when it
 * does not: a pod whose lake is on its volume is as it always was, so that no upgrade restarts it.
 *
 * <p>Whole folders are mounted, since only those follow a Secret as it changes.
 */
record LakeElsewhere(List<EnvVar> variables, List<Volume> volumes, List<VolumeMount> mounts) {

  private static final String CREDENTIALS = "/etc/eider/s3";
  private static final String CERTIFICATES = "/etc/eider/s3-ca";
  private static final String CATALOG = "/etc/eider/catalog";
  private static final String TIER_CREDENTIALS = "/etc/eider/tier-s3";
  private static final String TIER_CERTIFICATES = "/etc/eider/tier-s3-ca";
  private static final String CA_FILE = "ca.crt";

  LakeElsewhere {
    variables = List.copyOf(variables);
    volumes = List.copyOf(volumes);
    mounts = List.copyOf(mounts);
  }

  static LakeElsewhere of(SitePlan plan) {
    List<EnvVar> variables = new ArrayList<>();
    List<Volume> volumes = new ArrayList<>();
    List<VolumeMount> mounts = new ArrayList<>();
    Optional<S3> s3 = plan.runtime().s3();
    Optional<String> catalog = plan.runtime().catalogSecret();
    Optional<S3> tier = plan.runtime().tierPlace();
    if (s3.isPresent() || catalog.isPresent() || tier.isPresent()) {
      variables.add(PodParts.env("EIDER_LAKE_ID", plan.lakeId()));
    }
    s3.flatMap(S3::credentialsSecret)
        .ifPresent(
            secret -> {
              variables.add(PodParts.env("EIDER_S3_CREDENTIALS", CREDENTIALS));
              volumes.add(PodParts.secret("s3", secret));
              mounts.add(PodParts.mount("s3", CREDENTIALS, true));
            });
    s3.flatMap(S3::ca)
        .ifPresent(
            ca -> {
              variables.add(PodParts.env("EIDER_S3_CA", CERTIFICATES + "/" + CA_FILE));
              volumes.add(certificates(ca));
              mounts.add(PodParts.mount("s3-ca", CERTIFICATES, true));
            });
    catalog.ifPresent(
        secret -> {
          variables.add(PodParts.env("EIDER_CATALOG", CATALOG));
          volumes.add(PodParts.secret("catalog", secret));
          mounts.add(PodParts.mount("catalog", CATALOG, true));
        });
    tier.ifPresent(bucket -> reach(bucket, variables, volumes, mounts));
    return new LakeElsewhere(variables, volumes, mounts);
  }

  /** Where the lake is on the volume and its older days are not. */
  private static void reach(
      S3 tier, List<EnvVar> variables, List<Volume> volumes, List<VolumeMount> mounts) {
    tier.credentialsSecret()
        .ifPresent(
            secret -> {
              variables.add(PodParts.env("EIDER_TIER_S3_CREDENTIALS", TIER_CREDENTIALS));
              volumes.add(PodParts.secret("tier-s3", secret));
              mounts.add(PodParts.mount("tier-s3", TIER_CREDENTIALS, true));
            });
    tier.ca()
        .ifPresent(
            ca -> {
              variables.add(PodParts.env("EIDER_TIER_S3_CA", TIER_CERTIFICATES + "/" + CA_FILE));
              volumes.add(
                  PodParts.secretEntry("tier-s3-ca", ca.name(), ca.keyOrDefault(), CA_FILE));
              mounts.add(PodParts.mount("tier-s3-ca", TIER_CERTIFICATES, true));
            });
  }

  private static Volume certificates(SecretKeyRef ca) {
    return PodParts.secretEntry("s3-ca", ca.name(), ca.keyOrDefault(), CA_FILE);
  }
}
