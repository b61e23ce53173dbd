package dev.eider.runtime.collect;

import com.fasterxml.jackson.databind.JsonNode;
import dev.eider.runtime.collect.known.ClientHints;
import dev.eider.runtime.event.Action;
import dev.eider.runtime.event.EventType;
import dev.eider.runtime.event.Order;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * One action of Matomo's tracking API.
 *
 * <p>A value that cannot be used is left out, as Matomo does; only an action that belongs to no
 * site is wrong. {@code cdt}, {@code cip}, {@code country}, {@code region} and {@code city} are
 * believed only of who shows the site's ingest key as {@code token_auth}; but of anybody a {@code
 * cdt} or {@code cdo} of the last 24 hours, as of a page that was read offline. What is older, and
 * a {@code cip}, is refused without the key: else a history would be of today, and everybody one
 * visitor.
 */
final class MatomoAdapter {

  private static final int MAX_URL_BYTES = 2000;
  private static final int MAX_TITLE = 500;
  private static final int MAX_NAME = 120;
  private static final int MAX_TEXT = 500;
  private static final int MAX_USER_AGENT = 1000;
  private static final int MAX_USER_ID = 200;
  private static final int MAX_ORDER_ID = 200;

  /** More custom dimensions than this has no site here. */
  private static final int MOST_DIMENSIONS = 40;

  /** Matomo's tracking_requests_require_authentication_when_custom_timestamp_newer_than. */
  private static final Duration BELIEVED_BACK = Duration.ofDays(1);

  /** More than any clock is wrong by. */
  private static final Duration LONGEST_AGO = Duration.ofDays(36_500);

  private static final long NOT_SAID = -1;

  private final Map<String, String> fields;
  private final Map<String, String> props = new LinkedHashMap<>();
  private final SiteName site;
  private final PageUrl url;

  private MatomoAdapter(Map<String, String> fields) {
    this.fields = fields;
    this.site = new SiteName(SiteName.Kind.MATOMO, get("idsite").strip());
    this.url =
        MatomoCampaigns.inUtm(
                PageUrl.parse(Text.cutToBytes(Text.clean(get("url")), MAX_URL_BYTES)),
                get("_rcn"),
                get("_rck"))
            .withoutFragment();
  }

  static Draft draft(Map<String, String> fields) throws RejectedException {
    return new MatomoAdapter(fields).draft();
  }

  private Draft draft() throws RejectedException {
    Problems problems = new Problems();
    long idsite = Text.digits(site.text());
    if (idsite <= 0 || idsite > Integer.MAX_VALUE) {
      problems.add("idsite", "is required: send the site's number");
    }
    Draft.Builder draft =
        action()
            .title(text("action_name", MAX_TITLE))
            .referrer(Text.cut(Text.clean(get("urlref")), MAX_URL_BYTES))
            .dimensions(dimensions())
            .screenSize(screen())
            .language(text("lang", 35))
            .when(
                new Draft.When(
                    Times.secondsOrUtc(get("cdt"), "cdt", problems), ago(), BELIEVED_BACK))
            .needsKey(has("cip") ? "cip" : "")
            .clientHints(clientHints())
            .sender(sender());
    problems.throwIfAny();
    return draft.props(Props.cut(props)).build();
  }

  /** {@code cdo}: so many seconds ago, as Matomo's service worker says of what was done offline. */
  private Duration ago() {
    long seconds = Text.digits(get("cdo").strip().replaceFirst("^-", ""));
    return Duration.ofSeconds(Math.clamp(seconds, 0, LONGEST_AGO.toSeconds()));
  }

  private Draft.Builder action() {
    if (get("ping").equals("1")) {
      return engagement();
    }
    if (has("idgoal")) {
      return get("idgoal").equals("0") ? purchase() : goal();
    }
    if (has("e_c") && has("e_a")) {
      return event(text("e_a", MAX_NAME))
          .action(
              new Action(
                  text("e_c", MAX_TEXT),
                  text("e_a", MAX_TEXT),
                  text("e_n", MAX_TEXT),
                  Amounts.valueOrNothing(get("e_v"))));
    }
    if (has("search")) {
      prop("keyword", "search");
      prop("category", "search_cat");
      prop("results", "search_count");
      return event("Site Search");
    }
    if (has("link")) {
      prop("url", "link");
      return event("Outbound Link: Click");
    }
    if (has("download")) {
      prop("url", "download");
      return event("File Download");
    }
    if (has("c_n")) {
      prop("content", "c_n");
      prop("piece", "c_p");
      prop("target", "c_t");
      prop("interaction", "c_i");
      boolean interactive = has("c_i");
      return event(interactive ? "Content Interaction" : "Content Impression")
          .interactive(interactive);
    }
    if (get("ca").equals("1")) {
      // Some plugin's own action: it is no page view, and what it tells nobody here knows.
      return engagement();
    }
    return Draft.of(List.of(site), EventType.PAGEVIEW, "pageview", url).order(productSeen());
  }

