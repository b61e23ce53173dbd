package dev.eider.runtime.stats;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is wrong with a question, and the sentence for it. */
class InvalidQueryTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {                                                  | the body is not JSON
          {} {}                                              | the body is not JSON
          [1]                                                | the body is not a JSON object
          {}                                                 | metrics is required: a list with at least one of visitors, visits
          {"metrics": ["visitors"], "date_range": "day"}     | site_id is required: the site's id or one of its domains
          {"site_id": "x", "metrics": "visitors"}            | metrics is required
          {"site_id": "x", "metrics": []}                    | metrics is required
          {"site_id": "x", "metrics": ["clicks"]}            | metric "clicks" is not known; possible are visitors, visits
          {"site_id": "x", "metrics": [["visitors"]]}        | metric ["visitors"] is not known; possible are visitors
          {"site_id": "x", "metrics": ["visits", "visits"]}  | metrics names "visits" twice; name it once
          {"site_id": "x", "metrics": ["visits"]}            | date_range is required; possible are "day", "24h"
          {"site_id": "x", "metric": ["visits"]}             | key metric is not known; possible are site_id, metrics
          Q"date_range": "yesterday"}                        | date_range "yesterday" is not known; possible are "day"
          Q"date_range": "0d"}                               | date_range "0d" is not known
          Q"date_range": 7}                                  | date_range 7 is not known
          Q"date_range": ["2024-01-01"]}                     | date_range ["2024-01-01"] is not known
          Q"date_range": ["2024-02-30", "2024-03-01"]}       | date_range ["2024-02-30", "2024-03-01"] is not known
          Q"date_range": ["2024-03-02", "2024-03-01"]}       | ends before it starts
          Q"date_range": ["2024-03-01T00:00:00", "2024-03-02T00:00:00"]} | is not known; possible are
          D"dimensions": "time"}                             | dimensions is not a list
          D"dimensions": ["visit:moon"]}                     | dimension "visit:moon" is not known; possible are time, time:minute, time:hour
          D"dimensions": ["time", "time:day"]}               | dimensions holds two units of time; ask for one
          D"filters": {}}                                    | filters is not a list of filters
          D"filters": ["is", "event:page", ["/"]]}           | ["is","event:page",["/"]] is one filter; write a list of filters like [["is", "event:page", ["/pricing"]]]
          D"filters": [1]}                                   | filter 1 has no known operator; possible are is, is_not, contains, contains_not, matches, matches_not, and, or, not, has_done, has_not_done
          D"filters": [["has_done", ["is"]]]}                | is not of the form [operator, dimension, [text, …]]
          D"filters": [["is", "event:page"]]}                | is not of the form [operator, dimension, [text, …]]
          D"filters": [["is", "event:page", "/"]]}           | needs a list of 1 to 1000 texts to compare with
          D"filters": [["is", "event:page", []]]}            | needs a list of 1 to 1000 texts to compare with
          D"filters": [["is", "event:page", [1.5]]]}         | compares with 1.5; only texts and whole numbers are possible
          D"filters": [["is", "event:pages", ["/"]]]}        | filter dimension "event:pages" is not known; possible are event:goal, event:page
          D"filters": [["is", "time", ["2024"]]]}            | time cannot be filtered by; set date_range instead
          D"filters": [["is", "event:page", ["/"], {"x": 1}]]} | filter modifier {"x":1} is not known; possible are {"case_sensitive": true}
          D"filters": [["or", []]]}                          | holds no filter; give at least one
          D"filters": [["not", []]]}                         | has no known operator
          D"order_by": [["pageviews", "desc"]]}              | order_by names "pageviews", which is neither a metric nor a dimension of this query
          D"order_by": [["visits", "down"]]}                 | is not a pair of a metric or dimension and "asc" or "desc"
          D"order_by": "visits"}                             | order_by is not a list
          D"include": {"comparisons": true}}                 | include.comparisons is not a JSON object
          D"include": {"segments": true}}                    | key include.segments is not known; possible are imports, time_labels, total_rows
          D"include": {"total_rows": 1}}                     | include.total_rows is true or false
          D"include": {"time_labels": true}}                 | include.time_labels needs a time dimension
          D"as_of": "yesterday"}                             | as_of "yesterday" is neither a time like "2026-05-04T12:00:00Z" nor the number of a snapshot
          D"as_of": 0}                                       | as_of 0 is neither a time
          D"as_of": 1.5}                                     | as_of 1.5 is neither a time
          D"pagination": {"limit": 0}}                       | pagination.limit is a whole number from 1 to 10000
          D"pagination": {"offset": -1}}                     | pagination.offset is a whole number from 0
          D"pagination": {"page": 2}}                        | key pagination.page is not known; possible are limit, offset
          {"site_id": "x", "metrics": ["bounce_rate"], "date_range": "day", "dimensions": ["event:hostname"]} | metric bounce_rate cannot be asked by event:hostname alone; add event:page
          D"filters": [["is_not", "event:goal", ["Buy"]]]}   | event:goal can only be filtered by is and contains
          D"filters": [["matches", "event:goal", ["Buy"]]]}  | event:goal can only be filtered by is and contains
          D"filters": [["has_done", ["not", ["has_done", ["is", "event:page", ["/"]]]]]]} | has_done and has_not_done cannot stand inside one another
          D"filters": [["has_not_done", ["is", "visit:source", ["x"]]]]} | has_done and has_not_done look at events and cannot filter by visit:source
          D"filters": [["is_not", "segment", [1]]]}          | is not of the form ["is", "segment", [number or name, …]]
          D"filters": [["is", "segment", [1.5]]]}            | is not of the form ["is", "segment", [number or name, …]]
          D"filters": [["is", "segment", "one"]]}            | is not of the form ["is", "segment", [number or name, …]]
          D"dimensions": ["event:props:"]}                   | dimension "event:props:" is not known; possible are time
          D"include": {"compare": "yesterday"}}              | comparison "yesterday" is not known; possible are "previous_period"
          D"include": {"comparisons": {"mode": "custom"}}}   | a custom comparison's date_range is required
          {"site_id": "x", "metrics": ["scroll_depth"], "date_range": "day"} | metric scroll_depth needs a page; add event:page to dimensions or filters
          {"site_id": "x", "metrics": ["time_on_page"], "date_range": "day", "filters": [["has_done", ["is", "event:page", ["/"]]]]} | metric time_on_page needs a page
          {"site_id": "x", "metrics": ["percentage"], "date_range": "day"} | metric percentage is a group's share of all visitors; add a dimension
          {"site_id": "x", "metrics": ["conversion_rate"], "date_range": "day", "dimensions": ["event:page"]} | metric conversion_rate needs a goal; add event:goal to dimensions or filters
          {"site_id": "x", "metrics": ["group_conversion_rate"], "date_range": "day", "filters": [["not", ["is", "event:goal", ["Buy"]]]]} | metric group_conversion_rate compares with all visitors, so filters of event:goal, event:props and events' custom dimensions must stand at the top
          {"site_id": "x", "metrics": ["exit_rate"], "date_range": "day", "dimensions": ["visit:exit_page", "time"]} | metric exit_rate is asked by visit:exit_page, and by nothing beside it
          {"site_id": "x", "metrics": ["exit_rate"], "date_range": "day", "dimensions": ["visit:exit_page"], "filters": [["is", "event:page", ["/"]]]} | metric exit_rate needs all views of a page and cannot be filtered by event:page
          {"site_id": "x", "metrics": ["visit_duration"], "date_range": "day", "dimensions": ["event:props:plan"]} | metric visit_duration cannot be asked by event:props:plan; use event:page or a visit dimension
          """)
  void isExplained(String body, String sentence) {
    String whole =
        body.replaceFirst("^Q", "{\"site_id\": \"x\", \"metrics\": [\"visits\"], ")
            .replaceFirst(
                "^D", "{\"site_id\": \"x\", \"metrics\": [\"visits\"], \"date_range\": \"day\", ");
    assertThatThrownBy(() -> Query.parse(whole.getBytes(StandardCharsets.UTF_8)))
        .isInstanceOf(InvalidQuery.class)
        .hasMessageContaining(sentence);
  }
}
