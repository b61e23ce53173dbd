package dev.eider.operator.site;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The objects of a site, whole, beside this test as YAML. */
class DesiredObjectsTest {

  private static final String SMALL = "{domains: [blog.example.com], runtime: {}}";

  @Test
  void aSmallSiteIsServedByThisStatefulSet() throws IOException {
    assertThat(Serialization.asYaml(SiteStatefulSet.desired(Plans.of(SMALL))))
        .isEqualTo(expected("stateful-set.yaml"));
  }

  @Test
  void aSiteWhoseLakeLiesElsewhereIsServedByThisStatefulSet() throws IOException {
    SitePlan plan =
        Plans.of(
            """
            {domains: [blog.example.com], runtime: {
             storage: {s3: {bucket: lakes, prefix: eider, endpoint: 'https://s3.example.com',
              credentialsSecretRef: {name: lake-keys}, caSecretRef: {name: lake-ca, key: root.pem}}},
             catalog: {postgres: {secretRef: {name: lake-db-app}}}}}
            """
                .replace("\n", " "));
    assertThat(Serialization.asYaml(SiteStatefulSet.desired(plan)))
        .isEqualTo(expected("stateful-set-elsewhere.yaml"));
  }

  @Test
  void aPodIsGivenWhatItsSpecNamesAndNoMore() {
    assertThat(elsewhere("{storage: {s3: {bucket: lakes}}}"))
        .isEqualTo(
            new LakeElsewhere(
                List.of(PodParts.env("EIDER_LAKE_ID", "web.blog")), List.of(), List.of()));
    assertThat(elsewhere("{catalog: {postgres: {secretRef: {name: db}}}}"))
        .isEqualTo(
            new LakeElsewhere(
                List.of(
                    PodParts.env("EIDER_LAKE_ID", "web.blog"),
                    PodParts.env("EIDER_CATALOG", "/etc/eider/catalog")),
                List.of(PodParts.secret("catalog", "db")),
                List.of(PodParts.mount("catalog", "/etc/eider/catalog", true))));
    assertThat(
            elsewhere(
                "{storage: {tier: {s3: {bucket: older, credentialsSecretRef: {name: keys},"
                    + " caSecretRef: {name: ca, key: root.pem}}}}}"))
        .isEqualTo(
            new LakeElsewhere(
                List.of(
                    PodParts.env("EIDER_LAKE_ID", "web.blog"),
                    PodParts.env("EIDER_TIER_S3_CREDENTIALS", "/etc/eider/tier-s3"),
                    PodParts.env("EIDER_TIER_S3_CA", "/etc/eider/tier-s3-ca/ca.crt")),
                List.of(
                    PodParts.secret("tier-s3", "keys"),
                    PodParts.secretEntry("tier-s3-ca", "ca", "root.pem", "ca.crt")),
                List.of(
                    PodParts.mount("tier-s3", "/etc/eider/tier-s3", true),
                    PodParts.mount("tier-s3-ca", "/etc/eider/tier-s3-ca", true))));
    assertThat(elsewhere("{catalog: {}}"))
        .isEqualTo(new LakeElsewhere(List.of(), List.of(), List.of()));
  }

  @Test
  void aPodIsToldWhereItsBackupsGo() {
    assertThat(backups("{}")).isEqualTo(new BackupTarget(List.of(), List.of(), List.of()));
    assertThat(backups("{backup: {destination: {volume: {claimName: kept}}, keep: {count: 3}}}"))
        .isEqualTo(
            new BackupTarget(
                List.of(
                    PodParts.env("EIDER_BACKUP_TO", "/backups/web.blog"),
                    PodParts.env("EIDER_BACKUP_KEEP", "3")),
                List.of(
                    new VolumeBuilder()
                        .withName("backups")
                        .withNewPersistentVolumeClaim()
                        .withClaimName("kept")
                        .endPersistentVolumeClaim()
                        .build()),
                List.of(PodParts.mount("backups", "/backups", false))));
    assertThat(
            backups(
                "{backup: {verify: Restore, keep: {maxAgeDays: 7}, destination: {s3: {bucket: kept,"
                    + " prefix: far, region: auto, endpoint: 'https://s3.example.com', pathStyle:"
                    + " true, credentialsSecretRef: {name: keys}, caSecretRef: {name: ca, key:"
                    + " root.pem}}}}}"))
        .isEqualTo(
            new BackupTarget(
                List.of(
                    PodParts.env("EIDER_BACKUP_TO", "s3://kept/far/web.blog"),
                    PodParts.env("EIDER_BACKUP_S3_ENDPOINT", "https://s3.example.com"),
                    PodParts.env("EIDER_BACKUP_S3_REGION", "auto"),
                    PodParts.env("EIDER_BACKUP_S3_PATH_STYLE", "true"),
                    PodParts.env("EIDER_BACKUP_S3_CREDENTIALS", "/etc/eider/backup-s3"),
                    PodParts.env("EIDER_BACKUP_S3_CA", "/etc/eider/backup-s3-ca/ca.crt"),
                    PodParts.env("EIDER_BACKUP_KEEP_DAYS", "7"),
                    PodParts.env("EIDER_BACKUP_VERIFY", "Restore")),
                List.of(
                    PodParts.secret("backup-s3", "keys"),
                    PodParts.secretEntry("backup-s3-ca", "ca", "root.pem", "ca.crt")),
                List.of(
                    PodParts.mount("backup-s3", "/etc/eider/backup-s3", true),
                    PodParts.mount("backup-s3-ca", "/etc/eider/backup-s3-ca", true))));
  }