  /** A shop's page of a product says which one it is: {@code _pks}, {@code _pkn} and the like. */
  private Optional<Order> productSeen() {
    if (!has("_pks") && !has("_pkn")) {
      return Optional.empty();
    }
    OrderItems items = new OrderItems();
    items.add(
        get("_pks"),
        get("_pkn"),
        category(get("_pkc")),
        Amounts.moneyOrNothing(get("_pkp")),
        NOT_SAID);
    String json = items.json();
    return json.isEmpty()
        ? Optional.empty()
        : Optional.of(new Order("", Optional.empty(), Optional.empty(), json));
  }

  /** A category, or the first of a JSON list of them. */
  private static String category(String sent) {
    if (!sent.strip().startsWith("[")) {
      return sent;
    }
    try {
      return SenderJson.tree("_pkc", sent).path(0).asText("");
    } catch (RejectedException e) {
      return "";
    }
  }

  private Draft.Builder engagement() {
    return Draft.of(List.of(site), EventType.ENGAGEMENT, "engagement", url).interactive(false);
  }

  private Draft.Builder event(String name) {
    return Draft.of(List.of(site), EventType.EVENT, name.isEmpty() ? "event" : name, url);
  }

  private Draft.Builder goal() {
    return event("Goal " + text("idgoal", 20)).money(revenue());
  }

  /** An order, or a cart that became another, whose worth is nothing earned yet. */
  private Draft.Builder purchase() {
    String id = text("ec_id", MAX_ORDER_ID);
    Optional<BigDecimal> tax = Amounts.moneyOrNothing(get("ec_tx"));
    Optional<BigDecimal> shipping = Amounts.moneyOrNothing(get("ec_sh"));
    String items = items();
    Optional<Order> order =
        id.isEmpty() && tax.isEmpty() && shipping.isEmpty() && items.isEmpty()
            ? Optional.empty()
            : Optional.of(new Order(id, tax, shipping, items));
    if (id.isEmpty()) {
      return event("Cart Update")
          .order(order)
          .action(
              new Action("ecommerce", "cart_update", "", Amounts.valueOrNothing(get("revenue"))));
    }
    prop("subtotal", "ec_st");
    prop("discount", "ec_dt");
    return event("Purchase").order(order).money(revenue());
  }

  private Optional<Draft.Money> revenue() {
    return Amounts.moneyOrNothing(get("revenue")).map(amount -> new Draft.Money(amount, "", false));
  }

  /** {@code [[sku, name, category or list of them, price, quantity], …]}. */
  private String items() {
    JsonNode sent;
    try {
      sent = SenderJson.tree("ec_items", get("ec_items"));
    } catch (RejectedException e) {
      return "";
    }
    OrderItems items = new OrderItems();
    for (JsonNode item : sent) {
      if (item.isArray()) {
        JsonNode category = item.path(2);
        items.add(
            item.path(0).asText(""),
            item.path(1).asText(""),
            category.isArray() ? category.path(0).asText("") : category.asText(""),
            Amounts.moneyOrNothing(item.path(3).asText("")),
            OrderItems.quantity(item.path(4).asText("")));
      }
    }
    return items.json();
  }

  private Map<String, String> dimensions() {
    Map<String, String> dimensions = new LinkedHashMap<>();
    fields.forEach(
        (field, value) -> {
          if (field.startsWith("dimension") && dimensions.size() < MOST_DIMENSIONS) {
            long index = Text.digits(field.substring("dimension".length()));
            String text = Text.cutToBytes(Text.clean(value), Props.VALUE_BYTES);
            if (index > 0 && !text.isEmpty()) {
              dimensions.put(Long.toString(index), text);
            }
          }
        });
    return dimensions;
  }

  private String screen() {
    String res = get("res");
    int by = res.indexOf('x');
    return by < 0 ? "" : PlausibleEvent.screen(res.substring(0, by));
  }

  /** {@code {"platform", "platformVersion", "model", "fullVersionList": [{"brand"}, …]}}. */
  private ClientHints clientHints() {
    if (!has("uadata")) {
      return ClientHints.NONE;
    }
    try {
      JsonNode sent = SenderJson.tree("uadata", get("uadata"));
      List<String> brands = new ArrayList<>();
      for (String list : List.of("fullVersionList", "brands")) {
        sent.path(list).forEach(brand -> brands.add(brand.path("brand").asText("")));
      }
      return sent.isObject()
          ? ClientHints.told(
              sent.path("platform").asText(""),
              sent.path("platformVersion").asText(""),
              sent.path("model").asText(""),
              brands)
          : ClientHints.NONE;
    } catch (RejectedException e) {
      return ClientHints.NONE;
    }
  }

  private Draft.Sender sender() {
    String userId = text("uid", MAX_USER_ID);
    if (userId.isEmpty()) {
      userId = text("cid", MAX_USER_ID);
    }
    return new Draft.Sender(
        userId.isEmpty() ? text("_id", MAX_USER_ID) : userId,
        text("cip", 45),
        text("ua", MAX_USER_AGENT),
        text("country", 20).toUpperCase(Locale.ROOT),
        text("region", 100),
        text("city", 100));
  }

  private void prop(String key, String field) {
    if (has(field)) {
      props.put(key, get(field));
    }
  }

  private boolean has(String field) {
    return !get(field).isBlank();
  }

  private String get(String field) {
    return fields.getOrDefault(field, "");
  }

  private String text(String field, int max) {
    return Text.cut(Text.clean(get(field)), max);
  }
}
