package dev.eider.operator.site;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eider.api.v1alpha1.AnalyticsSiteStatus;
import dev.eider.api.v1alpha1.Condition;
import dev.eider.api.v1alpha1.DeletionPolicy;
import dev.eider.api.v1alpha1.Privacy;
import dev.eider.api.v1alpha1.RateLimit;
import dev.eider.operator.retention.Sentences;
import dev.eider.operator.site.Planner.PolicyInForce;
import dev.eider.operator.site.RuntimeAdmin.Figures;
import dev.eider.operator.site.RuntimeAdmin.Store;
import dev.eider.operator.site.RuntimeLink.Trouble;
import dev.eider.operator.status.Reason;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SiteStatusTest {

  private static final Instant NOW = Instant.parse("2026-01-01T10:00:00Z");
  private static final SitePlan PLAN = Plans.of("{domains: [blog.example.com], runtime: {}}");

  private static final String ELSEWHERE_SPEC =
      "{domains: [blog.example.com], runtime: {storage: {s3: {bucket: lakes, prefix: eider,"
          + " credentialsSecretRef: {name: lake-keys}}}, catalog: {postgres: {secretRef: {name:"
          + " lake-db-app}}}}}";
  private static final SitePlan ELSEWHERE = Plans.of(ELSEWHERE_SPEC);
  private static final Store STORE = new Store("s3://lakes/eider/web.blog", "postgres", true, "");

  private static final Figures FIGURES = new Figures(3, 400, 5_000_000, List.of());
  private static final Observed SERVING = seen().figures(FIGURES).observed();

  @Test
  void aSiteThatServesIsReadyAndNothingElse() {
    AnalyticsSiteStatus status = SiteStatus.of(PLAN, SERVING, NOW);

    assertThat(statements(status))
        .containsExactly(
            "Ready True Serving",
            "ReferencesResolved True Resolved",
            "StorageReady True VolumeBound",
            "IngestAvailable True AcceptingEvents",
            "CompactionHealthy Unknown NoRunYet",
            "LastBackupSucceeded Unknown NoDestination");
    assertThat(status.observedGeneration()).isEqualTo(7);
    assertThat(status.url()).isEqualTo("http://blog.web.svc");
    assertThat(status.visitors24h()).isEqualTo(3);
    assertThat(status.stored()).isEqualTo("4.8Mi");
    assertThat(status.figuresAt()).isEqualTo("2026-01-01T10:00:00Z");
    assertThat(status.compaction().nextRun()).isEqualTo("2026-01-01T10:17:00Z");
    assertThat(status.retention().nextRun()).isNull();
    assertThat(status.resolved())
        .isEqualTo(
            new AnalyticsSiteStatus.Resolved(
                "blog.example.com",
                "UTC",
                null,
                Privacy.Mode.Standard,
                Privacy.Identity.Daily,
                Privacy.GeoDetail.City,
                Privacy.Rounding.None,
                "1",
                null,
                "eider:0.1.0",
                "10Gi",
                "volume",
                "file",
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                DeletionPolicy.Retain));
  }

  @Test
  void lookedAtAgainItIsTheSameToTheLetter() {
    AnalyticsSiteStatus first = SiteStatus.of(PLAN, SERVING, NOW);
    SitePlan later = with(PLAN, first);

    assertThat(SiteStatus.of(later, SERVING, NOW.plusSeconds(600))).isEqualTo(first);
    assertThat(SiteStatus.of(later, without(SERVING), NOW.plusSeconds(600))).isEqualTo(first);
  }

  @Test
  void onTheWayItIsReconciling() {
    Observed waiting = serving(statefulSet(0), Optional.empty(), List.of());
    assertThat(statements(SiteStatus.of(PLAN, waiting, NOW)))
        .startsWith("Ready False WaitingForPod", "Reconciling True WaitingForPod")
        .contains("IngestAvailable False NotServing");
  }

  @Test
  void itIsNotReadyBeforeTheRuntimeHasItsSettings() {
    Observed unreached =
        serving(statefulSet(1), Optional.of(new Trouble(false, "no answer")), List.of());
    assertThat(statements(SiteStatus.of(PLAN, unreached, NOW)))
        .startsWith("Ready False RuntimeUnreachable", "Reconciling True RuntimeUnreachable");
  }

  @Test
  void whatTheRuntimeRefusesWaitsForAPersonAndIsQuoted() {
    Observed refused =
        serving(statefulSet(1), Optional.of(new Trouble(true, "goals[0] is odd")), List.of());
    AnalyticsSiteStatus status = SiteStatus.of(PLAN, refused, NOW);

    assertThat(statements(status))
        .startsWith("Ready False InvalidSpec", "Stalled True InvalidSpec")
        .contains("IngestAvailable True AcceptingEvents");
    assertThat(condition(status, "Stalled").message())
        .isEqualTo("goals[0] is odd: correct the spec; what was in force before stays so");
  }

  @Test
  void itSaysWhatHoldsForVisitors() {
    SitePlan strict =
        Plans.of(
            "{domains: [blog.example.com], privacy: {mode: Strict, identity: Provided},"
                + " ingest: {sampleRate: '0.25', rateLimit: {eventsPerSecond: 500}}, runtime: {}}");
    assertThat(SiteStatus.of(strict, SERVING, NOW).resolved())
        .extracting(
            AnalyticsSiteStatus.Resolved::privacyMode,
            AnalyticsSiteStatus.Resolved::identity,
            AnalyticsSiteStatus.Resolved::geo,
            AnalyticsSiteStatus.Resolved::roundTimestamps,
            AnalyticsSiteStatus.Resolved::sampleRate,
            AnalyticsSiteStatus.Resolved::rateLimit)
        .containsExactly(
            Privacy.Mode.Strict,
            Privacy.Identity.Daily,
            Privacy.GeoDetail.Country,
            Privacy.Rounding.Hour,
            "0.25",
            new RateLimit(500, 2000));
  }

  @Test
  void aGeoDatabaseThatIsNotThereLeavesTheSiteReady() {
    SitePlan plan =
        Plans.of("{domains: [blog.example.com], runtime: {geo: {configMapRef: {name: places}}}}");
    AnalyticsSiteStatus status = SiteStatus.of(plan, withGeoTrouble(plan), NOW);

    assertThat(statements(status))
        .startsWith("Ready True Serving", "ReferencesResolved False GeoDatabaseNotFound");
    assertThat(condition(status, "ReferencesResolved").message())
        .isEqualTo(
            "spec.runtime.geo.configMapRef: there is no ConfigMap places in this namespace: create"
                + " it; until then the country database that comes with Eider is used");
    assertThat(condition(SiteStatus.of(plan, SERVING, NOW), "ReferencesResolved").message())
        .isEqualTo("the geo database lies in the ConfigMap places");
  }

  @Test
  void aVolumeThatIsNotThereIsWaitedFor() {
    SitePlan plan =
        Plans.of(
            "{domains: [blog.example.com], runtime: {geo: {volumeClaim: {claimName: places}}}}");
    AnalyticsSiteStatus status = SiteStatus.of(plan, withGeoTrouble(plan), NOW);

    assertThat(statements(status))
        .startsWith(
            "Ready False GeoDatabaseNotFound",
            "Reconciling True GeoDatabaseNotFound",
            "ReferencesResolved False GeoDatabaseNotFound")
        .contains("IngestAvailable True AcceptingEvents");
  }

  @Test
  void aNameThatAnotherSiteKeepsIsSaidWhileTheSiteServes() {
    Observed taken =
        seen()
            .conflicts("Matomo idsite 7 is claimed by the sites a and blog; a keeps it")
            .observed();
    AnalyticsSiteStatus status = SiteStatus.of(PLAN, taken, NOW);

    assertThat(statements(status)).startsWith("Ready True NameTaken");
    assertThat(condition(status, "Ready").message())
        .isEqualTo(
            "serving blog.example.com at http://blog.web.svc, but Matomo idsite 7 is claimed by"
                + " the sites a and blog; a keeps it: take the name out of one of the sites");
  }

  /** A site that serves and whose figures were not read. */
  private static Seen seen() {
    return new Seen()
        .claim(claim("10Gi", "10Gi", "Bound"))
        .statefulSet(Optional.of(statefulSet(1)));
  }

  private static Observed withGeoTrouble(SitePlan plan) {
    return seen()
        .geoTrouble(GeoDatabase.of(plan).orElseThrow().trouble(Optional.empty()))
        .observed();
  }

  @Test
  void whatTheApiServerSaidNoToIsSaid() {
    Observed failed = serving(statefulSet(1), Optional.empty(), List.of("service: quota exceeded"));
    assertThat(condition(SiteStatus.of(PLAN, failed, NOW), "Ready").message())
        .isEqualTo("service: quota exceeded");
  }

  @Test
  void aProblemStallsItAndAnOldPodStillServes() {
    Observed problem = seen().problem(new SiteProblem(Reason.UnknownTimeZone, "which?")).observed();
    assertThat(statements(SiteStatus.of(PLAN, problem, NOW)))
        .startsWith("Ready False UnknownTimeZone", "Stalled True UnknownTimeZone")
        .contains("IngestAvailable True AcceptingEvents");
  }

  @Test
  void aFailedBackupHasItsOwnConditionAndReadyStays() {
    Run backup = new Run("nightly", NOW, NOW.plusSeconds(5), false, "not there", Map.of());
    AnalyticsSiteStatus status = SiteStatus.of(PLAN, ran(Verb.BACKUP, backup), NOW);

    assertThat(statements(status))
        .contains("Ready True Serving", "LastBackupSucceeded False Failed");
    assertThat(status.backup().lastRun()).isEqualTo("2026-01-01T10:00:00Z");
    assertThat(status.backup().lastSuccess()).isNull();
    assertThat(status.backup().message()).isEqualTo("not there");
  }

  @Test
  void theLastRunStaysInStatusWhenItsJobIsGone() {
    Run compaction =
        new Run("hourly", NOW, NOW.plusSeconds(5), true, "", Map.of("files_merged", 3L));
    AnalyticsSiteStatus first = SiteStatus.of(PLAN, ran(Verb.COMPACTION, compaction), NOW);
    assertThat(first.compaction().figures()).isEqualTo(Map.of("files_merged", 3L));

    assertThat(SiteStatus.of(with(PLAN, first), SERVING, NOW)).isEqualTo(first);

    Run podGone = new Run("hourly", NOW, NOW.plusSeconds(5), true, "", Map.of());
    assertThat(SiteStatus.of(with(PLAN, first), ran(Verb.COMPACTION, podGone), NOW))
        .isEqualTo(first);
  }

  @Test
  void aVolumeSaysWhetherItGrows() {
    SitePlan larger =
        Plans.of("{domains: [blog.example.com], runtime: {storage: {volume: {size: 20Gi}}}}");
    assertThat(storage(larger, claim("20Gi", "10Gi", "Bound"), Optional.empty()))
        .isEqualTo("StorageReady False Growing");
    assertThat(storage(larger, claim("10Gi", "10Gi", "Bound"), Optional.of("no")))
        .isEqualTo("StorageReady False GrowthRefused");
    assertThat(storage(PLAN, claim("20Gi", "20Gi", "Bound"), Optional.empty()))
        .isEqualTo("StorageReady True VolumeBound");
    assertThat(storage(PLAN, claim("10Gi", "0", "Pending"), Optional.empty()))
        .isEqualTo("StorageReady False VolumePending");
    assertThat(storage(PLAN, claim("10Gi", "0", "Lost"), Optional.empty()))
        .isEqualTo("StorageReady False VolumeLost");
  }

  @Test
  void aPolicyThatIsGoneStaysInForceAndTheSiteSaysSo() {
    SitePlan plan =
        Plans.of(
            "{domains: [blog.example.com], retentionPolicyRef: {name: year}, runtime: {}}",
            "{rawEventsDays: 365}");
    AnalyticsSiteStatus status =
        SiteStatus.of(plan, policy(plan, PolicyInForce.Source.LAST_KNOWN), NOW);

    assertThat(statements(status))
        .contains(
            "Ready True Serving",
            "ReferencesResolved False LastKnownPolicy",
            "RetentionEnforced Unknown NoRunYet");
    assertThat(condition(status, "ReferencesResolved").message()).contains("365 days");
    assertThat(status.resolved().rawEventsDays()).isEqualTo(365);
  }

  @Test
  void aPolicyThatNeverWasKeepsTheSiteFromBeingReady() {
    SitePlan plan =
        Plans.of("{domains: [blog.example.com], retentionPolicyRef: {name: year}, runtime: {}}");
    assertThat(statements(SiteStatus.of(plan, policy(plan, PolicyInForce.Source.MISSING), NOW)))
        .contains(
            "Ready False PolicyNotFound",
            "ReferencesResolved False PolicyNotFound",
            "RetentionEnforced False PolicyNotFound",
            "IngestAvailable True AcceptingEvents");
  }

  @Test
  void daysAreOnlyMovedToABucketThatTheSiteNames() {
    String site = "{domains: [blog.example.com], retentionPolicyRef: {name: year}, runtime: %s}";
    String policy = "{tiers: [{afterDays: 30, to: S3}]}";
    for (String runtime :
        List.of("{storage: {tier: {s3: {bucket: older}}}}", "{storage: {s3: {bucket: lakes}}}")) {
      SitePlan plan = Plans.of(site.formatted(runtime), policy);
      assertThat(statements(SiteStatus.of(plan, policy(plan, PolicyInForce.Source.FOUND), NOW)))
          .contains("ReferencesResolved True Resolved");
    }
    SitePlan plan = Plans.of(site.formatted("{}"), policy);
    AnalyticsSiteStatus status = SiteStatus.of(plan, policy(plan, PolicyInForce.Source.FOUND), NOW);
    assertThat(statements(status)).contains("ReferencesResolved False TierPlaceMissing");
    assertThat(condition(status, "ReferencesResolved").message())
        .contains("spec.runtime.storage.tier.s3");
    assertThat(Sentences.of(plan.policy().orElseThrow().getSpec()))
        .isEqualTo("raw events are kept for ever; days lie in the sites' buckets after 30 days");
  }

  @Test
  void whatAPolicyKeepsIsSaid() {
    SitePlan plan =
        Plans.of(
            "{domains: [blog.example.com], retentionPolicyRef: {name: year}, runtime: {}}",
            "{rawEventsDays: 90, sessionsDays: 180, hourlyRollupsDays: 365, dailyRollupsDays:"
                + " 3650, auditLogDays: 365}");
    assertThat(Sentences.of(plan.policy().orElseThrow().getSpec()))
        .isEqualTo(
            "raw events go after 90 days, with no copy; sessions after 180 days; sums of hours"
                + " after 365 days; sums of days after 3650 days; entries of the audit log after 365"
                + " days");
    AnalyticsSiteStatus.Resolved resolved =
        SiteStatus.of(plan, policy(plan, PolicyInForce.Source.FOUND), NOW).resolved();
    assertThat(
            java.util.Arrays.asList(
                resolved.rawEventsDays(),
                resolved.sessionsDays(),
                resolved.hourlyRollupsDays(),
                resolved.dailyRollupsDays(),
                resolved.auditLogDays()))
        .containsExactly(90, 180, 365, 3650, 365);
  }

  @Test
  void aDryRunEnforcesNothing() {
    SitePlan plan =
        Plans.of(
            "{domains: [blog.example.com], retentionPolicyRef: {name: year}, runtime: {}}",
            "{rawEventsDays: 365, mode: DryRun}");
    assertThat(statements(SiteStatus.of(plan, policy(plan, PolicyInForce.Source.FOUND), NOW)))
        .contains("RetentionEnforced False DryRun");
  }

  @Test
  void stoppedPausedAndClosedAreSaid() {
    SitePlan stopped = Plans.of("{domains: [blog.example.com], runtime: {stopped: true}}");
    assertThat(
            statements(
                SiteStatus.of(stopped, serving(scaledToZero(), Optional.empty(), List.of()), NOW)))
        .startsWith("Ready False Stopped", "ReferencesResolved True Resolved");
    SitePlan paused = Plans.of("{domains: [blog.example.com], runtime: {paused: true}}");
    assertThat(statements(SiteStatus.of(paused, SERVING, NOW)))
        .startsWith("Ready True Serving")
        .endsWith("Paused True Paused");
    SitePlan closed =
        Plans.of("{domains: [blog.example.com], ingest: {enabled: false}, runtime: {}}");
    assertThat(statements(SiteStatus.of(closed, SERVING, NOW)))
        .contains("Ready True Serving", "IngestAvailable False IngestDisabled");
  }

  @Test
  void aPodThatCannotStartSaysWhyInWordsThatStay() {
    Observed failing =
        seen()
            .statefulSet(Optional.of(statefulSet(0)))
            .pod(
                new PodBuilder()
                    .withNewMetadata()
                    .withName("blog-0")
                    .endMetadata()
                    .withNewStatus()
                    .addNewContainerStatus()
                    .withImage("eider:0.1.0")
                    .withNewState()
                    .withNewWaiting()
                    .withReason("CrashLoopBackOff")
                    .withMessage("back-off 20s")
                    .endWaiting()
                    .endState()
                    .withNewLastState()
                    .withNewTerminated()
                    .withExitCode(1)
                    .withMessage("starting\nthe lake is of a newer version\n")
                    .endTerminated()
                    .endLastState()
                    .endContainerStatus()
                    .endStatus()
                    .build())
            .observed();
    assertThat(condition(SiteStatus.of(PLAN, failing, NOW), "Ready").message())
        .isEqualTo(
            "pod blog-0: CrashLoopBackOff of image eider:0.1.0; it ended with code 1: the lake is"
                + " of a newer version");
  }

  @Test
  void aSecretThatIsNotThereIsWaitedForAndNamed() {
    String sentence = "there is no Secret lake-keys in this namespace: create it";
    Observed waiting = withSecretTrouble(false, sentence);
    AnalyticsSiteStatus status = SiteStatus.of(ELSEWHERE, waiting, NOW);

    assertThat(statements(status))
        .startsWith(
            "Ready False SecretNotFound",
            "Reconciling True SecretNotFound",
            "ReferencesResolved False SecretNotFound")
        .contains("ObjectStoreReachable Unknown NotAskedYet")
        .noneMatch(statement -> statement.startsWith("Stalled"));
    assertThat(condition(status, "ReferencesResolved").message()).isEqualTo(sentence);
  }

  @Test
  void aSecretThatIsTakenAwayLeavesThePodThatServes() {
    AnalyticsSiteStatus status =
        SiteStatus.of(ELSEWHERE, withSecretTrouble(true, "no Secret lake-keys"), NOW);

    assertThat(statements(status))
        .startsWith("Ready True Serving", "ReferencesResolved False SecretNotFound");
    assertThat(condition(status, "ReferencesResolved").message())
        .isEqualTo("no Secret lake-keys; the pod that serves keeps what it had");
  }

  @Test
  void aLakeElsewhereSaysWhereItLiesAndWhetherThatAnswers() {
    AnalyticsSiteStatus status = SiteStatus.of(ELSEWHERE, said(STORE), NOW);

    assertThat(statements(status))
        .startsWith("Ready True Serving", "ReferencesResolved True Resolved")
        .contains("ObjectStoreReachable True StoreAnswers");
    assertThat(condition(status, "ReferencesResolved").message())
        .isEqualTo("all Secrets that the site names are there: lake-keys, lake-db-app");
    assertThat(condition(status, "ObjectStoreReachable").message())
        .isEqualTo("s3://lakes/eider/web.blog and the catalog's database answer");
    assertThat(status.resolved())
        .extracting(AnalyticsSiteStatus.Resolved::data, AnalyticsSiteStatus.Resolved::catalog)
        .containsExactly("s3://lakes/eider/web.blog", "postgres");
  }

  @Test
  void aStoreThatIsAwayHasItsOwnConditionAndReadyStays() {
    Store away = new Store(STORE.data(), STORE.catalog(), false, "connection refused");
    AnalyticsSiteStatus status = SiteStatus.of(ELSEWHERE, said(away), NOW);

    assertThat(statements(status))
        .contains("Ready True Serving", "ObjectStoreReachable False StoreUnreachable");
    assertThat(condition(status, "ObjectStoreReachable").message())
        .isEqualTo(
            "events are accepted and kept, but what the lake lies on"
                + " (s3://lakes/eider/web.blog and the catalog's database) does not answer:"
                + " connection refused");
  }

  @Test
  void aDatabaseOrABucketOfOlderDaysAloneIsWatchedAsWell() {
    SitePlan database =
        Plans.of(
            "{domains: [blog.example.com], runtime: {catalog: {postgres: {secretRef: {name:"
                + " lake-db-app}}}}}");
    assertThat(
            condition(
                    SiteStatus.of(database, said(new Store("volume", "postgres", true, "")), NOW),
                    "ObjectStoreReachable")
                .message())
        .isEqualTo("the catalog's database answers");
    SitePlan tiered =
        Plans.of("{domains: [blog.example.com], runtime: {storage: {tier: {s3: {bucket: old}}}}}");
    assertThat(
            condition(
                    SiteStatus.of(tiered, said(new Store("volume", "file", false, "403")), NOW),
                    "ObjectStoreReachable")
                .message())
        .isEqualTo(
            "events are accepted and kept, but what the lake lies on"
                + " (s3://old/web.blog) does not answer: 403");
  }

  @Test
  void whatTheRuntimeSaidLastHoldsUntilItSaysSomethingElse() {
    Store away = new Store(STORE.data(), STORE.catalog(), false, "connection refused");
    AnalyticsSiteStatus first = SiteStatus.of(ELSEWHERE, said(away), NOW);
    SitePlan later = Plans.of(ELSEWHERE_SPEC);
    later.site().setStatus(first);

    assertThat(SiteStatus.of(later, SERVING, NOW.plusSeconds(60))).isEqualTo(first);
  }

  @Test
  void aRuntimeThatKeepsItsLakeSomewhereElseIsFoundOut() {
    assertThat(
            condition(
                    SiteStatus.of(ELSEWHERE, said(new Store("", "", false, "")), NOW),
                    "ObjectStoreReachable")
                .message())
        .isEqualTo(
            "the lake is to lie at s3://lakes/eider/web.blog with its catalog in PostgreSQL, but"
                + " the runtime does not say where it lies: image eider:0.1.0 may be too old for"
                + " it; use a newer one");
    assertThat(
            condition(
                SiteStatus.of(ELSEWHERE, said(new Store("volume", "file", true, "")), NOW),
                "ObjectStoreReachable"))
        .satisfies(
            condition -> {
              assertThat(condition.reason()).isEqualTo("StoredElsewhere");
              assertThat(condition.message())
                  .contains("the runtime keeps it at volume with its catalog in a file");
            });
  }

  private static Observed said(Store store) {
    return seen().figures(FIGURES).store(store).observed();
  }

  private static Observed withSecretTrouble(boolean serving, String sentence) {
    return seen()
        .referenceTrouble(new ReferenceTrouble(Reason.SecretNotFound, sentence))
        .statefulSet(serving ? SERVING.statefulSet() : Optional.empty())
        .observed();
  }

  private static String storage(
      SitePlan plan, PersistentVolumeClaim claim, Optional<String> refused) {
    Observed observed = seen().claim(claim).growthRefused(refused).observed();
    return statements(SiteStatus.of(plan, observed, NOW)).stream()
        .filter(statement -> statement.startsWith("StorageReady"))
        .findFirst()
        .orElseThrow();
  }

  private static Observed serving(StatefulSet set, Optional<Trouble> trouble, List<String> errors) {
    return seen().errors(errors).statefulSet(Optional.of(set)).settingsTrouble(trouble).observed();
  }

  private static Observed ran(Verb verb, Run run) {
    return seen().run(verb, run).figures(FIGURES).observed();
  }

  private static Observed policy(SitePlan plan, PolicyInForce.Source source) {
    return seen()
        .policy(new PolicyInForce(plan.policy(), source, "there is no RetentionPolicy year"))
        .observed();
  }

  private static Observed without(Observed observed) {
    return serving(observed.statefulSet().orElseThrow(), Optional.empty(), List.of());
  }

  private static SitePlan with(SitePlan plan, AnalyticsSiteStatus status) {
    SitePlan copy = Plans.of("{domains: [blog.example.com], runtime: {}}");
    copy.site().setStatus(status);
    return new SitePlan(copy.site(), plan.policy(), plan.config());
  }

  private static List<String> statements(AnalyticsSiteStatus status) {
    return SiteStatus.conditions(Optional.of(status)).stream()
        .map(
            condition ->
                "%s %s %s".formatted(condition.type(), condition.status(), condition.reason()))
        .toList();
  }

  private static Condition condition(AnalyticsSiteStatus status, String type) {
    return SiteStatus.conditions(Optional.of(status)).stream()
        .filter(condition -> condition.type().equals(type))
        .findFirst()
        .orElseThrow();
  }

  private static StatefulSet statefulSet(int ready) {
    return new StatefulSetBuilder()
        .withNewMetadata()
        .withGeneration(2L)
        .endMetadata()
        .withNewSpec()
        .withReplicas(1)
        .endSpec()
        .withNewStatus()
        .withObservedGeneration(2L)
        .withReplicas(1)
        .withUpdatedReplicas(1)
        .withReadyReplicas(ready)
        .endStatus()
        .build();
  }

  private static StatefulSet scaledToZero() {
    return new StatefulSetBuilder(statefulSet(0))
        .editSpec()
        .withReplicas(0)
        .endSpec()
        .editStatus()
        .withReplicas(0)
        .endStatus()
        .build();
  }

  private static PersistentVolumeClaim claim(String requested, String capacity, String phase) {
    return new PersistentVolumeClaimBuilder()
        .withNewMetadata()
        .withName("data-blog-0")
        .endMetadata()
        .withNewSpec()
        .withNewResources()
        .addToRequests("storage", new Quantity(requested))
        .endResources()
        .endSpec()
        .withNewStatus()
        .withPhase(phase)
        .addToCapacity("storage", new Quantity(capacity))
        .endStatus()
        .build();
  }
}
