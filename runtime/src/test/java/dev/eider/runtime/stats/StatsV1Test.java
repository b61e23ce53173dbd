package dev.eider.runtime.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Questions and answers of Plausible's Stats API v1. */
class StatsV1Test {

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
  void currentVisitors() {
    assertThat(ask(StatsV1::realtimeVisitors)).isEqualTo("1");
  }

  @Test
  void aggregateBesideThePeriodBefore() {
    assertThat(
            ask(
                StatsV1::aggregate,
                "period=day",
                "date=2026-03-30",
                "metrics=visitors,pageviews,bounce_rate",
                "compare=previous_period"))
        .isEqualTo(
            "{\"results\":{\"visitors\":{\"value\":3,\"change\":200},"
                + "\"pageviews\":{\"value\":6,\"change\":500},"
                + "\"bounce_rate\":{\"value\":33,\"change\":-67}}}");
    assertThat(ask(StatsV1::aggregate)).isEqualTo("{\"results\":{\"visitors\":{\"value\":5}}}");
    assertThat(ask(StatsV1::aggregate, "period=7d", "with_imported=true"))
        .isEqualTo(
            "{\"results\":{\"visitors\":{\"value\":5}},\"warning\":\"Imported stats are not"
                + " included in the results: there are none.\"}");
  }

  @Test
  void timeseriesHasEveryBucket() {
    assertThat(
            ask(
                StatsV1::timeseries,
                "period=custom",
                "date=2026-03-28,2026-03-30",
                "metrics=visitors,bounce_rate,views_per_visit"))
        .isEqualTo(
            "{\"results\":["
                + "{\"date\":\"2026-03-28\",\"visitors\":0,\"bounce_rate\":null,\"views_per_visit\":0.0},"
                + "{\"date\":\"2026-03-29\",\"visitors\":1,\"bounce_rate\":100,\"views_per_visit\":1.0},"
                + "{\"date\":\"2026-03-30\",\"visitors\":3,\"bounce_rate\":33,\"views_per_visit\":2.0}]}");
    assertThat(ask(StatsV1::timeseries, "period=6mo"))
        .isEqualTo(
            "{\"results\":[{\"date\":\"2025-10-01\",\"visitors\":0},{\"date\":\"2025-11-01\",\"visitors\":0},"
                + "{\"date\":\"2025-12-01\",\"visitors\":0},{\"date\":\"2026-01-01\",\"visitors\":0},"
                + "{\"date\":\"2026-02-01\",\"visitors\":0},{\"date\":\"2026-03-01\",\"visitors\":5}]}");
  }

  @Test
  void breakdownByPages() {
    assertThat(
            ask(
                StatsV1::breakdown,
                "property=visit:source",
                "metrics=visitors,visits",
                "limit=1",
                "page=2"))
        .isEqualTo("{\"results\":[{\"source\":\"Google\",\"visitors\":2,\"visits\":2}]}");
    assertThat(
            ask(
                StatsV1::breakdown,
                "property=event:goal",
                "metrics=visitors,conversion_rate",
                "period=day",
                "date=2026-03-30"))
        .isEqualTo(
            "{\"results\":[{\"goal\":\"Visit /pricing\",\"visitors\":2,\"conversion_rate\":66.7},"
                + "{\"goal\":\"Buy\",\"visitors\":1,\"conversion_rate\":33.3}]}");
    assertThat(ask(StatsV1::breakdown, "property=event:props:plan", "filters=event:goal==Buy"))
        .isEqualTo("{\"results\":[{\"plan\":\"pro\",\"visitors\":1}]}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '@',
      textBlock =
          """
          event:page==/pricing                      @ 2
          event:page==/pricing|/thanks              @ 2
          event:page!=/pricing                      @ 4
          event:page==/blog/*                       @ 2
          event:page!=/*                            @ 0
          event:page==/blog/a\\|b                   @ 1
          event:page~blog                           @ 2
          event:page!~blog                          @ 4
          visit:source==Google;visit:country==DE    @ 2
          visit:source == Google ; visit:country==  DE @ 2
          event:page == /pricing | /thanks          @ 2
          visit:source==Direct / None               @ 3
          event:goal==Buy|Visit /pricing            @ 2
          event:goal!=Visit /pricing;event:page==/pricing @ 0
          event:goal!=Buy                           @ 5
          event:props:plan==pro                     @ 1
          [["is","event:page",["/pricing"]]]        @ 2
          """)
  void filters(String filters, String visitors) {
    assertThat(ask(StatsV1::aggregate, "filters=" + filters))
        .isEqualTo("{\"results\":{\"visitors\":{\"value\":" + visitors + "}}}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '@',
      textBlock =
          """
          period=yesterday        @ period "yesterday" is not known; possible are day, 7d
          period=custom           @ date is required with period=custom
          date=tomorrow           @ date "tomorrow" is not a date like 2024-01-31
          metrics=clicks          @ metric "clicks" is not known; possible are visitors
          metrics=visits,visits   @ metrics names "visits" twice
          metrics=conversion_rate @ metric conversion_rate needs a goal
          compare=year            @ compare "year" is not known; possible is previous_period
          filters=event:page      @ filter "event:page" is not of the form property==value
          filters=event:moon==x   @ filter property "event:moon" is not known; possible are event:goal
          """)
  void whatIsWrongIsSaid(String parameter, String sentence) {
    assertThatThrownBy(() -> ask(StatsV1::aggregate, parameter))
        .isInstanceOf(InvalidQuery.class)
        .hasMessageContaining(sentence);
  }

  @Test
  void aBreakdownNeedsAPropertyAndASite() {
    assertThatThrownBy(() -> ask(StatsV1::breakdown))
        .hasMessage("property is missing: name what to break down by, such as visit:source");
    assertThatThrownBy(() -> ask(StatsV1::breakdown, "property=visit:source", "limit=1001"))
        .hasMessage("limit is a whole number from 1 to 1000");
    assertThatThrownBy(() -> StatsV1.aggregate(new Parameters(Map.of())))
        .hasMessage("site_id is missing: give the site's id or one of its domains");
  }

  private String ask(Function<Parameters, Question> question, String... parameters) {
    return site.ask(question.apply(parameters(parameters))).toString();
  }

  static Parameters parameters(String... parameters) {
    Map<String, String> values = new HashMap<>(Map.of("site_id", "example.com"));
    for (String parameter : parameters) {
      int at = parameter.indexOf('=');
      values.put(parameter.substring(0, at), parameter.substring(at + 1));
    }
    return new Parameters(values);
  }
}
