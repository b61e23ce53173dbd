package dev.eider.runtime.collect;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import dev.eider.runtime.event.Engagement;
import dev.eider.runtime.event.EventType;
import dev.eider.runtime.event.Revenue;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Currency;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * {@code POST /api/event} as Plausible's tracker sends it, with the near dialect that has {@code
 * ra} and {@code rc} for revenue, and the same by GET. Each field has a short and a long name;
 * unknown fields are passed over.
 */
final class PlausibleAdapter {

  /** Longest body in bytes, as Plausible has it. */
  static final int MAX_BODY = 1_000_000;

  private static final int MAX_NAME = 120;
  private static final int MAX_URL_BYTES = 2000;
  private static final int MAX_REFERRER = 2000;
  private static final int MAX_TITLE = 500;
  private static final int MAX_DOMAINS = 20;
  private static final int MAX_PROPS = 30;
  private static final int MAX_KEY_BYTES = 300;
  private static final int MAX_VALUE_BYTES = 2000;
  private static final int MAX_SCREEN = 100_000;
  private static final long MAX_ENGAGED_MS = Duration.ofDays(30).toMillis();
  private static final int MAX_DEPTH = 16;

  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(MAX_DEPTH)
                  .maxStringLength(MAX_BODY)
                  .maxNameLength(1000)
                  .maxNumberLength(400)
                  .build())
          .build();

  private PlausibleAdapter() {}

  /** Reads a POST's body. */
  static Adapted post(byte[] body) {
    if (body.length > MAX_BODY) {
      return Rejection.of(
          413,
          "too_large",
          "request",
          "the body has %d bytes; at most %d are taken".formatted(body.length, MAX_BODY));
    }
    Fields fields = new Fields();
    try (JsonParser parser = JSON.createParser(body)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return notJson("the body is not a JSON object");
      }
      while (parser.nextToken() != JsonToken.END_OBJECT) {
        fields.read(parser.currentName(), parser);
      }
      if (parser.nextToken() != null) {
        return notJson("something follows the JSON object in the body");
      }
      return draft(fields);
    } catch (RejectedException e) {
      return e.rejection();
    } catch (StreamConstraintsException e) {
      return unreadable(e);
    } catch (JsonProcessingException e) {
      return notJson(
          "the body is not JSON: something is wrong at line %d, column %d"
              .formatted(e.getLocation().getLineNr(), e.getLocation().getColumnNr()));
    } catch (IOException e) {
      return notJson("the body is not JSON in UTF-8");
    }
  }

  /** Reads a GET's query string; the page's address may also be the referring one. */
  static Adapted get(String query, String refererHeader) {
    if (query.length() > MAX_BODY) {
      return Rejection.of(413, "too_large", "request", "the query string is too long");
    }
    Fields fields = new Fields();
    try {
      for (String part : query.split("&", -1)) {
        int equals = part.indexOf('=');
        if (equals > 0) {
          String value = PageUrl.decode(part.substring(equals + 1), true);
          fields.text(PageUrl.decode(part.substring(0, equals), true), value);
        }
      }
      if (fields.url == null && !refererHeader.isEmpty()) {
        fields.url = refererHeader;
      }
      return draft(fields);
    } catch (RejectedException e) {
      return e.rejection();
    }
  }

  private static Rejection unreadable(StreamConstraintsException e) {
    return String.valueOf(e.getMessage()).contains("nesting depth")
        ? Rejection.of(
            400, "too_deep", "request", "the body is nested deeper than " + MAX_DEPTH + " levels")
        : Rejection.invalid("request", "a number or a name in the body is far too long");
  }

  private static Rejection notJson(String why) {
    return Rejection.of(400, "not_json", "request", why);
  }

  private static Draft draft(Fields fields) throws RejectedException {
    Problems problems = new Problems();
    String name = name(fields, problems);
    PageUrl url = url(fields, problems);
    List<String> domains = domains(fields, url, problems);
    EventType type =
        switch (name) {
          case "pageview" -> EventType.PAGEVIEW;
          case "engagement", "pageleave" -> EventType.ENGAGEMENT;
          default -> EventType.EVENT;
        };
    Engagement engagement =
        type == EventType.ENGAGEMENT ? engagement(fields, problems) : Engagement.NONE;
    Optional<Draft.Money> money = money(fields, problems);
    String props = props(fields, problems);
    Optional<Instant> timestamp = timestamp(fields, problems);
    problems.throwIfAny();
    return Draft.of(
            domains.stream().map(SiteName::domain).toList(),
            type,
            type == EventType.ENGAGEMENT ? "engagement" : name,
            fields.hashMode ? url : url.withoutFragment())
        .title(Text.cut(Text.clean(orEmpty(fields.title)), MAX_TITLE))
        .referrer(Text.cut(Text.clean(orEmpty(fields.referrer)), MAX_REFERRER))
        .props(props)
        .money(money)
        .interactive(fields.interactive)
        .engagement(engagement)
        .screenSize(screen(orEmpty(fields.width)))
        .timestamp(timestamp)
        .build();
  }

  private static String name(Fields fields, Problems problems) {
    String name = Text.clean(orEmpty(fields.name));
    if (name.isEmpty()) {
      problems.add("name", "is required: send n, 'pageview' or the name of a custom event");
    } else if (name.length() > MAX_NAME) {
      problems.add(
          "name", "has %d characters; at most %d are taken".formatted(name.length(), MAX_NAME));
    }
    return name;
  }

  private static PageUrl url(Fields fields, Problems problems) {
    String url = Text.clean(orEmpty(fields.url));
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

  private static List<String> domains(Fields fields, PageUrl url, Problems problems) {
    if (fields.domain == null) {
      if (url.host().isEmpty() && !orEmpty(fields.url).isEmpty()) {
        problems.add("domain", "is required where the url has no host: send d, the site's domain");
      }
      return List.of(url.host());
    }
    if (isOneDomain(fields.domain)) {
      return List.of(fields.domain);
    }
    List<String> domains =
        Arrays.stream(fields.domain.split(",", -1))
            .map(Text::clean)
            .filter(domain -> !domain.isEmpty())
            .distinct()
            .toList();
    if (domains.isEmpty()) {
      problems.add("domain", "is blank: send d, the site's domain, or leave it out");
    } else if (domains.size() > MAX_DOMAINS) {
      problems.add(
          "domain", "names %d sites; at most %d are taken".formatted(domains.size(), MAX_DOMAINS));
    }
    return domains;
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

  private static Engagement engagement(Fields fields, Problems problems) {
    long depth = Text.digits(orEmpty(fields.scrollDepth));
    long millis = Text.digits(orEmpty(fields.engagedMs));
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

  private static Optional<Draft.Money> money(Fields fields, Problems problems) {
    String amount = orEmpty(fields.amount).strip();
    String currency = orEmpty(fields.currency).strip().toUpperCase(Locale.ROOT);
    if (amount.isEmpty()) {
      if (!currency.isEmpty()) {
        problems.add("revenue", "has a currency but no amount");
      }
      return Optional.empty();
    }
    if (!currency.isEmpty() && !isCurrency(currency)) {
      problems.add(
          "revenue",
          "'%s' is no currency: send an ISO 4217 code such as EUR"
              .formatted(Text.cut(Text.clean(currency), 20)));
    }
    try {
      return amount(amount, problems).map(value -> new Draft.Money(value, currency));
    } catch (NumberFormatException e) {
      problems.add(
          "revenue", "the amount '%s' is no number".formatted(Text.cut(Text.clean(amount), 40)));
      return Optional.empty();
    }
  }

  private static Optional<BigDecimal> amount(String text, Problems problems) {
    if (text.length() > 400) {
      throw new NumberFormatException();
    }
    BigDecimal sent = new BigDecimal(text);
    // Looked at before rounding: that would write out all digits of 1e300000000.
    long digitsBeforePoint = (long) sent.precision() - sent.scale();
    BigDecimal amount =
        sent.signum() == 0 || digitsBeforePoint < -2
            ? new BigDecimal("0.00")
            : digitsBeforePoint > 11 ? Revenue.LIMIT : sent.setScale(2, RoundingMode.HALF_EVEN);
    if (amount.abs().compareTo(Revenue.LIMIT) >= 0) {
      problems.add(
          "revenue",
          "the amount %s does not fit: at most ten digits before the point can be stored"
              .formatted(Text.cut(text, 40)));
      return Optional.empty();
    }
    return Optional.of(amount);
  }

  private static boolean isCurrency(String code) {
    try {
      return code.length() == 3 && !Currency.getInstance(code).getCurrencyCode().isEmpty();
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static String props(Fields fields, Problems problems) {
    Map<String, String> props = fields.props();
    if (props.isEmpty()) {
      return "";
    }
    StringBuilder json = new StringBuilder(64).append('{');
    int taken = 0;
    for (Map.Entry<String, String> each : props.entrySet()) {
      String key = Text.clean(each.getKey());
      String value = Text.clean(each.getValue());
      if (key.isEmpty() || value.isEmpty() || taken == MAX_PROPS) {
        continue;
      }
      if (Text.isLonger(key, MAX_KEY_BYTES)) {
        problems.add("props", "a key is longer than %d bytes".formatted(MAX_KEY_BYTES));
      } else if (Text.isLonger(value, MAX_VALUE_BYTES)) {
        problems.add(
            "props",
            "the value of '%s' is longer than %d bytes"
                .formatted(Text.cut(key, 40), MAX_VALUE_BYTES));
      }
      json.append(taken == 0 ? "\"" : ",\"");
      JsonStringEncoder.getInstance().quoteAsString(key, json);
      json.append("\":\"");
      JsonStringEncoder.getInstance().quoteAsString(value, json);
      json.append('"');
      taken++;
    }
    return taken == 0 ? "" : json.append('}').toString();
  }

  private static Optional<Instant> timestamp(Fields fields, Problems problems) {
    String text = orEmpty(fields.timestamp).strip();
    if (text.isEmpty()) {
      return Optional.empty();
    }
    long millis = Text.digits(text);
    if (millis >= 0) {
      return Optional.of(Instant.ofEpochMilli(millis));
    }
    try {
      Instant instant = OffsetDateTime.parse(text).toInstant();
      return Optional.of(Instant.ofEpochMilli(instant.toEpochMilli()));
    } catch (DateTimeParseException | ArithmeticException e) {
      problems.add(
          "timestamp",
          "is neither ISO 8601 with an offset, as 2026-05-01T12:00:00Z, nor milliseconds since 1970");
      return Optional.empty();
    }
  }

  private static String screen(String width) {
    long pixels = Text.digits(width.strip());
    return pixels > 0 && pixels <= MAX_SCREEN ? Long.toString(pixels) : "";
  }

  private static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }

  /** Everything that is wrong with a request, so that its sender learns it all at once. */
  private static final class Problems {

    private final Map<String, List<String>> errors = new LinkedHashMap<>();

    void add(String field, String why) {
      errors.computeIfAbsent(field, key -> new ArrayList<>()).add(why);
    }

    void throwIfAny() throws RejectedException {
      if (!errors.isEmpty()) {
        throw new RejectedException(new Rejection(400, "invalid", errors));
      }
    }
  }

  /** A way out of the parser; costs no stack trace. */
  private static final class RejectedException extends Exception {

    private final transient Rejection rejection;

    RejectedException(Rejection rejection) {
      super(rejection.reason(), null, false, false);
      this.rejection = rejection;
    }

    Rejection rejection() {
      return rejection;
    }
  }

  /** The fields of one request as they were sent. */
  private static final class Fields {

    private @Nullable String name;
    private @Nullable String url;
    private @Nullable String domain;
    private @Nullable String referrer;
    private @Nullable String title;
    private @Nullable String amount;
    private @Nullable String currency;
    private @Nullable String scrollDepth;
    private @Nullable String engagedMs;
    private @Nullable String width;
    private @Nullable String timestamp;
    private boolean hashMode;
    private boolean interactive = true;

    /**
     * By rank of the field that brought them: of several, the first of m, meta, p, props counts.
     */
    private final @Nullable Map<String, String>[] props = newRanks();

    @SuppressWarnings({"unchecked", "rawtypes"})
    private static @Nullable Map<String, String>[] newRanks() {
      return new Map[4];
    }

    Map<String, String> props() {
      for (Map<String, String> each : props) {
        if (each != null) {
          return each;
        }
      }
      return Map.of();
    }

    /** Reads one field of a JSON object, up to the end of its value. */
    void read(String field, JsonParser parser) throws IOException, RejectedException {
      JsonToken token = parser.nextToken();
      switch (field) {
        case "m", "meta", "p", "props" -> readProps(rank(field), parser);
        case "$", "revenue" -> readRevenue(parser);
        case "n",
            "name",
            "u",
            "url",
            "d",
            "domain",
            "r",
            "referrer",
            "t",
            "title",
            "ra",
            "rc",
            "sd",
            "e",
            "w",
            "h",
            "hashMode",
            "i",
            "interactive",
            "timestamp" -> {
          if (token.isStructEnd() || token.isStructStart()) {
            throw new RejectedException(
                Rejection.invalid(longName(field), "is a list or an object where a value is due"));
          }
          if (token != JsonToken.VALUE_NULL) {
            if (mustBeText(field) && token != JsonToken.VALUE_STRING) {
              throw new RejectedException(
                  Rejection.invalid(longName(field), "is not text, but a " + kind(token)));
            }
            if (longName(field).equals("name")
                && token != JsonToken.VALUE_STRING
                && token != JsonToken.VALUE_NUMBER_INT) {
              throw new RejectedException(
                  Rejection.invalid("name", "is neither text nor a whole number"));
            }
            text(field, parser.getText());
          }
        }
        default -> parser.skipChildren();
      }
    }

    /** Takes one field's value, as text. */
    void text(String field, String value) throws RejectedException {
      switch (field) {
        case "n", "name" -> name = name == null ? value : name;
        case "u", "url" -> url = url == null ? value : url;
        case "d", "domain" -> domain = domain == null ? value : domain;
        case "r", "referrer" -> referrer = referrer == null ? value : referrer;
        case "t", "title" -> title = title == null ? value : title;
        case "ra" -> amount = amount == null ? value : amount;
        case "rc" -> currency = currency == null ? value : currency;
        case "sd" -> scrollDepth = value;
        case "e" -> engagedMs = value;
        case "w" -> width = value;
        case "timestamp" -> timestamp = value;
        case "h", "hashMode" -> hashMode = flag(field, value);
        case "i", "interactive" -> interactive = flag(field, value);
        case "m", "meta", "p", "props" -> props[rank(field)] = textProps(value);
        case "$", "revenue" -> textRevenue(value);
        default -> {
          // Not ours.
        }
      }
    }

    private static boolean flag(String field, String value) throws RejectedException {
      return switch (value) {
        case "true", "1" -> true;
        case "false", "0" -> false;
        default ->
            throw new RejectedException(
                Rejection.invalid(longName(field), "is neither true nor false"));
      };
    }

    private static int rank(String field) {
      return switch (field) {
        case "m" -> 0;
        case "meta" -> 1;
        case "p" -> 2;
        default -> 3;
      };
    }

    private void readProps(int rank, JsonParser parser) throws IOException, RejectedException {
      switch (parser.currentToken()) {
        case START_OBJECT -> props[rank] = objectProps(parser);
        case VALUE_STRING -> props[rank] = textProps(parser.getText());
        case VALUE_NULL -> {
          // As if it were not there.
        }
        default ->
            throw new RejectedException(
                Rejection.invalid("props", "are neither an object nor text with one in JSON"));
      }
    }

    private static @Nullable Map<String, String> textProps(String text) throws RejectedException {
      if (text.isBlank()) {
        return null;
      }
      try (JsonParser parser = JSON.createParser(text)) {
        if (parser.nextToken() == JsonToken.START_OBJECT) {
          return objectProps(parser);
        }
      } catch (IOException e) {
        // The same answer as for JSON that is no object.
      }
      throw new RejectedException(
          Rejection.invalid("props", "are text, but not a JSON object in it"));
    }

    /** The single values of an object; lists, objects and null in it are left out. */
    private static Map<String, String> objectProps(JsonParser parser) throws IOException {
      Map<String, String> props = new LinkedHashMap<>();
      while (parser.nextToken() != JsonToken.END_OBJECT) {
        String key = parser.currentName();
        JsonToken value = parser.nextToken();
        if (value.isStructStart()) {
          parser.skipChildren();
        } else if (value != JsonToken.VALUE_NULL) {
          props.put(key, parser.getText());
        }
      }
      return props;
    }

    private void readRevenue(JsonParser parser) throws IOException, RejectedException {
      switch (parser.currentToken()) {
        case START_OBJECT -> objectRevenue(parser);
        case VALUE_STRING -> textRevenue(parser.getText());
        case VALUE_NULL -> {
          // As if it were not there.
        }
        default ->
            throw new RejectedException(
                Rejection.invalid("revenue", "is not an object with currency and amount"));
      }
    }

    private void textRevenue(String text) throws RejectedException {
      if (text.isBlank()) {
        return;
      }
      try (JsonParser parser = JSON.createParser(text)) {
        if (parser.nextToken() == JsonToken.START_OBJECT) {
          objectRevenue(parser);
          return;
        }
      } catch (IOException e) {
        // The same answer as for JSON that is no object.
      }
      throw new RejectedException(
          Rejection.invalid("revenue", "is text, but not a JSON object in it"));
    }

    private void objectRevenue(JsonParser parser) throws IOException, RejectedException {
      while (parser.nextToken() != JsonToken.END_OBJECT) {
        String key = parser.currentName();
        JsonToken value = parser.nextToken();
        if (value.isStructStart()) {
          if (key.equals("amount") || key.equals("currency")) {
            throw new RejectedException(
                Rejection.invalid("revenue", "its " + key + " is a list or an object"));
          }
          parser.skipChildren();
        } else if (key.equals("amount") && value != JsonToken.VALUE_NULL) {
          amount = parser.getText();
        } else if (key.equals("currency") && value != JsonToken.VALUE_NULL) {
          currency = parser.getText();
        }
      }
    }

    private static boolean mustBeText(String field) {
      return switch (field) {
        case "u", "url", "d", "domain", "r", "referrer", "t", "title", "rc" -> true;
        default -> false;
      };
    }

    private static String kind(JsonToken token) {
      return token.isNumeric() ? "number" : "boolean";
    }

    private static String longName(String field) {
      return switch (field) {
        case "n" -> "name";
        case "u" -> "url";
        case "d" -> "domain";
        case "r" -> "referrer";
        case "t" -> "title";
        case "ra", "rc" -> "revenue";
        case "sd" -> "scroll_depth";
        case "e" -> "engagement_time";
        case "w" -> "screen_width";
        case "h" -> "hashMode";
        case "i" -> "interactive";
        default -> field;
      };
    }
  }
}
