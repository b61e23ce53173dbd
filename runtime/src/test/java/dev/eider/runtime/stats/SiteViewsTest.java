package dev.eider.runtime.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.SQLException;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Ready-made views and what visitors do one after another, in whole answers. */
class SiteViewsTest {

  private static final String SAID =
      "\"time_zone\":\"Europe/Berlin\",\"as_of\":\"2026-03-31T10:00:00.250Z\"}";
  private static final String DAY = "\"identity_window\":\"site_day\"," + SAID;

  private SampleSite site;

  @BeforeEach
  void open() throws SQLException {
    site = new SampleSite();
  }

  @AfterEach
  void close() throws SQLException {
    site.close();
  }

  @Test
  void figures() {
    assertThat(ask(SiteViews::main, "start_date=2026-03-30", "end_date=2026-03-30"))
        .isEqualTo(
            "{\"unique_visitors\":3,\"total_pageviews\":6,\"total_events\":7,"
                + "\"views_per_visitor\":2.0,\"total_sessions\":3,\"bounce_rate\":0.33,"
                + "\"avg_visit_duration_secs\":70,\"views_per_visit\":2.0,"
                + SAID);
    assertThat(ask(SiteViews::sessions, "period=7d"))
        .isEqualTo(
            "{\"total_sessions\":5,\"avg_session_duration_secs\":42,\"avg_pages_per_session\":1.6,"
                + SAID);
  }

  @Test
  void bucketsAndValues() {
    assertThat(ask(SiteViews::timeseries, "start_date=2026-03-28", "end_date=2026-03-30"))
        .isEqualTo(
            "[{\"date\":\"2026-03-28\",\"visitors\":0,\"pageviews\":0},"
                + "{\"date\":\"2026-03-29\",\"visitors\":1,\"pageviews\":1},"
                + "{\"date\":\"2026-03-30\",\"visitors\":3,\"pageviews\":6}]");
    assertThat(ask(p -> SiteViews.breakdown("pages", p), "period=30d", "limit=2"))
        .isEqualTo(
            "[{\"value\":\"/\",\"visitors\":3,\"pageviews\":3,\"events\":3},"
                + "{\"value\":\"/pricing\",\"visitors\":2,\"pageviews\":2,\"events\":2}]");
    assertThatThrownBy(() -> ask(p -> SiteViews.breakdown("moons", p)))
        .hasMessageStartingWith(
            "breakdown \"moons\" is not known; possible are pages, entry-pages");
    assertThatThrownBy(() -> ask(SiteViews::main, "period=month"))
        .hasMessageStartingWith("period \"month\" is not known; possible are day, today");
    assertThatThrownBy(() -> ask(SiteViews::main, "start_date=2026-03-30"))
        .hasMessage("start_date and end_date go together; give both or a period");
  }

  @Test
  void filtersAreThoseOfV1() {
    assertThat(ask(SiteViews::main, "period=7d", "filters=visit:source==Google"))
        .isEqualTo(
            "{\"unique_visitors\":2,\"total_pageviews\":4,\"total_events\":5,"
                + "\"views_per_visitor\":2.0,\"total_sessions\":2,\"bounce_rate\":0.5,"
                + "\"avg_visit_duration_secs\":90,\"views_per_visit\":2.0,"
                + SAID);
    assertThat(
            ask(
                p -> SiteViews.breakdown("pages", p),
                "period=30d",
                "filters=[[\"is\",\"visit:source\",[\"Google\"]]]"))
        .isEqualTo(
            "[{\"value\":\"/\",\"visitors\":1,\"pageviews\":1,\"events\":1},"
                + "{\"value\":\"/blog/a|b\",\"visitors\":1,\"pageviews\":1,\"events\":1},"
                + "{\"value\":\"/pay\",\"visitors\":1,\"pageviews\":0,\"events\":1},"
                + "{\"value\":\"/pricing\",\"visitors\":1,\"pageviews\":1,\"events\":1},"
                + "{\"value\":\"/thanks\",\"visitors\":1,\"pageviews\":1,\"events\":1}]");
    assertThat(
            ask(
                Behaviour::funnel,
                "period=7d",
                "filters=visit:source==Google;visit:country==DE",
                "steps=page:/pricing,event:Purchase"))
        .isEqualTo(
            "{\"steps\":[{\"step\":\"page:/pricing\",\"visitors\":1,\"conversion_rate\":100.0,"
                + "\"step_conversion_rate\":100.0,\"dropoff\":0},"
                + "{\"step\":\"event:Purchase\",\"visitors\":1,\"conversion_rate\":100.0,"
                + "\"step_conversion_rate\":100.0,\"dropoff\":0}],"
                + "\"visitors\":2,\"window_seconds\":86400,\"strict\":false,"
                + DAY);
    assertThat(ask(Behaviour::flow, "period=7d", "page=/", "filters=event:page!=/pricing"))
        .isEqualTo(
            "{\"page\":\"/\",\"pages\":[{\"next_page\":\"/blog/=x\",\"visitors\":1},"
                + "{\"next_page\":\"/thanks\",\"visitors\":1}],"
                + DAY);
    assertThat(
            ask(
                Behaviour::sequences,
                "period=7d",
                "steps=page:/,page:/pricing",
                "filters=visit:entry_page==/pricing"))
        .isEqualTo(
            "{\"converting_visitors\":0,\"total_visitors\":1,\"sequences\":0,"
                + "\"conversion_rate\":0.0,"
                + DAY);
    assertThatThrownBy(() -> ask(Behaviour::funnel, "steps=page:/", "filters=event:moon==x"))
        .hasMessageStartingWith("filter property \"event:moon\" is not known");
  }

