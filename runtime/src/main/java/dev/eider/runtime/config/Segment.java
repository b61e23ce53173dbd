package dev.eider.runtime.config;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * Filters under a name. What they mean is known to those who answer questions; see {@link
 * Sites#Sites(PrivacySettings.Mode, SiteCheck)}.
 *
 * @param name what filters call it; 1 to 100 characters that are not all digits, unique in the site
 * @param filters a list, as it was written; 1 to 50 of them. Not to be changed
 */
public record Segment(String name, JsonNode filters) {

  private static final int MOST_FILTERS = 50;

  public Segment {
    Bounds.checkLength("name", name, 1, 100);
    if (name.chars().allMatch(c -> c >= '0' && c <= '9')) {
      throw new ConfigException(
          "name is %s; numbers are those of segments saved over the API, so give it a name"
              .formatted(name));
    }
    if (filters.isEmpty() || filters.size() > MOST_FILTERS) {
      throw new ConfigException(
          "filters has %d items; it must have between 1 and %d"
              .formatted(filters.size(), MOST_FILTERS));
    }
  }
}
