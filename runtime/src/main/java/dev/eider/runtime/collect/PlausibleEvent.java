package dev.eider.runtime.collect;

import dev.eider.runtime.event.Engagement;
import dev.eider.runtime.event.EventType;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What {@link PlausibleFields} mean. */
final class PlausibleEvent {

  private static final int MAX_NAME = 120;
  private static final int MAX_URL_BYTES = 2000;
  private static final int MAX_REFERRER = 2000;
  private static final int MAX_TITLE = 500;
  private static final int MAX_DOMAINS = 20;
  private static final int MAX_SCREEN = 100_000;
  private static final long MAX_ENGAGED_MS = Duration.ofDays(30).toMillis();

  private PlausibleEvent() {}

  /**
   * The event, as far as Plausible's fields tell it.
   *
   * @param problems takes what is wrong, an amount that cannot be stored too: it would be missed
   * @param leftOut takes what is wrong with the properties' shape and with revenue, which the event
   *     is without; the same as {@code problems} where it is not to be kept then
   */
  static Draft.Builder of(PlausibleFields fields, Problems problems, Problems leftOut) {
    leftOut.addAll(fields.spoiled);
    String name = name(fields, problems);
    PageUrl url = url(fields, problems);
    EventType type =
        switch (name) {
          case "pageview" -> EventType.PAGEVIEW;
          case "engagement", "pageleave" -> EventType.ENGAGEMENT;
          default -> EventType.EVENT;
        };
    return Draft.of(
            sites(fields, url, problems),
            type,
            type == EventType.ENGAGEMENT ? "engagement" : name,
            fields.hashMode ? url : url.withoutFragment())
        .title(Text.cut(Text.clean(fields.title), MAX_TITLE))
        .referrer(Text.cut(Text.clean(fields.referrer), MAX_REFERRER))
        .props(Props.checked(fields.props(), problems))
        .money(money(fields, problems, leftOut))
        .interactive(fields.interactive)
        .engagement(type == EventType.ENGAGEMENT ? engagement(fields, problems) : Engagement.NONE)
        .screenSize(screen(fields.width))
        .sdk(Text.digits(fields.version) > 0 ? "plausible/" + fields.version : "")
        .when(Draft.When.of(Times.isoOrMillis(fields.timestamp, "timestamp", problems)));
  }

  /** A viewport's width in pixels, or empty where this is none. */
  static String screen(String width) {
    long pixels = Text.digits(width.strip());
    return pixels > 0 && pixels <= MAX_SCREEN ? Long.toString(pixels) : "";
  }

  private static String name(PlausibleFields fields, Problems problems) {
    String name = fields.name == null ? "" : Text.clean(fields.name);
    if (name.isEmpty()) {
      problems.add("name", "is required: send n, 'pageview' or the name of a custom event");
    } else if (name.length() > MAX_NAME) {
      problems.add(
          "name", "has %d characters; at most %d are taken".formatted(name.length(), MAX_NAME));
    }
    return name;
  }

  private static PageUrl url(PlausibleFields fields, Problems problems) {
    String url = fields.url == null ? "" : Text.clean(fields.url);
    if (url.isEmpty()) {
      problems.add("url", "is required: send u, the address of the page");
    } else if (Text.isLonger(url, MAX_URL_BYTES)) {
      problems.add("url", "is longer than %d bytes".formatted(MAX_URL_BYTES));
    }
    PageUrl parsed = PageUrl.parse(url);
    if (parsed.scheme().equals("data")) {
      problems.add("url", "is a data: address, which names no page");
    }
    return parsed;
  }

  private static List<SiteName> sites(PlausibleFields fields, PageUrl url, Problems problems) {
    if (fields.domain == null) {
      if (url.host().isEmpty() && fields.url != null && !fields.url.isEmpty()) {
        problems.add("domain", "is required where the url has no host: send d, the site's domain");
      }
      return List.of(SiteName.domain(url.host()));
    }
    if (isOneDomain(fields.domain)) {
      return List.of(SiteName.domain(fields.domain));
    }
    List<SiteName> sites =
        Arrays.stream(fields.domain.split(",", -1))
            .map(Text::clean)
            .filter(domain -> !domain.isEmpty())
            .distinct()
            .map(SiteName::domain)
            .toList();
    if (sites.isEmpty()) {
      problems.add("domain", "is blank: send d, the site's domain, or leave it out");
    } else if (sites.size() > MAX_DOMAINS) {
      problems.add(
          "domain", "names %d sites; at most %d are taken".formatted(sites.size(), MAX_DOMAINS));
    }
    return sites;
  }

  /** Most senders name one, which needs no cleaning. */
  private static boolean isOneDomain(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c <= ' ' || c > '~' || c == ',') {
        return false;
      }
    }
    return !text.isEmpty();
  }

  private static Engagement engagement(PlausibleFields fields, Problems problems) {
    long depth = Text.digits(fields.scrollDepth);
    long millis = Text.digits(fields.engagedMs);
    if (millis >= MAX_ENGAGED_MS) {
      millis = -1;
    }
    if (depth < 0 && millis < 0) {
      problems.add(
          "engagement", "an engagement needs sd (percent scrolled) or e (ms engaged), or both");
    }
    return new Engagement(
        depth < 0 ? Engagement.NO_SCROLL_DEPTH : (int) Math.min(depth, 100), Math.max(millis, 0));
  }

  private static Optional<Draft.Money> money(
      PlausibleFields fields, Problems problems, Problems leftOut) {
    String currency = fields.currency.strip().toUpperCase(Locale.ROOT);
    if (fields.amount.isBlank()) {
      if (!currency.isEmpty()) {
        leftOut.add("revenue", "has a currency but no amount");
      }
      return Optional.empty();
    }
    if (!currency.isEmpty() && !Amounts.isCurrency(currency)) {
      leftOut.add(
          "revenue",
          "'%s' is no currency: send an ISO 4217 code such as EUR"
              .formatted(Text.cut(Text.clean(currency), 20)));
    }
    Optional<BigDecimal> amount = Amounts.money(fields.amount, "revenue", leftOut, problems);
    // Of half an amount nothing is kept: another currency than was meant would make it a lie.
    return leftOut.has("revenue")
        ? Optional.empty()
        : amount.map(value -> new Draft.Money(value, currency, leftOut == problems));
  }
}