  @Test
  void now() {
    assertThat(ask(SiteViews::realtime, "minutes=3"))
        .isEqualTo(
            "{\"current_visitors\":1,\"pageviews\":1,\"window_minutes\":5,\"minutes\":[{\"minute\":\"2026-03-31"
                + " 11:58:00\",\"visitors\":1,\"pageviews\":1,\"events\":1},{\"minute\":\"2026-03-31"
                + " 11:59:00\",\"visitors\":0,\"pageviews\":0,\"events\":0},{\"minute\":\"2026-03-31"
                + " 12:00:00\",\"visitors\":0,\"pageviews\":0,\"events\":0}],"
                + "\"top_pages\":[{\"value\":\"/\",\"visitors\":1}],\"top_sources\":[{\"value\":\"Direct"
                + " / None\",\"visitors\":1}],"
                + "\"top_countries\":[{\"value\":\"US\",\"visitors\":1}],"
                + SAID);
  }

  @Test
  void whatOnlyRowsTellIsNotToldOfAllDaysWhereSomeAreGone() {
    assertThat(ask(Behaviour::funnel, "period=all", "steps=page:/")).contains("\"visitors\":");
    site.prune();
    assertThatThrownBy(() -> ask(Behaviour::funnel, "period=all", "steps=page:/"))
        .isInstanceOf(RawPruned.class)
        .hasMessageContaining("ask from 2026-03-30 on");
    assertThat(
            ask(Behaviour::funnel, "start_date=2026-03-30", "end_date=2026-03-31", "steps=page:/"))
        .contains("\"visitors\":");
  }

  @Test
  void visits() {
    String dan =
        "{\"visit_id\":\"%s\",\"started_at\":\"2026-03-31T09:58:00Z\",\"last_activity\":\"2026-03-31T09:58:00Z\",\"active\":true,\"duration_secs\":0,\"pageviews\":1,\"events\":1,\"entry_page\":\"/\",\"current_page\":\"/\",\"source\":\"Direct / None\",\"channel\":\"Direct\",\"country\":\"US\",\"device\":\"(not set)\",\"browser\":\"(not set)\",\"os\":\"(not set)\"}"
            .formatted(SampleSite.id("dan", "2026-03-31T09:58:00Z"));
    assertThat(ask(VisitList::of, "active=true")).isEqualTo("{\"visits\":[" + dan + "]," + SAID);
    assertThat(ask(VisitList::of, "period=7d", "limit=1"))
        .isEqualTo("{\"visits\":[" + dan + "]," + SAID);
    assertThat(
            ask(VisitList::of, "start_date=2026-03-30", "end_date=2026-03-30", "limit=1", "page=3"))
        .isEqualTo(
            "{\"visits\":[{\"visit_id\":\"%s\",\"started_at\":\"2026-03-30T09:00:00Z\",\"last_activity\":\"2026-03-30T09:03:00Z\",\"active\":false,\"duration_secs\":180,\"pageviews\":3,\"events\":4,\"entry_page\":\"/\",\"current_page\":\"/thanks\",\"source\":\"Google\",\"channel\":\"Direct\",\"country\":\"DE\",\"device\":\"(not set)\",\"browser\":\"(not set)\",\"os\":\"(not set)\"}],"
                    .formatted(SampleSite.id("ann", "2026-03-30T09:00:00Z"))
                + SAID);
    assertThat(ask(VisitList::of))
        .isEqualTo(ask(VisitList::of, "period=24h"))
        .contains(SampleSite.id("bob", "2026-03-30T12:00:00Z").toString())
        .doesNotContain(SampleSite.id("ann", "2026-03-30T09:00:00Z").toString());
    assertThat(ask(VisitList::of, "period=7d", "page=2")).isEqualTo("{\"visits\":[]," + SAID);
  }

