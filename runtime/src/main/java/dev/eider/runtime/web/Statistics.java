package dev.eider.runtime.web;

import com.fasterxml.jackson.databind.JsonNode;
import dev.eider.runtime.config.SiteSettings;

/** Answers a query about a site. */
@FunctionalInterface
public interface Statistics {

  /**
   * @param query the request's body, a JSON object
   * @return the answer, fit for JSON
   */
  Object answer(SiteSettings site, JsonNode query) throws Exception;
}
