package dev.eider.runtime.web;

import com.fasterxml.jackson.databind.JsonNode;
import dev.eider.runtime.config.SiteSettings;
import dev.eider.runtime.stats.Question;

/** Answers questions about a site. */
@FunctionalInterface
public interface Statistics {

  /**
   * Asks the question of all that the site has.
   *
   * @throws dev.eider.runtime.stats.InvalidQuery when the asker can mend it
   * @throws dev.eider.runtime.stats.StatsUnavailable when there is no answer just now
   */
  JsonNode answer(SiteSettings site, Question question);
}
