package dev.eider.operator.erasure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.eider.api.v1alpha1.AnalyticsSite;
import dev.eider.api.v1alpha1.ErasureRequest;
import dev.eider.api.v1alpha1.ErasureRequestSpec.SubjectRef;
import dev.eider.api.v1alpha1.ErasureRequestStatus;
import dev.eider.api.v1alpha1.ErasureRequestStatus.State;
import dev.eider.operator.erasure.ErasureBody.BadSubjectException;
import dev.eider.operator.site.RuntimeJobs;
import dev.eider.operator.site.RuntimeJobs.Answer;
import dev.eider.operator.status.Reason;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ErasureProgressTest {

  private static final Instant NOW = Instant.parse("2026-05-04T02:10:00Z");
  private static final Instant LATE = Instant.parse("2026-06-10T00:00:00Z");
  private static final SubjectRef SECRET = new SubjectRef("alice", null);

  @Test
  void itKeepsTheReceiptOfEachSiteAndEndsWithTheLast() throws Exception {
    ErasureRequest request = request();
    ErasureRequestStatus first =
        progress(request, Map.of("blog", done(), "shop", running("merge")), NOW)
            .asked(Optional.empty());
    assertThat(first.state()).isEqualTo(State.Running);
    assertThat(conditions(first))
        .containsExactly("Ready False Running", "Reconciling True Running");
    assertThat(first.receipts()).hasSize(1);
    request.setStatus(first);
    assertThat(ErasureProgress.open(request)).containsExactly("shop");
    ErasureRequestStatus last =
        progress(request, Map.of("shop", done()), NOW).asked(Optional.empty());
    assertThat(conditions(last)).containsExactly("Ready True Erased");
    assertThat(Serialization.asYaml(last))
        .isEqualTo(
            """
            ---
            observedGeneration: 1
            conditions:
            - type: "Ready"
              status: "True"
              reason: "Erased"
              message: "erased from 2 sites; the receipts are in status. Not searched, since nothing\\
                \\ names them any more: s3://old/attic. Name them once more and ask again, or delete\\
                \\ what is there"
              lastTransitionTime: "2026-05-04T02:10:00Z"
              observedGeneration: 1
            state: "Succeeded"
            due: "2026-06-02T10:00:00Z"
            completedAt: "2026-05-04T02:10:00Z"
            events: 14
            receipts:
            - site: "blog"
              events: 7
              sessions: 2
              filesRewritten: 3
              backupsRewritten: 1
              backupsDeleted: 0
              archivesRewritten: 1
              archivedEvents: 4
              notSearched:
              - "s3://old/attic"
              completedAt: "2026-05-04T02:09:00Z"
              sha256: "00ff"
            - site: "shop"
              events: 7
              sessions: 2
              filesRewritten: 3
              backupsRewritten: 1
              backupsDeleted: 0
              archivesRewritten: 1
              archivedEvents: 4
              notSearched:
              - "s3://old/attic"
              completedAt: "2026-05-04T02:09:00Z"
              sha256: "00ff"
            """);
    assertThat(ErasureProgress.withoutSecret(last).secretDeleted()).isTrue();
  }

  @Test
  void aSiteThatIsMissingKeepsNoOtherWaiting() throws Exception {
    ErasureRequest request = request();
    ErasureProgress.Lack lack =
        new ErasureProgress.Lack(Reason.SiteNotFound, "there is no AnalyticsSite shop");
    ErasureRequestStatus status =
        progress(request, Map.of("blog", running("flush")), NOW).asked(Optional.of(lack));
    assertThat(conditions(status))
        .containsExactly("Ready False Running", "Reconciling True Running");
    request.setStatus(status);
    status = progress(request, Map.of("blog", done()), NOW).asked(Optional.of(lack));
    assertThat(status.state()).isEqualTo(ErasureRequestStatus.State.Running);
    assertThat(status.events()).isEqualTo(7);
    assertThat(conditions(status))
        .containsExactly("Ready False SiteNotFound", "Reconciling True SiteNotFound");
  }

  @Test
  void whatFailsIsTriedAgainUnderAnotherJobsName() throws Exception {
    ErasureRequest request = request();
    Answer failed =
        new Answer(RuntimeJobs.State.FAILED, "somebody still reads", MissingNode.getInstance());
    ErasureRequestStatus status =
        progress(request, Map.of("blog", done(), "shop", failed), NOW).asked(Optional.empty());
    assertThat(status.failures()).isEqualTo(1);
    assertThat(status.receipts()).hasSize(1);
    assertThat(conditions(status))
        .containsExactly("Ready False ErasureFailed", "Reconciling True ErasureFailed");
    AnalyticsSite site = site();
    ErasureBody body = body("{\"visitorIds\": [\"v1\"]}");
    assertThat(body.of(request, site, 0))
        .isEqualTo(
            "{\"id\":\"uid-1\",\"execute\":true,\"subject\":{\"visitorIds\":[\"v1\"],\"name\":\"uid-1\","
                + "\"sites\":[\"blog.example.com\"],\"from\":\"2026-05-01\",\"backups\":\"Rewrite\"}}");
    assertThat(body.of(request, site, 2)).contains("\"id\":\"uid-1.2\"", "\"name\":\"uid-1\"");
    assertThat(body.toString()).doesNotContain("v1");
  }

  @Test
  void whatIsLateSaysSoAndWhatIsRefusedWaitsForNobody() {
    ErasureRequest request = request();
    ErasureRequestStatus late =
        progress(request, Map.of(), LATE)
            .waiting(Reason.SecretNotFound, "the Secret alice with the subject is not there");
    assertThat(conditions(late))
        .containsExactly(
            "Ready False SecretNotFound",
            "Reconciling True SecretNotFound",
            "ErasureOverdue True DeadlinePassed");
    ErasureRequestStatus refused =
        progress(
                request,
                Map.of(
                    "blog",
                    new Answer(RuntimeJobs.State.REFUSED, "no subject", MissingNode.getInstance())),
                NOW)
            .asked(Optional.empty());
    assertThat(refused.hasEnded()).isTrue();
    assertThat(conditions(refused))
        .containsExactly("Ready False SubjectRefused", "Stalled True SubjectRefused");
  }

  @Test
  void aBadSecretIsSaidToBeSoAndNotRepeated() {
    assertThatThrownBy(() -> ErasureBody.of(SECRET, Map.of()))
        .hasMessage("entry subject of the Secret alice is missing");
    assertThatThrownBy(() -> body("alice@example.com"))
        .hasMessage("entry subject of the Secret alice is not JSON");
    assertThatThrownBy(() -> body("{\"alice@example.com\": 1}"))
        .hasMessageContaining("has a field that is not known")
        .hasMessageNotContaining("@");
  }

  private static ErasureBody body(String json) throws BadSubjectException {
    return ErasureBody.of(
        SECRET,
        Map.of(
            "subject", Base64.getEncoder().encodeToString(json.getBytes(StandardCharsets.UTF_8))));
  }

  private static Answer done() throws Exception {
    JsonNode receipt =
        Serialization.jsonMapper()
            .readTree(
                "{\"events\": 7, \"sessions\": 2, \"files_rewritten\": 3, \"backups_rewritten\": 1,"
                    + " \"archives_rewritten\": 1, \"archived_events\": 4,"
                    + " \"not_searched\": [\"s3://old/attic\"],"
                    + " \"completed_at\": \"2026-05-04T02:09:00Z\", \"sha256\": \"00ff\"}");
    return new Answer(RuntimeJobs.State.SUCCEEDED, "", receipt);
  }

  private static Answer running(String step) {
    return new Answer(RuntimeJobs.State.RUNNING, step, MissingNode.getInstance());
  }

  private static ErasureProgress progress(
      ErasureRequest request, Map<String, Answer> answers, Instant now) {
    return new ErasureProgress(request, answers, Duration.ofDays(30), now);
  }

  private static List<String> conditions(ErasureRequestStatus status) {
    return status.conditions().stream()
        .map(each -> each.type() + " " + each.status() + " " + each.reason())
        .toList();
  }

  private static AnalyticsSite site() {
    return Serialization.unmarshal(
        """
        apiVersion: eider.dev/v1alpha1
        kind: AnalyticsSite
        metadata: {name: blog, namespace: web}
        spec: {domains: [blog.example.com], runtime: {}}
        """,
        AnalyticsSite.class);
  }

  private static ErasureRequest request() {
    return Serialization.unmarshal(
        """
        apiVersion: eider.dev/v1alpha1
        kind: ErasureRequest
        metadata:
          name: alice
          namespace: web
          uid: uid-1
          generation: 1
          creationTimestamp: "2026-05-03T10:00:00Z"
        spec:
          siteRefs: [{name: blog}, {name: shop}]
          subjectSecretRef: {name: alice}
          from: "2026-05-01"
        """,
        ErasureRequest.class);
  }
}