  @Test
  void funnels() {
    String expected =
        "%s\"steps\":[{\"step\":\"%s\",\"visitors\":2,\"conversion_rate\":100.0,"
            + "\"step_conversion_rate\":100.0,\"dropoff\":0},"
            + "{\"step\":\"%s\",\"visitors\":1,\"conversion_rate\":50.0,"
            + "\"step_conversion_rate\":50.0,\"dropoff\":1}],"
            + "\"visitors\":5,\"window_seconds\":%d,\"strict\":false,"
            + DAY;
    assertThat(ask(Behaviour::funnel, "period=7d", "name=checkout"))
        .isEqualTo(
            expected.formatted(
                "{\"name\":\"checkout\",\"description\":\"From the price to the sale\",",
                "Pricing",
                "Bought",
                3600));
    assertThat(
            ask(
                Behaviour::funnel,
                "period=7d",
                "steps=page:/pricing,event:Purchase",
                "window=1 day"))
        .isEqualTo(expected.formatted("{", "page:/pricing", "event:Purchase", 86_400));
    assertThat(
            ask(Behaviour::funnel, "period=7d", "steps=page:/pricing,event:Purchase", "window=30s"))
        .contains("\"step\":\"event:Purchase\",\"visitors\":0");
    assertThat(
            ask(Behaviour::funnel, "period=7d", "steps=page:/pricing,page:/thanks", "strict=true"))
        .contains("\"step\":\"page:/thanks\",\"visitors\":0");
    assertThat(
            ask(Behaviour::funnel, "period=7d", "steps=page:/pri*,event:Purchase", "window=1 day"))
        .contains("\"step\":\"page:/pri*\",\"visitors\":2");
    assertThat(ask(Behaviour::funnel, "period=7d", "steps=event:Buy\\, now"))
        .contains("\"step\":\"event:Buy, now\",\"visitors\":0");
    assertThatThrownBy(() -> ask(Behaviour::funnel, "steps=page:/", "strict=1"))
        .hasMessage("strict is true or false, and not \"1\"");
    assertThatThrownBy(() -> ask(Behaviour::funnel, "steps=page:/", "name=checkout"))
        .hasMessage("name and steps are both given; give one of them");
    assertThat(ask(Behaviour::funnels))
        .isEqualTo(
            "{\"funnels\":[{\"name\":\"checkout\",\"description\":\"From the price to the sale\","
                + "\"window_seconds\":3600,\"strict\":false,\"steps\":[\"Pricing\",\"Bought\"]}]}");
    assertThatThrownBy(() -> ask(Behaviour::funnel, "name=nothing"))
        .hasMessage("funnel \"nothing\" is not one of this site's; possible are checkout");
    assertThatThrownBy(() -> ask(Behaviour::funnel, "steps=/pricing"))
        .hasMessage("steps \"/pricing\" is not a list such as page:/pricing,event:Signup");
    assertThatThrownBy(() -> ask(Behaviour::funnel, "steps=page:/", "window=soon"))
        .hasMessageStartingWith("window \"soon\" is not a time such as 30m");
  }

  @Test
  void sequencesAndWhatComesNext() {
    assertThat(ask(Behaviour::sequences, "period=7d", "steps=page:/,page:/pricing,page:/thanks"))
        .isEqualTo(
            "{\"converting_visitors\":1,\"total_visitors\":5,\"sequences\":1,\"conversion_rate\":0.2,"
                + DAY);
    assertThat(ask(Behaviour::flow, "period=7d", "page=/"))
        .isEqualTo(
            "{\"page\":\"/\",\"pages\":[{\"next_page\":\"/blog/=x\",\"visitors\":1},"
                + "{\"next_page\":\"/pricing\",\"visitors\":1}],"
                + DAY);
    assertThat(ask(Behaviour::flow, "period=7d", "page=/thanks", "direction=previous"))
        .isEqualTo(
            "{\"page\":\"/thanks\",\"pages\":[{\"previous_page\":\"/pricing\",\"visitors\":1}],"
                + DAY);
    assertThatThrownBy(() -> ask(Behaviour::sequences, "steps=page:/"))
        .hasMessage("steps holds 2 to 20 steps");
  }

  private String ask(Function<Parameters, Question> question, String... parameters) {
    return site.ask(question.apply(StatsV1Test.parameters(parameters))).toString();
  }
}
