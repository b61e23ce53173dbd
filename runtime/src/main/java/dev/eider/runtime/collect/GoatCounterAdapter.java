package dev.eider.runtime.collect;

import com.fasterxml.jackson.databind.JsonNode;
import dev.eider.runtime.event.EventType;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * GoatCounter's {@code /count}, which its script and pictures ask for, and {@code POST
 * /api/v0/count} for programs.
 *
 * <p>GoatCounter knows the site by the host that is asked. Here that is the caller's matter, who
 * knows the sites.
 *
 * @see <a href="https://www.goatcounter.com/help/pixel">GoatCounter: Tracking pixel</a>
 * @see <a href="https://www.goatcounter.com/api#post-/api/v0/count">GoatCounter: count</a>
 */
public final class GoatCounterAdapter {

  /** Longest body in bytes. */
  public static final int MAX_BODY = 2_000_000;

  /** Most hits of a request. */
  public static final int MOST_HITS = 500;

  private static final int MAX_PATH = 2048;
  private static final int MAX_TITLE = 500;
  private static final int MAX_REFERRER = 2000;
  private static final int MAX_USER_AGENT = 1000;

  /** What GoatCounter's script itself takes for a machine; lower codes are a server's own. */
  private static final int FIRST_BOT_OF_SCRIPT = 150;

  private GoatCounterAdapter() {}

  /**
   * Reads the query of {@code /count}.
   *
   * @param site a host name of the site
   * @param referer the header of that name: it says on which host the page is
   */
  public static Adapted count(String query, String site, String referer) {
    Map<String, String> fields = FormFields.of(query);
    Hit hit =
        new Hit(
            fields.getOrDefault("p", ""),
            fields.getOrDefault("t", ""),
            isTrue(fields.getOrDefault("e", "")),
            fields.getOrDefault("r", ""),
            fields.getOrDefault("s", ""),
            fields.getOrDefault("q", ""),
            fields.getOrDefault("b", ""),
            "");
    String host = PageUrl.parse(referer).authority();
    Problems problems = new Problems();
    Draft.Builder draft = draft(hit, site, host.isEmpty() ? site : host, "p", problems);
    try {
      problems.throwIfAny();
      return draft.build();
    } catch (RejectedException e) {
      return e.rejection();
    }
  }

  /**
   * Reads the body of {@code /api/v0/count}.
   *
   * @param site a host name of the site
   */
  public static Adapted api(byte[] body, String site) {
    try {
      JsonNode tree = SenderJson.tree(body);
      JsonNode hits = tree.path("hits");
      if (!hits.isArray() || hits.isEmpty()) {
        return Rejection.invalid("hits", "are required: send at least one");
      }
      if (hits.size() > MOST_HITS) {
        return Rejection.invalid(
            "hits", "are %d; at most %d are taken".formatted(hits.size(), MOST_HITS));
      }
      boolean withoutSessions = tree.path("no_sessions").asBoolean();
      List<Batch.Item> items = new ArrayList<>(hits.size());
      for (JsonNode hit : hits) {
        items.add(item(hit, site, withoutSessions));
      }
      return new Batch(items);
    } catch (RejectedException e) {
      return e.rejection();
    }
  }

