package dev.eider.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.eider.runtime.config.ASite;
import dev.eider.runtime.config.SiteSettings;
import dev.eider.runtime.disk.Disk;
import dev.eider.runtime.lake.RetainPlan;
import dev.eider.runtime.sql.SqlSite;
import dev.eider.runtime.stats.Query;
import dev.eider.runtime.stats.RawPruned;
import dev.eider.runtime.web.Answered;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Answers that are given again are right, whatever happens to the lake meanwhile. */
class CachedAnswersTest {

  private static final String MAY_4 =
      "{\"site_id\": \"blog\", \"metrics\": [\"pageviews\"], \"date_range\": [\"2026-05-04\", \"2026-05-04\"]}";

  @TempDir Path data;
  private SqlSite site;
  private LakeStatistics statistics;

  @BeforeEach
  void open() throws IOException {
    site = new SqlSite(data).filled();
    SavedForSites saved = SavedForSites.open(data.resolve("state"), Disk.real());
    statistics = new LakeStatistics(site.lake(), saved, 2, 1 << 20);
  }

  @AfterEach
  void close() {
    statistics.close();
    site.close();
  }

  private String ask(SiteSettings settings) {
    Answered answered =
        statistics.answer(settings, Query.parse(MAY_4.getBytes(StandardCharsets.UTF_8)), MAY_4);
    return answered.answer().at("/results/0/metrics/0") + (answered.again() ? " again" : "");
  }

  private String ask() {
    return ask(SiteSettings.of("blog"));
  }

  @Test
  void anEventIsSeenASecondLaterAtTheLatest() {
    assertThat(ask()).isEqualTo("2");
    assertThat(ask()).isEqualTo("2 again");
    site.accept(SqlSite.view("blog", "v3", SqlSite.MORNING, "/late"));
    // Only this test's own slowness makes it more than a second.
    await().pollDelay(Duration.ofSeconds(1)).untilAsserted(() -> assertThat(ask()).startsWith("3"));
    site.accept(SqlSite.view("blog", "v3", SqlSite.MORNING.plus(Duration.ofDays(40)), "/later"));
    site.accept(SqlSite.view("shop", "v3", SqlSite.MORNING, "/other"));
    await()
        .pollDelay(Duration.ofMillis(1_100))
        .untilAsserted(() -> assertThat(ask()).isEqualTo("3 again"));
  }

  @Test
  void whatIsRemovedIsGoneAtOnce() {
    site.lake().flush();
    assertThat(ask()).isEqualTo("2");
    assertThat(ask()).isEqualTo("2 again");
    site.lake()
        .retain(
            new RetainPlan(
                List.of(new RetainPlan.Site("blog", LocalDate.parse("2026-05-05"), 100, true)),
                false),
            step -> {});
    assertThatThrownBy(this::ask).isInstanceOf(RawPruned.class);
  }

  @Test
  void whatTheSettingsSayHoldsAtOnce() {
    assertThat(ask()).isEqualTo("2");
    assertThat(ask(ASite.of("domains: [blog]\nfilters: {bots: Include}"))).isEqualTo("3");
    assertThat(ask()).isEqualTo("2 again");
  }
}
