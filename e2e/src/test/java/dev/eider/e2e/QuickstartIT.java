package dev.eider.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eider.e2e.client.Statistics;
import dev.eider.e2e.client.Visitors;
import dev.eider.e2e.cluster.Cluster;
import dev.eider.e2e.cluster.Namespace;
import dev.eider.e2e.cluster.OnCluster;
import dev.eider.e2e.cluster.Site;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Declare a site with kubectl, send it a page view, find it in the statistics. */
@OnCluster
class QuickstartIT {
  private final Cluster cluster;
  private final Namespace namespace;
  private Site site;
  private String domain;

  QuickstartIT(Cluster cluster, Namespace namespace) {
    this.cluster = cluster;
    this.namespace = namespace;
  }

  @BeforeAll
  void applyTheExample() {
    namespace.kubectl("apply", "-f", cluster.file("examples/quickstart").toString());
    site = namespace.site(ofTheSite("metadata.name"));
    domain = ofTheSite("spec.domains[0]");
    site.awaitReady();
  }

  @Test
  void aPageViewIsCountedAtOnce() {
    Visitors visitors = site.visitors(domain);
    visitors.look(1, "/hello");
    visitors.look(2, "/hello");
    visitors.look(1, "/bye");

    Statistics statistics = site.statistics(siteId());
    assertThat(statistics.by("pageviews", "event:page"))
        .containsEntry("/hello", 2L)
        .containsEntry("/bye", 1L);
    assertThat(statistics.total("visitors")).isEqualTo(2);
    assertThat(statistics.total("visits")).isEqualTo(2);
  }

  @Test
  void statisticsAreClosedWithoutTheKey() {
    String query =
        "{\"site_id\": \"%s\", \"metrics\": [\"visitors\"], \"date_range\": \"all\"}"
            .formatted(siteId());
    assertThat(new Statistics(site.url(), siteId(), "").ask(query).statusCode()).isEqualTo(401);
    assertThat(new Statistics(site.url(), siteId(), site.key("ingest")).ask(query).statusCode())
        .isEqualTo(401);
    assertThat(new Statistics(site.url(), siteId(), site.key("stats")).ask(query).statusCode())
        .isEqualTo(200);
  }

  @Test
  void theTrackerIsServed() {
    assertThat(site.visitors(domain).send("GET", "/js/script.js", new byte[0], Map.of()))
        .satisfies(
            script -> {
              assertThat(script.status()).isEqualTo(200);
              assertThat(script.header("content-type").orElse("")).contains("javascript");
              assertThat(script.body()).contains("/api/event");
            });
  }

  @Test
  void itsStatusSaysWhatAPersonLooksFor() {
    assertThat(site.conditions())
        .anySatisfy(condition -> assertThat(condition.type()).isEqualTo("Ready"))
        // kstatus: these two are there only while they are true.
        .noneMatch(condition -> condition.type().equals("Reconciling"))
        .noneMatch(condition -> condition.type().equals("Stalled"));
    assertThat(site.resource().orElseThrow().<Integer>get("status", "observedGeneration"))
        .isEqualTo(site.resource().orElseThrow().getMetadata().getGeneration().intValue());
    assertThat(namespace.kubectl("get", "asite", site.name()))
        .contains("READY", "REASON", "VISITORS-24H", "AGE", "True");
  }

  private String ofTheSite(String field) {
    return namespace.kubectl("get", "analyticssites", "-o", "jsonpath={.items[0]." + field + "}");
  }

  private String siteId() {
    return site.resource().map(r -> r.<String>get("spec", "siteId")).orElse(domain);
  }
}
