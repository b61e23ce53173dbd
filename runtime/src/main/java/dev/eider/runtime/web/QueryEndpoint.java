package dev.eider.runtime.web;

import com.fasterxml.jackson.databind.JsonNode;
import dev.eider.runtime.access.AdminToken;
import dev.eider.runtime.access.Bearer;
import dev.eider.runtime.access.SiteKeys;
import dev.eider.runtime.config.SiteSettings;
import dev.eider.runtime.config.Sites;
import dev.eider.runtime.lake.LakeException;
import dev.eider.runtime.lake.PastGoneException;
import dev.eider.runtime.stats.InvalidQuery;
import dev.eider.runtime.stats.Query;
import dev.eider.runtime.stats.StatsUnavailable;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Method;
import io.helidon.http.Status;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code POST /api/v2/query}: statistics, for those who show the site's stats key or the admin
 * token.
 */
final class QueryEndpoint {

  private static final Logger LOG = LoggerFactory.getLogger(QueryEndpoint.class);
  private static final int LARGEST_BODY = 64 << 10;

  private final Sites sites;
  private final SiteKeys keys;
  private final AdminToken adminToken;
  private final Statistics statistics;
  private final Meters meters;

  QueryEndpoint(
      Sites sites, SiteKeys keys, AdminToken adminToken, Statistics statistics, Meters meters) {
    this.sites = sites;
    this.keys = keys;
    this.adminToken = adminToken;
    this.statistics = statistics;
    this.meters = meters;
  }

  void on(Routes.Builder routes) {
    routes.on(Method.POST, "/api/v2/query", this::answer);
  }

  private void answer(Exchange exchange) throws Exception {
    long start = System.nanoTime();
    try {
      String key =
          Bearer.token(exchange.header(HeaderNames.AUTHORIZATION))
              .orElseThrow(
                  () ->
                      closed("show the site's stats key as Authorization: Bearer KEY to read it"));
      byte[] body = exchange.body(LARGEST_BODY);
      JsonNode query = Json.object(body);
      if (!query.path("site_id").isTextual()) {
        throw Refusal.of(Status.BAD_REQUEST_400, "site_id is missing: name the site to ask about");
      }
      SiteSettings site =
          sites
              .byDomain(query.path("site_id").asText())
              .filter(
                  known ->
                      keys.admits(known.siteId(), SiteKeys.Use.STATS, key)
                          || adminToken.admits(key))
              .orElseThrow(() -> closed("there is no such site, or this is not its stats key"));
      exchange.json(Status.OK_200, answer(site, body));
      meters.query(System.nanoTime() - start);
    } catch (Refusal refusal) {
      meters.queryFailed(Integer.toString(refusal.status().code()));
      throw refusal;
    }
  }

  private Object answer(SiteSettings site, byte[] query) throws Exception {
    try {
      // Before a view is opened: most of what is wrong with a question is wrong with its words.
      return statistics.answer(site, Query.parse(query));
    } catch (InvalidQuery e) {
      throw Refusal.of(Status.BAD_REQUEST_400, String.valueOf(e.getMessage()));
    } catch (PastGoneException e) {
      throw Refusal.of(Status.GONE_410, String.valueOf(e.getMessage()));
    } catch (StatsUnavailable | LakeException e) {
      LOG.warn("a query about {} was not answered", site.siteId(), e);
      throw Refusal.later("not answered: " + e.getMessage(), 5);
    }
  }

  private static Refusal closed(String why) {
    return Refusal.of(
        Status.UNAUTHORIZED_401,
        why,
        HeaderValues.create(HeaderNames.WWW_AUTHENTICATE, "Bearer realm=\"eider stats\""));
  }
}
