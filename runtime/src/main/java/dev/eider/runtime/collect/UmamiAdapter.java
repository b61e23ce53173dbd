package dev.eider.runtime.collect;

import com.fasterxml.jackson.databind.JsonNode;
import dev.eider.runtime.event.EventType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Umami's {@code POST /api/send} and {@code /api/batch}.
 *
 * <p>A payload with a name is a custom event, one without a page view. {@code identify} and {@code
 * performance} tell of the visit and of the browser, not of something that was done: they become
 * engagement, which no one counts, with the data as values of the site's custom dimensions and
 * metrics. A payload's {@code timestamp}, {@code ip} and {@code userAgent} are believed only of who
 * shows the site's ingest key.
 *
 * @see <a href="https://umami.is/docs/api/sending-stats">Umami: Sending stats</a>
 */
public final class UmamiAdapter {

  /** Longest body in bytes. */
  public static final int MAX_BODY = 1_000_000;

  /** Most items of a batch. */
  public static final int MOST_ITEMS = 1000;

  private static final int MAX_URL_BYTES = 2000;
  private static final int MAX_TITLE = 500;
  private static final int MAX_USER_AGENT = 1000;
  private static final int MAX_USER_ID = 200;

  private static final List<String> SITES = List.of("website", "link", "pixel");
  private static final List<String> VITALS = List.of("lcp", "inp", "cls", "fcp", "ttfb");

  private UmamiAdapter() {}

  /** Reads the body of {@code /api/send}. */
  public static Adapted send(byte[] body) {
    try {
      return draft(SenderJson.tree(body));
    } catch (RejectedException e) {
      return e.rejection();
    }
  }

  /** Reads the body of {@code /api/batch}: an array of what {@code /api/send} takes. */
  public static Adapted batch(byte[] body) {
    try {
      JsonNode tree = SenderJson.tree(body);
      if (!tree.isArray()) {
        return Rejection.invalid("request", "is not an array of events");
      }
      if (tree.size() > MOST_ITEMS) {
        return Rejection.of(
            413,
            "too_large",
            "request",
            "the batch has %d events; at most %d are taken".formatted(tree.size(), MOST_ITEMS));
      }
      List<Batch.Item> items = new ArrayList<>(tree.size());
      for (JsonNode each : tree) {
        try {
          items.add(draft(each));
        } catch (RejectedException e) {
          items.add(e.rejection());
        }
      }
      return new Batch(items);
    } catch (RejectedException e) {
      return e.rejection();
    }
  }

  private static Draft draft(JsonNode sent) throws RejectedException {
    JsonNode payload = sent.path("payload");
    if (!payload.isObject()) {
      throw RejectedException.invalid("payload", "is required, and must be an object");
    }
    Problems problems = new Problems();
    String type = text(sent, "type", 20, problems);
    String name = text(payload, "name", 50, problems);
    Map<String, String> data =
        payload.path("data").isObject() ? flat(payload.path("data")) : Map.of();
    SiteName site = site(payload, problems);
    PageUrl url = url(payload, problems);
    Draft.Builder draft =
        switch (type) {
          case "event" -> event(site, name, url, data);
          case "identify" -> engagement(site, url).dimensions(data);
          case "performance" -> engagement(site, url).metrics(vitals(payload));
          default -> {
            problems.add("type", "is none of event, identify and performance");
            yield engagement(site, url);
          }
        };
    draft
        .title(Text.cut(Text.clean(PageUrl.decode(value(payload, "title"), false)), MAX_TITLE))
        .referrer(referrer(payload))
        .screenSize(screen(text(payload, "screen", 11, problems)))
        .language(text(payload, "language", 35, problems))
        .when(Draft.When.of(Times.seconds(value(payload, "timestamp"), "timestamp", problems)))
        .sender(sender(payload));
    String tag = text(payload, "tag", 50, problems);
    if (type.equals("event") && !(data.isEmpty() && tag.isEmpty())) {
      Map<String, String> props = new LinkedHashMap<>();
      if (!tag.isEmpty()) {
        props.put("tag", tag);
      }
      data.forEach(props::putIfAbsent);
      draft.props(Props.cut(props));
    }
    problems.throwIfAny();
    return draft.build();
  }

  private static Draft.Builder event(
      SiteName site, String name, PageUrl url, Map<String, String> data) {
    if (name.isEmpty()) {
      return Draft.of(List.of(site), EventType.PAGEVIEW, "pageview", url);
    }
    return Draft.of(List.of(site), EventType.EVENT, name, url).money(money(data));
  }

