package dev.eider.runtime;

import dev.eider.runtime.config.FilterSettings;
import java.util.stream.Collectors;

/**
 * The events of a site with those that its filters count again, though a rule took their sender for
 * a machine when they came: the rule is stored with them, so it can be withdrawn at any time.
 */
final class CountedBots {

  private CountedBots() {}

  /**
   * What to read in the place of a relation with the columns {@code is_bot} and {@code bot_rule}.
   */
  static String in(String relation, FilterSettings filters) {
    if (filters.bots() == FilterSettings.Bots.INCLUDE) {
      return "(SELECT * REPLACE (false AS is_bot) FROM %s)".formatted(relation);
    }
    if (filters.withdrawnBotRules().isEmpty()) {
      return relation;
    }
    String rules =
        filters.withdrawnBotRules().stream()
            .map(rule -> "'" + rule.replace("'", "''") + "'")
            .collect(Collectors.joining(", "));
    return "(SELECT * REPLACE (is_bot AND coalesce(bot_rule NOT IN (%s), true) AS is_bot) FROM %s)"
        .formatted(rules, relation);
  }
}