  private static BackupTarget backups(String runtime) {
    return BackupTarget.of(
        Plans.of("{domains: [blog.example.com], runtime: %s}".formatted(runtime)));
  }

  private static LakeElsewhere elsewhere(String runtime) {
    return LakeElsewhere.of(
        Plans.of("{domains: [blog.example.com], runtime: %s}".formatted(runtime)));
  }

  @Test
  void whatRetentionRemovesGoesWhereItsPolicySays() {
    assertThat(archive("{}", "{rawEventsDays: 365}"))
        .isEqualTo(new ArchiveTarget(List.of(), List.of(), List.of()));
    ArchiveTarget volume =
        archive("{}", "{rawEventsDays: 365, archive: {destination: {volume: {claimName: attic}}}}");
    assertThat(volume.variables())
        .containsExactly(PodParts.env("EIDER_ARCHIVE_TO", "/archive/web.blog"));
    assertThat(volume.volumes())
        .singleElement()
        .satisfies(
            mounted ->
                assertThat(mounted.getPersistentVolumeClaim().getClaimName()).isEqualTo("attic"));
    assertThat(volume.mounts()).containsExactly(PodParts.mount("archive", "/archive", false));

    ArchiveTarget bucket =
        archive(
            "{storage: {s3: {bucket: lakes, endpoint: 'https://s3.example.com', pathStyle: true,"
                + " credentialsSecretRef: {name: lakes}}}}",
            "{rawEventsDays: 365, archive: {destination: {s3: {bucket: attic, prefix: old,"
                + " credentialsSecretRef: {name: attic}}}}}");
    assertThat(bucket.variables())
        .as("what is not said is as of the lake's")
        .containsExactly(
            PodParts.env("EIDER_ARCHIVE_TO", "s3://attic/old/web.blog"),
            PodParts.env("EIDER_ARCHIVE_S3_ENDPOINT", "https://s3.example.com"),
            PodParts.env("EIDER_ARCHIVE_S3_PATH_STYLE", "true"),
            PodParts.env("EIDER_ARCHIVE_S3_CREDENTIALS", "/etc/eider/archive-s3"));
    assertThat(bucket.volumes())
        .singleElement()
        .satisfies(mounted -> assertThat(mounted.getSecret().getSecretName()).isEqualTo("attic"));
  }

  private static ArchiveTarget archive(String runtime, String policy) {
    return ArchiveTarget.of(
        Plans.of(
            "{domains: [blog.example.com], retentionPolicyRef: {name: year}, runtime: %s}"
                .formatted(runtime),
            policy));
  }

  @Test
  void itsRetentionRunsAsThisCronJob() throws IOException {
    SitePlan plan =
        Plans.of(
            "{domains: [blog.example.com], timeZone: Europe/Berlin, retentionPolicyRef: {name:"
                + " year}, runtime: {}}",
            "{rawEventsDays: 365, schedule: 5 1 * * *}");
    assertThat(Serialization.asYaml(VerbCronJob.desired(plan, Verb.RETENTION)))
        .isEqualTo(expected("retention-cron-job.yaml"));
  }

  @Test
  void itsDataLiesOnThisClaimWhichNobodyOwns() throws IOException {
    assertThat(Serialization.asYaml(VolumeClaim.desired(Plans.of(SMALL))))
        .isEqualTo(expected("volume-claim.yaml"));
  }

  @Test
  void itsManifestsAreInThisConfigMap() throws IOException {
    SitePlan plan =
        Plans.of(
            "{domains: [blog.example.com], retentionPolicyRef: {name: year}, ingest: {enabled:"
                + " false}, runtime: {flush: {interval: 5m}}}",
            "{rawEventsDays: 365}");
    assertThat(Serialization.asYaml(SiteConfigMap.desired(plan)))
        .isEqualTo(expected("config-map.yaml"));
    assertThat(SiteConfigMap.policyIn(SiteConfigMap.desired(plan)))
        .hasValueSatisfying(
            policy ->
                assertThat(policy.getSpec()).isEqualTo(plan.policy().orElseThrow().getSpec()));
  }

