package dev.eider.operator.site;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eider.operator.status.Reason;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SiteProblemTest {

  @Test
  void aSiteThatCanBeFollowedHasNone() {
    SitePlan plan = Plans.of("{domains: [blog.example.com], timeZone: Europe/Berlin, runtime: {}}");
    assertThat(SiteProblem.of(plan, Optional.empty())).isEmpty();
    assertThat(SiteProblem.of(plan, Optional.of(VolumeClaim.desired(plan)))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {domains: [a.example.com], timeZone: Europe/Atlantis, runtime: {}}                | UnknownTimeZone       | spec.timeZone 'Europe/Atlantis'
          {domains: [a.example.com], runtime: {backup: {timeZone: Mars/Base}}}              | UnknownTimeZone       | spec.runtime.backup.timeZone 'Mars/Base'
          {domains: [a.example.com], runtime: {compaction: {schedule: 0 0 30 2 *}}}         | InvalidSchedule       | names a day that never comes
          {domains: [a.example.com], runtime: {erasure: {schedule: 5-1 0 * * *}}}           | InvalidSchedule       | spec.runtime.erasure.schedule
          {domains: [a.example.com], runtime: {resources: {limits: {memory: much}}}}        | InvalidResources      | is no amount of memory
          {domains: [a.example.com], runtime: {backup: {destination: {volume: {claimName: data-blog-0}}}}} | InvalidSpec | is the site's own claim
          {domains: [a.example.com], runtimeRef: {name: shared}}                            | RuntimeRefUnsupported | create it with spec.runtime
          """)
  void whatCannotBeFollowedSaysWhatToDo(String spec, Reason reason, String sentence) {
    assertThat(SiteProblem.of(Plans.of(spec), Optional.empty()))
        .hasValueSatisfying(
            problem -> {
              assertThat(problem.reason()).isEqualTo(reason);
              assertThat(problem.message()).contains(sentence);
            });
  }

  @Test
  void dataIsNotInheritedByName() {
    PersistentVolumeClaim kept =
        VolumeClaim.desired(Plans.of("{domains: [old.example.com], runtime: {}}"));
    SitePlan plan = Plans.of("{domains: [new.example.com], runtime: {}}");
    assertThat(SiteProblem.of(plan, Optional.of(kept)))
        .hasValueSatisfying(
            problem -> {
              assertThat(problem.reason()).isEqualTo(Reason.VolumeOfAnotherSite);
              assertThat(problem.message()).contains("data-blog-0", "siteId: old.example.com");
            });
  }
}
