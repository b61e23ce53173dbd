package dev.eider.runtime.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SiteDirectoryTest {

  private static final String SITE =
      """
      apiVersion: eider.dev/v1alpha1
      kind: AnalyticsSite
      metadata: {name: %1$s, namespace: web, generation: %2$d}
      spec:
        domains: [%1$s.example.com, WWW.%1$s.example.org]
        timeZone: %3$s
        retentionPolicyRef: {name: short}
      """;
  private static final String POLICY =
      """
      apiVersion: eider.dev/v1alpha1
      kind: RetentionPolicy
      metadata: {name: short, namespace: web}
      spec: {rawEventsDays: 30, mode: DryRun, guard: {maxDeletePercent: 50}}
      """;

  @TempDir private Path folder;
  private final Sites sites = new Sites();

  private SiteDirectory read() {
    SiteDirectory directory = new SiteDirectory(folder, sites);
    directory.refresh();
    return directory;
  }

  private void write(String name, String content) throws IOException {
    Files.writeString(folder.resolve(name), content);
  }

  @Test
  void sitesArePutTogetherWithTheirPolicies() throws IOException {
    write("blog.yaml", SITE.formatted("blog", 3, "Europe/Berlin") + "---\n" + POLICY);
    write("other.yaml", "apiVersion: v1\nkind: ConfigMap\ndata: {a: b}\n");
    write("notes.txt", "not for us");

    SiteDirectory directory = read();

    assertThat(sites.all())
        .containsExactly(
            SiteSettings.builder("blog.example.com", "blog.example.com", "www.blog.example.org")
                .namespace("web")
                .zone(ZoneId.of("Europe/Berlin"))
                .retention(new RetentionSettings("short", OptionalInt.of(30), false, 50, true))
                .generation(3)
                .build());
    assertThat(directory.problems()).isEmpty();
    assertThat(directory.runtime()).isEqualTo(RuntimeSettings.DEFAULT);
    assertThat(sites.byDomain("blog.example.org")).isEqualTo(sites.byId("blog.example.com"));
  }

  @Test
  void whatIsEmptyOrNoFileForAMomentTakesNoSiteAway() throws IOException {
    write("a.yaml", SITE.formatted("a", 1, "UTC"));
    write("policy.yaml", POLICY);
    SiteDirectory directory = read();
    Path file = folder.resolve("a.yaml");
    Files.writeString(file, "");
    directory.refresh();
    assertThat(directory.problems())
        .containsExactly("a.yaml: it is empty; its last good content stays in force");
    Files.delete(file);
    Files.createDirectory(file);
    directory.refresh();
    assertThat(directory.problems())
        .containsExactly("a.yaml: it is no file; its last good content stays in force");
    Files.delete(file);
    Files.createSymbolicLink(file, folder.resolve("nowhere"));
    directory.refresh();
    assertThat(directory.problems())
        .singleElement()
        .asString()
        .endsWith("its last good content stays in force");
    assertThat(sites.byDomain("a.example.com")).isPresent();
    Files.delete(file);
    directory.refresh();
    assertThat(directory.problems()).isEmpty();
    assertThat(sites.all()).isEmpty();
  }

  @Test
  void settingsOfTheRuntimeComeFromTheSiteThatHasItsOwn() throws IOException {
    write(
        "blog.yaml",
        """
        apiVersion: eider.dev/v1alpha1
        kind: AnalyticsSite
        metadata: {name: blog}
        spec:
          domains: [blog.example.com]
          runtime:
            flush: {maxEvents: 500, interval: 5m}
            compaction: {targetFileSize: 64Mi}
            snapshots: {expireAfterDays: 1}
            network: {trustedProxies: [203.0.113.0/24]}
        """);

    assertThat(read().runtime())
        .isEqualTo(
            new RuntimeSettings(
                new FlushSettings(500, Duration.ofMinutes(5), Duration.ofSeconds(30)),
                new CompactionSettings(64L << 20),
                new SnapshotSettings(1),
                LakePlace.VOLUME,
                List.of("203.0.113.0/24"),
                CollectSettings.DEFAULT,
                BackupSettings.DEFAULT,
                Optional.empty()));
  }

  @Test
  void aFileThatBreaksKeepsItsLastGoodContentAndIsReported() throws IOException {
    write("blog.yaml", SITE.formatted("blog", 1, "UTC"));
    write("policy.yaml", POLICY);
    SiteDirectory directory = read();
    SiteSettings before = sites.byId("blog.example.com").orElseThrow();

    write("blog.yaml", SITE.formatted("blog", 2, "Mars/Olympus"));
    directory.refresh();
    directory.refresh();

    assertThat(sites.all()).containsExactly(before);
    assertThat(directory.problems())
        .containsExactly(
            "blog.yaml: AnalyticsSite blog: timeZone 'Mars/Olympus' is not known; use a name of the"
                + " IANA time zone database, such as Europe/Berlin; its last good content stays in"
                + " force");

    write("blog.yaml", "a: [");
    directory.refresh();
    assertThat(sites.all()).containsExactly(before);
    assertThat(directory.problems()).singleElement().asString().startsWith("blog.yaml: not YAML");

    write("blog.yaml", SITE.formatted("blog", 3, "Asia/Tokyo"));
    directory.refresh();
    assertThat(sites.byId("blog.example.com").orElseThrow().zone())
        .isEqualTo(ZoneId.of("Asia/Tokyo"));
    assertThat(directory.problems()).isEmpty();
  }

  @Test
  void aPolicyThatGoesLeavesTheLastKnownInForce() throws IOException {
    write("blog.yaml", SITE.formatted("blog", 1, "UTC"));
    write("policy.yaml", POLICY);
    SiteDirectory directory = read();
    SiteSettings before = sites.byId("blog.example.com").orElseThrow();

    Files.delete(folder.resolve("policy.yaml"));
    directory.refresh();

    assertThat(sites.all()).containsExactly(before);
    assertThat(directory.problems())
        .containsExactly(
            "site blog.example.com refers to the RetentionPolicy short, which is not there; the"
                + " last known one stays in force");
  }

  @Test
  void aPolicyThatWasNeverThereKeepsEverythingAndSaysSo() throws IOException {
    write("blog.yaml", SITE.formatted("blog", 1, "UTC"));

    SiteDirectory directory = read();

    assertThat(sites.byId("blog.example.com").orElseThrow().retention())
        .isEqualTo(RetentionSettings.missing("short"));
    assertThat(directory.problems())
        .containsExactly(
            "site blog.example.com refers to the RetentionPolicy short, which is not there; nothing"
                + " is pruned until it is");
  }

  @Test
  void aConfigMapThatIsSwappedIsReadAgain() throws IOException {
    mount("..1", "first");
    Files.createSymbolicLink(folder.resolve("..data"), Path.of("..1"));
    Files.createSymbolicLink(folder.resolve("site.yaml"), Path.of("..data/site.yaml"));
    SiteDirectory directory = read();
    assertThat(sites.all()).extracting(SiteSettings::siteId).containsExactly("first.example.com");

    mount("..2", "second");
    Path next = Files.createSymbolicLink(folder.resolve("..data_tmp"), Path.of("..2"));
    Files.move(next, folder.resolve("..data"), StandardCopyOption.REPLACE_EXISTING);
    directory.refresh();

    assertThat(sites.all()).extracting(SiteSettings::siteId).containsExactly("second.example.com");
  }

  private void mount(String name, String site) throws IOException {
    Path directory = Files.createDirectory(folder.resolve(name));
    Files.writeString(directory.resolve("site.yaml"), SITE.formatted(site, 1, "UTC"));
  }

  @Test
  void whatTheOperatorPushedIsNotUndoneByAnOlderConfigMap() throws IOException {
    write("blog.yaml", SITE.formatted("blog", 1, "UTC"));
    SiteDirectory directory = read();
    SiteSettings pushed =
        Manifests.read(SITE.formatted("blog", 3, "Asia/Tokyo").getBytes())
            .sites()
            .getFirst()
            .settings();
    sites.put(pushed);

    write("blog.yaml", SITE.formatted("blog", 2, "Europe/Berlin"));
    directory.refresh();
    assertThat(sites.byId("blog.example.com")).contains(pushed);

    write("blog.yaml", SITE.formatted("blog", 4, "Europe/Berlin"));
    directory.refresh();
    assertThat(sites.byId("blog.example.com").orElseThrow().zone())
        .isEqualTo(ZoneId.of("Europe/Berlin"));
  }

  @Test
  void aHostNameBelongsToOneSite() throws IOException {
    write("a.yaml", SITE.formatted("a", 1, "UTC").replace("[a.example.com", "[shared.example.com"));
    write(
        "b.yaml",
        SITE.formatted("b", 1, "UTC")
            .replace("[b.example.com", "[b.example.com, shared.example.com"));
    write("policy.yaml", POLICY);

    SiteDirectory directory = read();

    assertThat(sites.byDomain("shared.example.com").orElseThrow().siteId())
        .isEqualTo("b.example.com");
    assertThat(directory.problems())
        .containsExactly(
            "host name shared.example.com is claimed by the sites b.example.com and"
                + " shared.example.com; b.example.com keeps it");
  }
}