  @Test
  void withDeleteTheClaimGoesWithItsSite() {
    PersistentVolumeClaim claim =
        VolumeClaim.desired(
            Plans.of("{domains: [blog.example.com], deletionPolicy: Delete, runtime: {}}"));
    assertThat(claim.getMetadata().getOwnerReferences())
        .singleElement()
        .satisfies(
            owner -> assertThat(owner.getUid()).isEqualTo("11111111-2222-3333-4444-555555555555"));
  }

  @Test
  void aStoppedSiteHasNoPodAndNoRuns() {
    SitePlan plan = Plans.of("{domains: [blog.example.com], runtime: {stopped: true}}");
    assertThat(SiteStatefulSet.desired(plan).getSpec().getReplicas()).isZero();
    for (Verb verb : Verb.values()) {
      assertThat(VerbCronJob.desired(plan, verb).getSpec().getSuspend()).isTrue();
    }
  }

  @Test
  void withoutAPolicyRetentionDoesNotRun() {
    assertThat(VerbCronJob.desired(Plans.of(SMALL), Verb.RETENTION).getSpec().getSuspend())
        .isTrue();
    assertThat(VerbCronJob.desired(Plans.of(SMALL), Verb.COMPACTION).getSpec().getSuspend())
        .isFalse();
  }

  @ParameterizedTest
  @EnumSource(Verb.class)
  void everyRunIsBounded(Verb verb) {
    CronJob job = VerbCronJob.desired(Plans.of(SMALL), verb);
    assertThat(job.getSpec())
        .satisfies(
            spec -> {
              assertThat(spec.getConcurrencyPolicy()).isEqualTo("Forbid");
              assertThat(spec.getStartingDeadlineSeconds()).isPositive();
              assertThat(spec.getSuccessfulJobsHistoryLimit()).isPositive();
              assertThat(spec.getFailedJobsHistoryLimit()).isPositive();
              assertThat(spec.getJobTemplate().getSpec().getActiveDeadlineSeconds()).isPositive();
              assertThat(spec.getJobTemplate().getSpec().getBackoffLimit()).isNotNull();
            });
  }

  @Test
  void aPersonsWishesReachThePod() {
    SitePlan plan =
        Plans.of(
            """
            {domains: [blog.example.com], runtime: {image: "mine:1", flush: {shutdownTimeout: 2m},
             resources: {requests: {cpu: "0.5"}, limits: {memory: 2048Mi}},
             pod: {labels: {team: web, app.kubernetes.io/name: mine}, nodeSelector: {disk: fast}}}}
            """
                .replace("\n", " "));
    StatefulSet set = SiteStatefulSet.desired(plan);
    ResourceRequirements resources =
        set.getSpec().getTemplate().getSpec().getContainers().getFirst().getResources();
    assertThat(resources.getRequests())
        .isEqualTo(Map.of("cpu", new Quantity("500m"), "memory", new Quantity("384Mi")));
    assertThat(resources.getLimits()).isEqualTo(Map.of("memory", new Quantity("2Gi")));
    assertThat(set.getSpec().getTemplate().getMetadata().getLabels())
        .containsEntry("team", "web")
        .containsEntry("app.kubernetes.io/name", "eider");
    assertThat(set.getSpec().getTemplate().getSpec())
        .satisfies(
            pod -> {
              assertThat(pod.getTerminationGracePeriodSeconds()).isEqualTo(135);
              assertThat(pod.getNodeSelector()).isEqualTo(Map.of("disk", "fast"));
              assertThat(pod.getContainers().getFirst().getImage()).isEqualTo("mine:1");
            });
  }

  @Test
  void claimTemplatesStayAsTheyAreBecauseTheyCannotChange() {
    StatefulSet live = SiteStatefulSet.desired(Plans.of(SMALL));
    StatefulSet larger =
        SiteStatefulSet.desired(
            Plans.of("{domains: [blog.example.com], runtime: {storage: {volume: {size: 20Gi}}}}"));
    assertThat(SiteStatefulSet.keepingWhatIsFixed(larger, Optional.of(live))).isEqualTo(live);
    assertThat(SiteStatefulSet.keepingWhatIsFixed(larger, Optional.empty())).isEqualTo(larger);
  }

  private static String expected(String file) throws IOException {
    try (InputStream in = DesiredObjectsTest.class.getResourceAsStream(file)) {
      return in == null ? "" : new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
