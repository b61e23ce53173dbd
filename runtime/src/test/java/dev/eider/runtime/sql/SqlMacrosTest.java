package dev.eider.runtime.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Worked examples of the functions of our own. */
class SqlMacrosTest {

  /** Who did what at which minute. */
  private static final String DID =
      """
      WITH did AS (SELECT who, what, TIMESTAMP '2026-05-04 08:00:00' + to_minutes(m) AS ts FROM (VALUES
        ('ann', 'view', 0), ('ann', 'cart', 10), ('ann', 'pay', 20),
        ('bob', 'cart', 0), ('bob', 'view', 5), ('bob', 'other', 6), ('bob', 'cart', 90), ('bob', 'view', 100), ('bob', 'cart', 110),
        ('eve', 'other', 0), ('eve', 'pay', 1)) t(who, what, m))
      """;

  @TempDir Path data;
  private SqlSite site;

  @BeforeEach
  void open() {
    site = new SqlSite(data);
  }

  @AfterEach
  void close() {
    site.close();
  }

  private String of(String expression) {
    return site.rows(
        DID + "SELECT who, " + expression + " AS x FROM did GROUP BY who ORDER BY who");
  }

  private static String people(String ann, String bob, String eve) {
    return "{\"who\":\"ann\",\"x\":%s}\n{\"who\":\"bob\",\"x\":%s}\n{\"who\":\"eve\",\"x\":%s}\n"
        .formatted(ann, bob, eve);
  }

  @Test
  void windowFunnel() {
    String steps = "ts, what = 'view', what = 'cart', what = 'pay')";
    assertThat(of("window_funnel(INTERVAL 1 HOUR, " + steps)).isEqualTo(people("3", "2", "0"));
    // Only the second of bob's views is followed by a cart within a quarter of an hour.
    assertThat(of("window_funnel(INTERVAL 15 MINUTE, " + steps)).isEqualTo(people("2", "2", "0"));
    assertThat(of("window_funnel(INTERVAL 9 MINUTE, " + steps)).isEqualTo(people("1", "1", "0"));
    // One event is one step, though it is both.
    assertThat(of("window_funnel(INTERVAL 1 HOUR, ts, what = 'pay', what = 'pay')"))
        .isEqualTo(people("1", "0", "1"));
  }

  @Test
  void retention() {
    assertThat(of("retention(what = 'view', what = 'cart', what = 'pay')"))
        .isEqualTo(people("[true,true,true]", "[true,true,false]", "[false,false,false]"));
  }

  @Test
  void sequenceMatch() {
    String events = "ts, what = 'view', what = 'cart', what = 'pay')";
    assertThat(of("sequence_match('(?1)(?2)', " + events))
        .isEqualTo(people("true", "true", "false"));
    assertThat(of("sequence_match('(?1).*(?3)', " + events))
        .isEqualTo(people("true", "false", "false"));
    assertThat(of("sequence_match('(?2).(?2)', " + events))
        .isEqualTo(people("false", "true", "false"));
    assertThat(of("sequence_count('(?1)(?2)', " + events)).isEqualTo(people("1", "2", "0"));
    assertThat(of("sequence_count('(?1).*(?2)', " + events)).isEqualTo(people("1", "2", "0"));
    assertThatThrownBy(() -> of("sequence_match('(?1)(?t<=3600)(?2)', " + events))
        .hasMessageContaining(
            "a pattern is made of (?1) to (?3), . and .*, and is: (?1)(?t<=3600)(?2)");
  }

  @Test
  void sequenceNextNode() {
    String after = "ts, what, %s, what = 'view', what = 'cart')";
    assertThat(of("sequence_next_node('forward', 'head', " + after.formatted("true")))
        .isEqualTo(people("\"pay\"", "null", "null"));
    assertThat(of("sequence_next_node('forward', 'first_match', ts, what, true, what = 'view')"))
        .isEqualTo(people("\"cart\"", "\"other\"", "null"));
    assertThat(of("sequence_next_node('forward', 'last_match', ts, what, true, what = 'view')"))
        .isEqualTo(people("\"cart\"", "\"cart\"", "null"));
    assertThat(of("sequence_next_node('backward', 'tail', ts, what, true, what = 'pay')"))
        .isEqualTo(people("\"cart\"", "null", "\"other\""));
    assertThat(of("sequence_next_node('backward', 'first_match', ts, what, true, what = 'view')"))
        .isEqualTo(people("null", "\"cart\"", "null"));
  }

  @Test
  void sessionize() {
    assertThat(
            site.rows(
                DID
                    + "SELECT minute(ts) + 60 * hour(ts) - 480 AS m, sessionize(who, ts, INTERVAL 30 MINUTE) AS session FROM did WHERE who = 'bob' ORDER BY ts"))
        .isEqualTo(
            """
            {"m":0,"session":1}
            {"m":5,"session":1}
            {"m":6,"session":1}
            {"m":90,"session":2}
            {"m":100,"session":2}
            {"m":110,"session":2}
            """);
  }
}
