package dev.eider.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.eider.runtime.command.Eider;
import dev.eider.runtime.config.BackupSettings;
import dev.eider.runtime.config.FlushSettings;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Retention of several sites of one runtime, each with a policy of its own. */
final class RetainedSitesTest {

  private static final int DAYS = 8;

  @TempDir private Path folder;
  private ARuntime runtime;

  @BeforeEach
  void start() throws Exception {
    ARuntime.declare(
        folder,
        site("blog", "{rawEventsDays: 3, guard: {maxDeletePercent: 100}}")
            + site("shop", "{rawEventsDays: 4, guard: {maxDeletePercent: 100}}")
            + site("wiki", "{rawEventsDays: 5, mode: DryRun}")
            + site("docs", "{rawEventsDays: 6, guard: {maxDeletePercent: 100}}"));
    Files.createDirectory(folder.resolve("archive"));
    open();
    for (String site : List.of("blog", "shop", "wiki", "docs")) {
      for (int day = 0; day < DAYS; day++) {
        view(site, Instant.now().minus(Duration.ofDays(day)).minusMillis(1));
      }
    }
    runtime.awaitFlushed();
  }

  private void declareGuardOfDocs(int percent) throws IOException {
    runtime.close();
    ARuntime.declare(
        folder,
        ARuntime.declared(folder)
            .replaceFirst("(rawEventsDays: 6, .*maxDeletePercent: )\\d+", "$1" + percent));
    open();
  }

  private void declareGuardOfWiki(int percent) throws IOException {
    runtime.close();
    ARuntime.declare(
        folder,
        ARuntime.declared(folder)
            .replace(
                "rawEventsDays: 5,",
                "rawEventsDays: 5, guard: {maxDeletePercent: %d},".formatted(percent)));
    open();
  }

  private void open() throws IOException {
    open(ARuntime.EACH_SECOND);
  }

  private void open(FlushSettings flush) throws IOException {
    runtime =
        ARuntime.in(
            folder,
            asked ->
                asked
                    .withFlush(flush)
                    .withArchive(
                        Optional.of(new BackupSettings.Folder(folder.resolve("archive")))));
  }

  private static String site(String name, String policy) {
    return """
    apiVersion: eider.dev/v1alpha1
    kind: AnalyticsSite
    metadata: {name: %1$s}
    spec:
      domains: [%1$s.example.com]
      retentionPolicyRef: {name: %1$s}
      runtime: {}
    ---
    apiVersion: eider.dev/v1alpha1
    kind: RetentionPolicy
    metadata: {name: %1$s}
    spec: %2$s
    ---
    """
        .formatted(name, policy);
  }

  private void view(String site, Instant at) throws Exception {
    String domain = site + ".example.com";
    runtime.accepted(
        runtime
            .browser("/api/event")
            .header("Authorization", "Bearer " + runtime.key(domain, "ingest"))
            .POST(
                BodyPublishers.ofString(
                    """
                    {"n":"pageview","u":"https://%1$s/","d":"%1$s","timestamp":"%2$s"}"""
                        .formatted(domain, at))));
  }

  @AfterEach
  void stop() {
    runtime.close();
  }

  @Test
  void bothWhatWentAndWhatWasOnlyCountedIsSaid() throws Exception {
    JsonNode retained = runtime.done("retain", "one");
    assertThat(retained.path("message").asText())
        .matches(
            "8 rows of 8 days, .* are gone from the disk, .*"
                + "; of sites whose policy only counts 2 rows of 2 days, .* would go; .*");
    assertThat(retained.at("/enforced/rows").asInt()).isEqualTo(8);
    assertThat(rows("wiki")).isEqualTo(DAYS);

    assertThat(runtime.done("retain", "two").path("message").asText())
        .matches("of sites whose policy only counts 2 rows of 2 days, .* would go; .*");
  }

  @Test
  void whatWentIsSaidThoughTheGuardStoppedOneSite() throws Exception {
    declareGuardOfDocs(10);

    assertThat(runtime.failed("retain", "one"))
        .startsWith("the guard stopped the removal of rows of docs.example.com: ")
        .contains(". Of the other sites 7 rows of 7 days, ", " are gone from the disk");
    assertThat(rows("docs")).isEqualTo(DAYS);
    assertThat(rows("blog")).isEqualTo(DAYS - 4);
  }