  private static Draft.Builder engagement(SiteName site, PageUrl url) {
    return Draft.of(List.of(site), EventType.ENGAGEMENT, "engagement", url).interactive(false);
  }

  private static SiteName site(JsonNode payload, Problems problems) {
    List<String> named = SITES.stream().filter(payload::hasNonNull).toList();
    if (named.size() != 1) {
      problems.add("website", "is required: send exactly one of website, link and pixel");
      return new SiteName(SiteName.Kind.UMAMI, "");
    }
    return new SiteName(SiteName.Kind.UMAMI, text(payload, named.getFirst(), 36, problems));
  }

  /** Umami's url is a path with its query, or a whole address. */
  private static PageUrl url(JsonNode payload, Problems problems) {
    String hostname = text(payload, "hostname", 100, problems);
    String url = Text.clean(value(payload, "url"));
    if (Text.isLonger(url, MAX_URL_BYTES)) {
      problems.add("url", "is longer than %d bytes".formatted(MAX_URL_BYTES));
      url = "";
    }
    PageUrl parsed = PageUrl.parse(url);
    if (!parsed.scheme().isEmpty() || hostname.isEmpty()) {
      return parsed;
    }
    return PageUrl.parse("https://" + hostname + (url.startsWith("/") ? "" : "/") + url);
  }

  /** A path names a page of the site itself, which is no referrer. */
  private static String referrer(JsonNode payload) {
    String referrer = Text.clean(value(payload, "referrer"));
    return referrer.startsWith("/") ? "" : Text.cut(referrer, MAX_URL_BYTES);
  }

  private static String screen(String widthAndHeight) {
    int by = widthAndHeight.indexOf('x');
    return PlausibleEvent.screen(by < 0 ? widthAndHeight : widthAndHeight.substring(0, by));
  }

  private static Draft.Sender sender(JsonNode payload) {
    return new Draft.Sender(
        Text.cut(Text.clean(value(payload, "id")), MAX_USER_ID),
        Text.cut(Text.clean(value(payload, "ip")), 45),
        Text.cut(Text.clean(value(payload, "userAgent")), MAX_USER_AGENT),
        "",
        "",
        "");
  }

  /** As Umami has it, an amount without a currency is no revenue. */
  private static Optional<Draft.Money> money(Map<String, String> data) {
    String currency = Amounts.currencyOrNothing(data.getOrDefault("currency", ""));
    return currency.isEmpty()
        ? Optional.empty()
        : Amounts.moneyOrNothing(data.getOrDefault("revenue", ""))
            .map(amount -> new Draft.Money(amount, currency, false));
  }

  private static Map<String, String> vitals(JsonNode payload) {
    Map<String, String> vitals = new LinkedHashMap<>();
    for (String vital : VITALS) {
      if (payload.path(vital).isNumber()) {
        vitals.put(vital, payload.path(vital).asText());
      }
    }
    return vitals;
  }

  /** Objects in objects become keys with dots; a list is kept as its JSON. */
  private static Map<String, String> flat(JsonNode data) {
    Map<String, String> flat = new LinkedHashMap<>();
    flatten("", data, flat);
    return flat;
  }

  private static void flatten(String prefix, JsonNode object, Map<String, String> into) {
    for (Map.Entry<String, JsonNode> each : object.properties()) {
      if (into.size() == Props.MOST) {
        return;
      }
      String key = prefix + each.getKey();
      JsonNode value = each.getValue();
      if (value.isObject()) {
        flatten(key + ".", value, into);
      } else if (value.isArray()) {
        into.put(key, value.toString());
      } else if (!value.isNull()) {
        into.put(key, value.asText());
      }
    }
  }

  /** A field's value as text, or empty where it is not there or no single value. */
  private static String value(JsonNode node, String field) {
    return node.path(field).isValueNode() ? node.path(field).asText("") : "";
  }

  private static String text(JsonNode node, String field, int max, Problems problems) {
    String text = Text.clean(value(node, field));
    if (text.length() > max) {
      problems.add(field, "has %d characters; at most %d are taken".formatted(text.length(), max));
      return "";
    }
    if (node.path(field).isContainerNode()) {
      problems.add(field, "is a list or an object where a value is due");
    }
    return text;
  }
}
