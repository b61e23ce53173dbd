package dev.eider.runtime;

import dev.eider.runtime.config.FilterSettings;
import dev.eider.runtime.config.SiteSettings;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The events of a site with those that its filters count again, though a rule took their sender for
 * a machine when they came: the rule is stored with them, so it can be withdrawn at any time.
 */
final class CountedBots {

  private CountedBots() {}

  /** The same for several sites, each with its own filters. */
  static String in(String relation, List<SiteSettings> sites) {
    if (sites.size() == 1) {
      return in(relation, sites.getFirst().filters());
    }
    List<SiteSettings> special =
        sites.stream().filter(site -> !in(relation, site.filters()).equals(relation)).toList();
    if (special.isEmpty()) {
      return relation;
    }
    List<String> parts = new ArrayList<>();
    for (SiteSettings site : special) {
      parts.add(
          "FROM "
              + in(
                  "(FROM %s WHERE site_id = %s)".formatted(relation, text(site.siteId())),
                  site.filters()));
    }
    String others =
        special.stream().map(site -> text(site.siteId())).collect(Collectors.joining(", "));
    parts.add("FROM %s WHERE site_id NOT IN (%s)".formatted(relation, others));
    return "(" + String.join(" UNION ALL ", parts) + ")";
  }

  /** What must be read to count them, with others that are asked for. */
  static Set<String> reading(Set<String> columns) {
    Set<String> all = new LinkedHashSet<>(columns);
    all.addAll(List.of("is_bot", "bot_rule"));
    return all;
  }

  private static String text(String value) {
    return "'" + value.replace("'", "''") + "'";
  }

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
            .map(CountedBots::text)
            .collect(Collectors.joining(", "));
    return "(SELECT * REPLACE (is_bot AND coalesce(bot_rule NOT IN (%s), true) AS is_bot) FROM %s)"
        .formatted(rules, relation);
  }
}
