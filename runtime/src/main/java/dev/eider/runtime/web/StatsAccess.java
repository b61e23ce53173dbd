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
import dev.eider.runtime.stats.Parameters;
import dev.eider.runtime.stats.Question;
import dev.eider.runtime.stats.RawPruned;
import dev.eider.runtime.stats.StatsUnavailable;
import dev.eider.runtime.stats.TooBusy;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Status;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way to every question: only for those who show the site's stats key or the admin token, and
 * with one answer for each thing that can go wrong.
 */
final class StatsAccess {

  private static final Logger LOG = LoggerFactory.getLogger(StatsAccess.class);

  private static final int LARGEST_BODY = 64 << 10;
  private static final HeaderName CACHE = HeaderNames.create("X-Eider-Cache");

  private final Sites sites;
  private final SiteKeys keys;
  private final AdminToken adminToken;
  private final Statistics statistics;
  private final Meters meters;

  StatsAccess(
      Sites sites, SiteKeys keys, AdminToken adminToken, Statistics statistics, Meters meters) {
    this.sites = sites;
    this.keys = keys;
    this.adminToken = adminToken;
    this.statistics = statistics;
    this.meters = meters;
  }

  /** Makes a question of a request; throws {@link InvalidQuery} where that cannot be. */
  @FunctionalInterface
  interface Reading {
    Question read(byte[] body) throws Exception;
  }

  /**
   * The answer to what a request asks.
   *
   * @throws Refusal when there is none
   */
  JsonNode ask(Exchange exchange, Reading reading) throws Exception {
    long start = System.nanoTime();
    try {
      String key = key(exchange);
      // Before a view is opened: most of what is wrong with a question is wrong with its words.
      byte[] body = exchange.body(LARGEST_BODY);
      Question question = reading.read(body);
      SiteSettings site = site(key, question.siteId());
      Answered answered = answer(site, question, exchange, body);
      exchange.with(CACHE, answered.again() ? "hit" : "miss");
      JsonNode answer = answered.answer();
      meters.query(System.nanoTime() - start);
      return answer;
    } catch (InvalidQuery e) {
      meters.queryFailed(Integer.toString(Status.BAD_REQUEST_400.code()));
      throw Refusal.of(Status.BAD_REQUEST_400, String.valueOf(e.getMessage()));
    } catch (Refusal refusal) {
      meters.queryFailed(Integer.toString(refusal.status().code()));
      throw refusal;
    }
  }

  /**
   * The site that a request is about.
   *
   * @param named how the request names it; throws {@link InvalidQuery} where it does not
   * @throws Refusal when it shows no key that opens it
   */
  SiteSettings site(Exchange exchange, Supplier<String> named) {
    String key = key(exchange);
    try {
      return site(key, named.get());
    } catch (InvalidQuery e) {
      throw Refusal.of(Status.BAD_REQUEST_400, String.valueOf(e.getMessage()));
    }
  }

  private static String key(Exchange exchange) {
    return Bearer.token(exchange.header(HeaderNames.AUTHORIZATION))
        .orElseThrow(
            () -> closed("show the site's stats key as Authorization: Bearer KEY to read it"));
  }

  private SiteSettings site(String key, String named) {
    return sites
        .byDomain(named)
        .filter(
            known -> keys.admits(known.siteId(), SiteKeys.Use.STATS, key) || adminToken.admits(key))
        .orElseThrow(() -> closed("there is no such site, or this is not its stats key"));
  }

  /**
   * The answer to a question in the middle of another answer, whose head has been sent. Asks for
   * the key anew, so that one that is withdrawn ends it.
   */
  JsonNode askWithin(Exchange exchange, Question question) {
    SiteSettings site = site(key(exchange), question.siteId());
    return orRefusal(site, () -> statistics.answer(site, question));
  }

  private Answered answer(SiteSettings site, Question question, Exchange exchange, byte[] body) {
    boolean anew = exchange.header(HeaderNames.CACHE_CONTROL).contains("no-cache");
    return orRefusal(
        site,
        () ->
            anew
                ? new Answered(statistics.answer(site, question), false)
                : statistics.answer(site, question, written(exchange, body)));
  }

  private static <T> T orRefusal(SiteSettings site, Supplier<T> answer) {
    try {
      return answer.get();
    } catch (RawPruned e) {
      throw Refusal.with(
          Status.UNPROCESSABLE_CONTENT_422,
          Map.of("error", String.valueOf(e.getMessage()), "code", "raw_pruned"));
    } catch (PastGoneException e) {
      throw Refusal.of(Status.GONE_410, String.valueOf(e.getMessage()));
    } catch (TooBusy e) {
      throw Refusal.busy(String.valueOf(e.getMessage()));
    } catch (StatsUnavailable e) {
      LOG.warn("a query about {} was not answered", site.siteId(), e);
      throw Refusal.later("not answered: " + e.getMessage(), 5);
    } catch (LakeException e) {
      LOG.warn("a query about {} was not answered", site.siteId(), e);
      throw Refusal.later("not answered: the lake could not be read; the log says more", 5);
    }
  }

  /** All of a request that makes the question. */
  private static String written(Exchange exchange, byte[] body) {
    return exchange.path()
        + '?'
        + exchange.rawQuery()
        + '\n'
        + new String(body, StandardCharsets.UTF_8);
  }

  /** What stands in a request's query string; of a name that is there twice, the last. */
  static Parameters parameters(Exchange exchange) {
    Map<String, String> values = new HashMap<>();
    for (String part : exchange.rawQuery().split("&", -1)) {
      int at = part.indexOf('=');
      if (at > 0) {
        values.put(decoded(part.substring(0, at)), decoded(part.substring(at + 1)));
      }
    }
    return new Parameters(values);
  }

  private static String decoded(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw Refusal.of(
          Status.BAD_REQUEST_400, "the query string holds a % that no two hex digits follow");
    }
  }

  private static Refusal closed(String why) {
    return Refusal.of(
        Status.UNAUTHORIZED_401,
        why,
        HeaderValues.create(HeaderNames.WWW_AUTHENTICATE, "Bearer realm=\"eider stats\""));
  }
}