  private static Batch.Item item(JsonNode sent, String site, boolean withoutSessions) {
    if (!sent.isObject()) {
      return Rejection.invalid("hit", "is not an object");
    }
    Hit hit =
        new Hit(
            value(sent, "path"),
            value(sent, "title"),
            isTrue(value(sent, "event")),
            value(sent, "ref"),
            sent.path("size").isArray()
                ? sent.path("size").path(0).asText("")
                : value(sent, "size"),
            value(sent, "query"),
            value(sent, "bot"),
            value(sent, "language"));
    Problems problems = new Problems();
    Draft.Builder draft = draft(hit, site, site, "path", problems);
    draft.when(Draft.When.of(Times.isoOrMillis(value(sent, "created_at"), "created_at", problems)));
    String session = Text.cut(Text.clean(value(sent, "session")), 200);
    String address = Text.cut(Text.clean(value(sent, "ip")), 45);
    String userAgent = Text.cut(Text.clean(value(sent, "user_agent")), MAX_USER_AGENT);
    if (!withoutSessions && session.isEmpty() && (address.isEmpty() || userAgent.isEmpty())) {
      problems.add(
          "session",
          "is required where ip and user_agent are not both sent: all hits would be one visitor's");
    }
    String location = Text.cut(Text.clean(value(sent, "location")), 20);
    int dash = location.indexOf('-');
    draft.sender(
        new Draft.Sender(
            session,
            address,
            userAgent,
            dash < 0 ? location : location.substring(0, dash),
            dash < 0 ? "" : location,
            ""));
    try {
      problems.throwIfAny();
      return draft.build();
    } catch (RejectedException e) {
      return e.rejection();
    }
  }

  private static Draft.Builder draft(
      Hit hit, String site, String host, String pathField, Problems problems) {
    String path = Text.clean(hit.path);
    if (path.isEmpty()) {
      problems.add(pathField, "is required: send the page's path or the event's name");
    } else if (path.length() > MAX_PATH) {
      problems.add(
          pathField, "has %d characters; at most %d are taken".formatted(path.length(), MAX_PATH));
    }
    PageUrl url = hit.event ? PageUrl.parse("https://" + host + "/") : page(path, host);
    String query = Text.clean(hit.query);
    if (url.query().isEmpty() && !query.isEmpty()) {
      url = url.withQuery(query.startsWith("?") ? query.substring(1) : query);
    }
    String referrer = Text.cut(Text.clean(hit.referrer), MAX_REFERRER);
    if (!referrer.isEmpty() && PageUrl.parse(referrer).host().isEmpty()) {
      // Not only an address: "any string", such as the name of a newsletter.
      url =
          url.withQuery(
              url.query() + (url.query().isEmpty() ? "" : "&") + "ref=" + encoded(referrer));
    }
    Draft.Builder draft =
        hit.event
            ? Draft.of(List.of(SiteName.domain(site)), EventType.EVENT, name(path), url)
            : Draft.of(List.of(SiteName.domain(site)), EventType.PAGEVIEW, "pageview", url);
    return draft
        .title(Text.cut(Text.clean(hit.title), MAX_TITLE))
        .referrer(referrer)
        .screenSize(screen(hit.size))
        .language(Text.cut(Text.clean(hit.language), 35))
        .botRule(botRule(hit.bot, pathField.equals("p") ? "b" : "bot", problems));
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private static PageUrl page(String path, String host) {
    PageUrl url = PageUrl.parse(path);
    return url.scheme().startsWith("http")
        ? url
        : PageUrl.parse("https://" + host + (path.startsWith("/") ? "" : "/") + path);
  }

  private static String name(String path) {
    String name = path.startsWith("/") ? path.substring(1) : path;
    return name.isEmpty() ? path : Text.cut(name, 120);
  }

  private static String screen(String size) {
    int end = 0;
    while (end < size.length() && Character.isDigit(size.charAt(end))) {
      end++;
    }
    return PlausibleEvent.screen(size.substring(0, end));
  }

  private static String botRule(String code, String field, Problems problems) {
    if (code.isEmpty() || code.equals("0")) {
      return "";
    }
    long number = Text.digits(code);
    if (number < FIRST_BOT_OF_SCRIPT) {
      problems.add(
          field, "wrong value: only 0 and codes from %d on".formatted(FIRST_BOT_OF_SCRIPT));
    }
    return "goatcounter-script";
  }

  private static boolean isTrue(String text) {
    return text.equals("true") || text.equals("1") || text.equals("t") || text.equals("on");
  }

  private static String value(JsonNode node, String field) {
    return node.path(field).isValueNode() ? node.path(field).asText("") : "";
  }

  private record Hit(
      String path,
      String title,
      boolean event,
      String referrer,
      String size,
      String query,
      String bot,
      String language) {}
}
