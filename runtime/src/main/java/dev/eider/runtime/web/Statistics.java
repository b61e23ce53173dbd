package dev.eider.runtime.web;

import dev.eider.runtime.config.SiteSettings;

/** Answers a query about a site. */
@FunctionalInterface
public interface Statistics {

  /**
   * @param query the request's body, a JSON object
   * @return the answer, fit for JSON
   */
  Object answer(SiteSettings site, byte[] query) throws Exception;
}
