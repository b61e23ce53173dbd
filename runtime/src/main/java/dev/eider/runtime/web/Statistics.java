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

  /**
   * The same, where an answer that was given before will do.
   *
   * @param asked the question as it was written; what is written the same is asked the same
   * @throws dev.eider.runtime.stats.TooBusy when too many ask already
   */
  default Answered answer(SiteSettings site, Question question, String asked) {
    return new Answered(answer(site, question), false);
  }
}