  @Test
  void whatTheGuardWouldStopIsCountedToo() throws Exception {
    declareGuardOfWiki(10);

    assertThat(runtime.done("retain", "one").path("message").asText())
        .contains("; of sites whose policy only counts 2 rows of 2 days, ")
        .contains(
            " would go; the oldest day that is left is ",
            "; the guard would stop it for wiki.example.com: 2 of 8 rows (25 %) would go, more than"
                + " the guard's 10 %");
    assertThat(rows("wiki")).isEqualTo(DAYS);
  }

  @Test
  void whatHasJustComeOfADayThatGoesIsInItsSums() throws Exception {
    runtime.close();
    open(FlushSettings.DEFAULT);
    Instant old = Instant.now().minus(Duration.ofDays(DAYS - 1)).minusMillis(2);
    view("blog", old);
    runtime.done("retain", "one");

    LocalDate day = LocalDate.ofInstant(old, ZoneOffset.UTC);
    assertThat(
            ARuntime.json(
                    runtime.query(
                        "\"metrics\":[\"pageviews\"],\"date_range\":[\"%1$s\",\"%1$s\"],"
                            .formatted(day)))
                .at("/results/0/metrics/0")
                .asInt())
        .isEqualTo(2);
    assertThat(rows("blog")).isEqualTo(DAYS - 4);

    assertThatThrownBy(() -> view("blog", old))
        .as("it could be added to no figure any more")
        .hasMessageContaining(
            "lies on %s: the site's events of that day were removed by its retention policy"
                .formatted(day));
    view("blog", old.minus(Duration.ofDays(30)));
    view("wiki", old);
  }

  @Test
  void archivedDaysOfOneSiteAreBroughtBack() throws Exception {
    runtime.done("retain", "one");
    LocalDate oldest = LocalDate.now(ZoneOffset.UTC).minusDays(DAYS - 1);

    assertThat(restore("--site=nowhere").err())
        .isEqualTo(
            "eider archive restore: http://127.0.0.1:%d answers 404: no site has the id or the domain 'nowhere'\n"
                .formatted(runtime.port()));
    assertThat(
            restore("--site=shop.example.com", "--first=" + oldest.plusDays(1), "--last=" + oldest)
                .out())
        .contains(
            "failed: the first day, %s, is after the last, %s"
                .formatted(oldest.plusDays(1), oldest));

    JsonNode counted = result(restore("--site=shop.example.com", "--last=" + oldest.plusDays(1)));
    assertThat(counted.path("rows").asInt()).isEqualTo(2);
    assertThat(rows("shop")).isEqualTo(DAYS - 3);
    assertThat(result(restore("--site=shop.example.com", "--execute")).path("rows").asInt())
        .isEqualTo(3);
    assertThat(rows("shop")).isEqualTo(DAYS);
    assertThat(rows("blog")).isEqualTo(DAYS - 4);

    assertThat(result(restore("--execute")).path("rows").asInt()).isEqualTo(4 + 1);
    assertThat(rows("blog")).isEqualTo(DAYS);
  }

  private Eider.Run restore(String... flags) throws IOException {
    Path token = Files.writeString(folder.resolve("token"), ARuntime.TOKEN);
    List<String> all =
        new ArrayList<>(
            List.of(
                "archive",
                "restore",
                "--runtime=http://127.0.0.1:" + runtime.port(),
                "--admin-token-file=" + token));
    all.addAll(List.of(flags));
    return Eider.run(all.toArray(String[]::new));
  }

  private static JsonNode result(Eider.Run run) throws IOException {
    assertThat(run.code()).as(run.out() + run.err()).isZero();
    String last = run.out().strip().lines().reduce((a, b) -> b).orElseThrow();
    return new ObjectMapper().readTree(last.substring("succeeded: ".length()));
  }

  private int rows(String site) throws Exception {
    return ARuntime.json(
            runtime.post(
                "/api/v1/sql",
                "{\"site_id\":\"%s.example.com\",\"query\":\"SELECT count(*) AS n FROM events\"}"
                    .formatted(site)))
        .findPath("n")
        .asInt(-1);
  }
}
