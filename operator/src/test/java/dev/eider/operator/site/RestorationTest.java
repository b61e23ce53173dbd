package dev.eider.operator.site;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eider.api.v1alpha1.AnalyticsBackup;
import dev.eider.api.v1alpha1.AnalyticsSiteStatus;
import dev.eider.api.v1alpha1.BackupDestination;
import dev.eider.api.v1alpha1.Condition;
import dev.eider.api.v1alpha1.S3;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RestorationTest {

  private static final Instant NOW = Instant.parse("2026-01-01T10:00:00Z");
  private static final String SPEC =
      "{domains: [blog.example.com], runtime: {backup: {destination: {s3: {bucket: kept}}}},"
          + " restoreFrom: {s3: {bucket: kept, prefix: eider, credentialsSecretRef: {name: keys}},"
          + " folder: shop.old, backupId: 20260504T020000.000Z}}";
  private static final Restoration.Source SOURCE =
      new Restoration.Source(
          "spec.restoreFrom",
          new BackupDestination(
              Serialization.unmarshal(
                  "---\n{bucket: kept, prefix: eider, credentialsSecretRef: {name: keys}}",
                  S3.class),
              null,
              null),
          "shop.old",
          Optional.of("20260504T020000.000Z"));

  private static SitePlan plan(Optional<Restoration> restoration) {
    SitePlan plain = Plans.of(SPEC);
    return new SitePlan(
        plain.site(), plain.policy(), plain.config(), restoration, Optional.empty());
  }

  @Test
  void aJobBringsTheBackupToTheVolumeAndIsTheSameUntilItsSourceIsNot() {
    Job job = RestoreJob.desired(plan(Optional.of(Restoration.from(SOURCE))), SOURCE);
    var pod = job.getSpec().getTemplate().getSpec();
    assertThat(pod.getContainers().getFirst().getArgs())
        .containsExactly(
            "restore",
            "--if-empty",
            "--data=/data",
            "--sites=/etc/eider/sites",
            "--backup-id=20260504T020000.000Z");
    assertThat(pod.getContainers().getFirst().getEnv())
        .contains(
            PodParts.env("EIDER_BACKUP_TO", "s3://kept/eider/shop.old"),
            PodParts.env("EIDER_BACKUP_S3_CREDENTIALS", "/etc/eider/backup-s3"));
    assertThat(job.getSpec().getPodFailurePolicy().getRules())
        .as("a backup that is not there is not asked for again")
        .singleElement()
        .satisfies(
            rule -> {
              assertThat(rule.getAction()).isEqualTo("FailJob");
              assertThat(rule.getOnExitCodes().getValues()).containsExactly(2, 4);
            });
    assertThat(pod.getVolumes())
        .anySatisfy(
            volume ->
                assertThat(Optional.ofNullable(volume.getPersistentVolumeClaim()))
                    .hasValueSatisfying(
                        claim -> assertThat(claim.getClaimName()).isEqualTo("data-blog-0")));
    Restoration.Source newest =
        new Restoration.Source(SOURCE.field(), SOURCE.place(), SOURCE.folder(), Optional.empty());
    SitePlan plan = plan(Optional.of(Restoration.from(newest)));
    assertThat(RestoreJob.digest(plan, SOURCE))
        .isEqualTo(job.getMetadata().getAnnotations().get(RestoreJob.SOURCE_ANNOTATION))
        .isNotEqualTo(RestoreJob.digest(plan, newest));
  }

  /** Else nobody could tell who was erased since, and must not come back. */
  @Test
  void theJobIsGivenWhatTheErasuresOfItsSourceAreSealedBy() {
    SitePlan plan = plan(Optional.of(Restoration.from(SOURCE)));
    var pod = RestoreJob.desired(plan, SOURCE).getSpec().getTemplate().getSpec();
    assertThat(pod.getContainers().getFirst().getEnv())
        .contains(PodParts.env("EIDER_ERASURE_KEY", "/etc/eider/erasure"));
    assertThat(pod.getContainers().getFirst().getVolumeMounts())
        .contains(PodParts.mount("erasure", "/etc/eider/erasure", true));
    assertThat(pod.getVolumes())
        .filteredOn(volume -> volume.getName().equals("erasure"))
        .singleElement()
        .satisfies(
            volume ->
                assertThat(volume.getProjected().getSources())
                    .extracting(
                        source ->
                            "%s %s %s"
                                .formatted(
                                    source.getSecret().getName(),
                                    source.getSecret().getItems().getFirst().getPath(),
                                    source.getSecret().getOptional()))
                    .containsExactly("blog-erasure key null", "old-erasure of-source true"));
    Restoration.Source ownBackup =
        new Restoration.Source(SOURCE.field(), SOURCE.place(), "web.blog", Optional.empty());
    assertThat(ErasureSeal.volume(plan, ownBackup)).isEqualTo(ErasureSeal.volume(plan));
  }

  @Test
  void whileItIsRestoredNothingRunsAndStatusSaysSo() {
    SitePlan plan = plan(Optional.of(Restoration.from(SOURCE)));
    for (Verb verb : Verb.values()) {
      assertThat(VerbCronJob.desired(plan, verb).getSpec().getSuspend()).isTrue();
    }
    assertThat(SecretRef.of(plan))
        .extracting(SecretRef::field)
        .containsExactly("spec.restoreFrom.s3.credentialsSecretRef");
    assertThat(statements(plan, new Seen().observed()))
        .contains("Ready False Restoring", "Reconciling True Restoring")
        .contains("BackupStale Unknown Suspended");
  }

  @Test
  void aBackupThatIsNotThereIsWaitedFor() {
    SitePlan plan = plan(Optional.of(Restoration.waiting("there is no AnalyticsBackup x")));
    assertThat(statements(plan, new Seen().observed()))
        .contains(
            "Ready False BackupNotFound",
            "Reconciling True BackupNotFound",
            "ReferencesResolved False BackupNotFound");
  }

  @Test
  void oneThatIsAskedForTooLateIsSaid() {
    assertThat(statements(plan(Optional.empty()), new Seen().observed()))
        .contains("ReferencesResolved False RestoreTooLate");
  }

  @Test
  void oneThatFailedStallsTheSiteWithASentence() {
    Run failed =
        new Run(
            "blog-restore", NOW, NOW, false, "s3://kept has no backup that can be read", Map.of());
    AnalyticsSiteStatus status =
        SiteStatus.of(
            plan(Optional.of(Restoration.from(SOURCE))),
            new Seen().restore(failed).observed(),
            NOW);
    assertThat(status.conditions())
        .filteredOn(condition -> condition.type().equals("Stalled"))
        .singleElement()
        .satisfies(
            stalled ->
                assertThat(stalled.message())
                    .contains("has no backup that can be read")
                    .contains("delete the Job blog-restore"));
    assertThat(status.restored()).isNull();
  }

  @Test
  void whatWasRestoredStaysInStatus() {
    Run done =
        new Run(
            "blog-restore",
            NOW,
            NOW.plusSeconds(9),
            true,
            "restored 400 rows",
            Map.of("rows", 400L),
            Map.of("id", "20260504T020000.000Z"));
    SitePlan plan = plan(Optional.empty());
    AnalyticsSiteStatus status =
        SiteStatus.of(plan, new Seen().restore(done).observed(), NOW.plusSeconds(10));
    AnalyticsSiteStatus.Restored restored =
        new AnalyticsSiteStatus.Restored(
            "20260504T020000.000Z", 400L, "2026-01-01T10:00:09Z", "restored 400 rows");
    assertThat(status.restored()).isEqualTo(restored);
    plan.site().setStatus(status);
    assertThat(SiteStatus.of(plan, new Seen().observed(), NOW.plusSeconds(99)).restored())
        .isEqualTo(restored);
    assertThat(statements(plan, new Seen().observed()))
        .doesNotContain("ReferencesResolved False RestoreTooLate");
  }

  @Test
  void aLakeElsewhereGetsAFolderOfItsOwnAndKeepsIt() {
    String elsewhere =
        "{domains: [blog.example.com], runtime: {storage: {s3: {bucket: lakes, prefix: eider}}}}";
    Optional<String> own = Planner.ownLakeId(Plans.site(elsewhere), true, Optional.empty());
    assertThat(own).contains("web.blog.11111111");
    SitePlan plain = Plans.of(elsewhere);
    SitePlan plan =
        new SitePlan(plain.site(), plain.policy(), plain.config(), Optional.empty(), own);
    assertThat(plan.dataPlace()).isEqualTo("s3://lakes/eider/web.blog.11111111");
    PersistentVolumeClaim claim = VolumeClaim.desired(plan);
    assertThat(Planner.ownLakeId(plan.site(), false, Optional.of(claim))).isEqualTo(own);
    assertThat(Planner.ownLakeId(plan.site(), false, Optional.empty())).isEmpty();
    assertThat(Planner.ownLakeId(Plans.site(SPEC), true, Optional.empty()))
        .as("one that lies on the volume needs none")
        .isEmpty();
  }

  @Test
  void aKeyOfOnesOwnIsMountedAndAskedFor() {
    SitePlan plan =
        Plans.of(
            "{domains: [blog.example.com], runtime: {backup: {destination: {s3: {bucket: kept},"
                + " encryption: {serverSide: KMS, kmsKeyId: k1, keySecretRef: {name: mine}}}}}}");
    BackupTarget target = BackupTarget.of(plan);
    assertThat(target.variables())
        .contains(
            PodParts.env("EIDER_BACKUP_S3_ENCRYPTION", "aws:kms:k1"),
            PodParts.env("EIDER_BACKUP_KEY_FILE", "/etc/eider/backup-key/key"));
    assertThat(target.volumes())
        .containsExactly(PodParts.secretEntry("backup-key", "mine", "key", "key"));
    assertThat(SecretRef.of(plan))
        .singleElement()
        .satisfies(
            ref ->
                assertThat(ref.trouble(Optional.empty()))
                    .hasValueSatisfying(
                        trouble ->
                            assertThat(trouble.sentence())
                                .contains("destination.encryption.keySecretRef")
                                .contains("openssl rand -base64 32")));
  }

  @Test
  void anAnalyticsBackupSaysWhereItLies() {
    assertThat(RestoreLookup.of(backup("{state: Running}")).trouble()).contains("not ended yet");
    assertThat(RestoreLookup.of(backup("{state: Failed}")).trouble()).contains("failed");
    assertThat(
            RestoreLookup.of(
                    backup(
                        "{state: Succeeded, backupId: x1, place: {folder: web.blog, volume:"
                            + " {claimName: kept}}}"))
                .source())
        .hasValueSatisfying(
            source -> {
              assertThat(source.folder()).isEqualTo("web.blog");
              assertThat(source.place().claim()).contains("kept");
              assertThat(source.backupId()).contains("x1");
            });
  }

  @Test
  void twoMissedRunsMakeTheLastBackupTooOld() {
    SitePlan plan = plan(Optional.empty());
    plan.site().getMetadata().setCreationTimestamp("2026-01-01T01:00:00Z");
    Observed seen = new Seen().observed();
    assertThat(statements(plan, seen)).contains("BackupStale False RecentEnough");
    Run good = new Run("nightly", NOW, NOW, true, "", Map.of());
    AnalyticsSiteStatus before =
        SiteStatus.of(plan, new Seen().run(Verb.BACKUP, good).observed(), NOW);
    plan.site().setStatus(before);
    // Due at 02:00 each night; the second after it counts as missed at 03:00.
    Instant missed = Instant.parse("2026-01-03T03:00:00Z");
    assertThat(statements(plan, seen, missed)).contains("BackupStale False RecentEnough");
    assertThat(statements(plan, seen, missed.plusSeconds(1))).contains("BackupStale True TooOld");
  }

  private static AnalyticsBackup backup(String status) {
    return Serialization.unmarshal(
        "---\n{metadata: {name: kept, namespace: web}, spec: {siteRef: {name: blog}}, status: %s}"
            .formatted(status),
        AnalyticsBackup.class);
  }

  private static List<String> statements(SitePlan plan, Observed observed) {
    return statements(plan, observed, NOW);
  }

  private static List<String> statements(SitePlan plan, Observed observed, Instant now) {
    List<Condition> conditions =
        Optional.ofNullable(SiteStatus.of(plan, observed, now).conditions()).orElse(List.of());
    return conditions.stream()
        .map(
            condition ->
                "%s %s %s".formatted(condition.type(), condition.status(), condition.reason()))
        .toList();
  }
}
