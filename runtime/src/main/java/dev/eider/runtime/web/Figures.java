package dev.eider.runtime.web;

import dev.eider.runtime.config.SiteSettings;
import java.util.Map;

/** What administrators see; put together by the composition root from all rooms. */
public interface Figures {

  /** The runtime as a whole, fit for JSON. */
  Map<String, Object> runtime();

  /** One site: visitors of the last 24 hours, events and bytes kept, fit for JSON. */
  Map<String, Object> site(SiteSettings site);

  /** Events of a site that were not kept since the process started, by reason. */
  Map<String, Long> dropped(SiteSettings site);
}
