package dev.eider.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eider.runtime.config.ASite;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CountedBotsTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{}                                                           | 1",
        "{bots: Exclude, withdrawnBotRules: [crawler/other]}          | 2",
        "{withdrawnBotRules: [crawler/other, \"it's/one\"]}           | 3",
        "{withdrawnBotRules: [nobody/knows]}                          | 1",
        "{bots: Include}                                              | 4",
      })
  void countsThoseWhoseRuleIsWithdrawn(String filters, long counted) throws Exception {
    String relation =
        CountedBots.in("events", ASite.of("domains: [a.example]\nfilters: " + filters).filters());
    try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = duckdb.createStatement()) {
      statement.execute(
          """
          CREATE TABLE events AS FROM (VALUES (false, NULL), (true, 'crawler/other'),
            (true, 'it''s/one'), (true, NULL)) AS e(is_bot, bot_rule)\
          """);
      try (ResultSet row =
          statement.executeQuery("SELECT count(*) FROM %s WHERE NOT is_bot".formatted(relation))) {
        row.next();
        assertThat(row.getLong(1)).isEqualTo(counted);
      }
    }
  }
}
