package dev.eider.runtime.journal;

import dev.eider.runtime.event.Action;
import dev.eider.runtime.event.Details;
import dev.eider.runtime.event.Device;
import dev.eider.runtime.event.Engagement;
import dev.eider.runtime.event.Event;
import dev.eider.runtime.event.EventType;
import dev.eider.runtime.event.Order;
import dev.eider.runtime.event.Page;
import dev.eider.runtime.event.Place;
import dev.eider.runtime.event.Revenue;
import dev.eider.runtime.event.Source;
import dev.eider.runtime.event.Visitor;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An event as a CBOR map from field numbers to values.
 *
 * <p>What has its usual value (empty text, interactive, weight 1) is left out. A number, once
 * given, keeps its meaning for ever; a later version adds numbers, and a reader skips those it does
 * not know.
 */
final class EventCodec {

  private static final int ID = 1;
  private static final int SITE_ID = 2;
  private static final int VISITOR_ID = 3;
  private static final int PREVIOUS_DAY_ID = 4;
  private static final int TIMESTAMP = 5;
  private static final int RECEIVED_AT = 6;
  private static final int DATE = 7;
  private static final int TYPE = 8;
  private static final int NAME = 9;
  private static final int INTERACTIVE = 10;
  private static final int URL = 11;
  private static final int PATHNAME = 12;
  private static final int HOSTNAME = 13;
  private static final int TITLE = 14;
  private static final int REFERRER = 15;
  private static final int SOURCE_NAME = 16;
  private static final int UTM_SOURCE = 17;
  private static final int UTM_MEDIUM = 18;
  private static final int UTM_CAMPAIGN = 19;
  private static final int UTM_CONTENT = 20;
  private static final int UTM_TERM = 21;
  private static final int BROWSER = 22;
  private static final int BROWSER_VERSION = 23;
  private static final int OS = 24;
  private static final int OS_VERSION = 25;
  private static final int DEVICE_TYPE = 26;
  private static final int SCREEN_SIZE = 27;
  private static final int COUNTRY_CODE = 28;
  private static final int REGION = 29;
  private static final int CITY = 30;
  private static final int PROPS = 31;
  private static final int REVENUE_HUNDREDTHS = 32;
  private static final int REVENUE_CURRENCY = 33;
  private static final int SCROLL_DEPTH = 34;
  private static final int ENGAGED_MS = 35;
  private static final int BOT_RULE = 36;
  private static final int DUPLICATE = 37;
  private static final int SAMPLE_WEIGHT = 38;
  private static final int CHANNEL = 39;
  private static final int CLICK_ID = 40;
  private static final int BRAND = 41;
  private static final int MODEL = 42;
  private static final int REGION_CODE = 43;
  private static final int CITY_ID = 44;
  private static final int CATEGORY = 45;
  private static final int ACTION = 46;
  private static final int LABEL = 47;
  private static final int VALUE = 48;
  private static final int ORDER_ID = 49;
  private static final int TAX_HUNDREDTHS = 50;
  private static final int SHIPPING_HUNDREDTHS = 51;
  private static final int ITEMS = 52;
  private static final int DIMENSIONS = 53;
  private static final int METRICS = 54;
  private static final int LANGUAGE = 55;
  private static final int SDK = 56;
  private static final int STAMPED_SESSION = 57;

  /** Number of texts a decoder collects: field numbers are small enough to index an array. */
  private static final int FIELDS = 58;

  private EventCodec() {}

  static void encode(Event event, CborWriter out) {
    out.raw(CborWriter.INDEFINITE_MAP);
    uuid(ID, event.id(), out);
    out.integer(SITE_ID);
    out.text(event.siteId());
    textOrHex(VISITOR_ID, event.visitor().id(), out);
    textOrHex(PREVIOUS_DAY_ID, event.visitor().previousDayId(), out);
    if (event.visitor().stampedSession().isPresent()) {
      uuid(STAMPED_SESSION, event.visitor().stampedSession().get(), out);
    }
    integer(TIMESTAMP, event.timestamp().toEpochMilli(), out);
    integer(RECEIVED_AT, event.receivedAt().toEpochMilli(), out);
    integer(DATE, event.date().toEpochDay(), out);
    out.integer(TYPE);
    out.text(event.type().word());
    out.integer(NAME);
    out.text(event.name());
    if (!event.interactive()) {
      bool(INTERACTIVE, false, out);
    }
    Page page = event.page();
    text(URL, page.url(), out);
    text(PATHNAME, page.pathname(), out);
    text(HOSTNAME, page.hostname(), out);
    text(TITLE, page.title(), out);
    Source source = event.source();
    text(REFERRER, source.referrer(), out);
    text(SOURCE_NAME, source.name(), out);
    text(UTM_SOURCE, source.utmSource(), out);
    text(UTM_MEDIUM, source.utmMedium(), out);
    text(UTM_CAMPAIGN, source.utmCampaign(), out);
    text(UTM_CONTENT, source.utmContent(), out);
    text(UTM_TERM, source.utmTerm(), out);
    text(CHANNEL, source.channel(), out);
    text(CLICK_ID, source.clickId(), out);
    Device device = event.device();
    text(BROWSER, device.browser(), out);
    text(BROWSER_VERSION, device.browserVersion(), out);
    text(OS, device.os(), out);
    text(OS_VERSION, device.osVersion(), out);
    text(DEVICE_TYPE, device.type(), out);
    text(SCREEN_SIZE, device.screenSize(), out);
    text(BRAND, device.brand(), out);
    text(MODEL, device.model(), out);
    Place place = event.place();
    text(COUNTRY_CODE, place.countryCode(), out);
    text(REGION, place.region(), out);
    text(CITY, place.city(), out);
    text(REGION_CODE, place.regionCode(), out);
    if (place.cityId() != 0) {
      integer(CITY_ID, place.cityId(), out);
    }
    text(PROPS, event.props(), out);
    if (event.revenue().isPresent()) {
      Revenue revenue = event.revenue().get();
      integer(REVENUE_HUNDREDTHS, revenue.amount().unscaledValue().longValueExact(), out);
      text(REVENUE_CURRENCY, revenue.currency(), out);
    }
    if (event.engagement().scrollDepth() != Engagement.NO_SCROLL_DEPTH) {
      integer(SCROLL_DEPTH, event.engagement().scrollDepth(), out);
    }
    if (event.engagement().millis() != 0) {
      integer(ENGAGED_MS, event.engagement().millis(), out);
    }
    details(event.details(), out);
    text(BOT_RULE, event.botRule(), out);
    if (event.duplicate()) {
      bool(DUPLICATE, true, out);
    }
    if (event.sampleWeight() != 1) {
      out.integer(SAMPLE_WEIGHT);
      out.real(event.sampleWeight());
    }
    out.raw(CborWriter.BREAK);
  }

  private static void details(Details details, CborWriter out) {
    Action action = details.action();
    text(CATEGORY, action.category(), out);
    text(ACTION, action.action(), out);
    text(LABEL, action.label(), out);
    if (action.value().isPresent()) {
      text(VALUE, action.value().get().toPlainString(), out);
    }
    if (details.order().isPresent()) {
      Order order = details.order().get();
      text(ORDER_ID, order.id(), out);
      hundredths(TAX_HUNDREDTHS, order.tax(), out);
      hundredths(SHIPPING_HUNDREDTHS, order.shipping(), out);
      text(ITEMS, order.items(), out);
    }
    text(DIMENSIONS, details.dimensions(), out);
    text(METRICS, details.metrics(), out);
    text(LANGUAGE, details.language(), out);
    text(SDK, details.sdk(), out);
  }

  /** Reads one event that fills the range exactly. */
  static Event decode(byte[] bytes, int from, int to) throws MalformedRecordException {
    CborReader in = new CborReader(bytes, from, to);
    if (!in.take(CborWriter.INDEFINITE_MAP)) {
      throw new MalformedRecordException("it does not begin with a map");
    }
    @Nullable String[] texts = new String[FIELDS];
    boolean[] seen = new boolean[FIELDS];
    UUID id = new UUID(0, 0);
    Optional<UUID> stampedSession = Optional.empty();
    long cityId = 0;
    Optional<BigDecimal> tax = Optional.empty();
    Optional<BigDecimal> shipping = Optional.empty();
    long timestamp = 0;
    long receivedAt = 0;
    long date = 0;
    long hundredths = 0;
    long scrollDepth = Engagement.NO_SCROLL_DEPTH;
    long engagedMs = 0;
    boolean interactive = true;
    boolean duplicate = false;
    double sampleWeight = 1;
    while (!in.take(CborWriter.BREAK)) {
      long key = in.integer();
      if (key <= 0 || key >= FIELDS) {
        in.skip();
        continue;
      }
      int field = (int) key;
      if (seen[field]) {
        throw new MalformedRecordException("field " + field + " is there twice");
      }
      seen[field] = true;
      switch (field) {
        case ID -> id = uuid(in, bytes);
        case STAMPED_SESSION -> stampedSession = Optional.of(uuid(in, bytes));
        case CITY_ID -> cityId = in.integer();
        case TAX_HUNDREDTHS -> tax = Optional.of(BigDecimal.valueOf(in.integer(), 2));
        case SHIPPING_HUNDREDTHS -> shipping = Optional.of(BigDecimal.valueOf(in.integer(), 2));
        case VISITOR_ID, PREVIOUS_DAY_ID -> texts[field] = in.textOrHex();
        case TIMESTAMP -> timestamp = in.integer();
        case RECEIVED_AT -> receivedAt = in.integer();
        case DATE -> date = in.integer();
        case INTERACTIVE -> interactive = in.bool();
        case REVENUE_HUNDREDTHS -> hundredths = in.integer();
        case SCROLL_DEPTH -> scrollDepth = in.integer();
        case ENGAGED_MS -> engagedMs = in.integer();
        case DUPLICATE -> duplicate = in.bool();
        case SAMPLE_WEIGHT -> sampleWeight = in.real();
        default -> texts[field] = in.text();
      }
    }
    if (!in.atEnd()) {
      throw new MalformedRecordException("it goes on after its end");
    }
    for (int field : new int[] {ID, SITE_ID, TIMESTAMP, RECEIVED_AT, DATE, TYPE, NAME}) {
      if (!seen[field]) {
        throw new MalformedRecordException("field " + field + " is missing");
      }
    }
    try {
      return new Event(
          id,
          of(texts, SITE_ID),
          new Visitor(of(texts, VISITOR_ID), of(texts, PREVIOUS_DAY_ID), stampedSession),
          Instant.ofEpochMilli(timestamp),
          Instant.ofEpochMilli(receivedAt),
          LocalDate.ofEpochDay(date),
          EventType.of(of(texts, TYPE)),
          of(texts, NAME),
          interactive,
          new Page(of(texts, URL), of(texts, PATHNAME), of(texts, HOSTNAME), of(texts, TITLE)),
          new Source(
              of(texts, REFERRER),
              of(texts, SOURCE_NAME),
              of(texts, UTM_SOURCE),
              of(texts, UTM_MEDIUM),
              of(texts, UTM_CAMPAIGN),
              of(texts, UTM_CONTENT),
              of(texts, UTM_TERM),
              of(texts, CHANNEL),
              of(texts, CLICK_ID)),
          new Device(
              of(texts, BROWSER),
              of(texts, BROWSER_VERSION),
              of(texts, OS),
              of(texts, OS_VERSION),
              of(texts, DEVICE_TYPE),
              of(texts, SCREEN_SIZE),
              of(texts, BRAND),
              of(texts, MODEL)),
          new Place(
              of(texts, COUNTRY_CODE),
              of(texts, REGION),
              of(texts, CITY),
              of(texts, REGION_CODE),
              cityId),
          of(texts, PROPS),
          seen[REVENUE_HUNDREDTHS]
              ? Optional.of(
                  new Revenue(BigDecimal.valueOf(hundredths, 2), of(texts, REVENUE_CURRENCY)))
              : Optional.empty(),
          new Engagement(Math.toIntExact(scrollDepth), engagedMs),
          details(texts, tax, shipping),
          of(texts, BOT_RULE),
          duplicate,
          sampleWeight);
    } catch (IllegalArgumentException | ArithmeticException | DateTimeException e) {
      throw new MalformedRecordException("its values make no event: " + e.getMessage());
    }
  }

  private static Details details(
      @Nullable String[] texts, Optional<BigDecimal> tax, Optional<BigDecimal> shipping) {
    String orderId = of(texts, ORDER_ID);
    String items = of(texts, ITEMS);
    boolean ordered =
        !orderId.isEmpty() || tax.isPresent() || shipping.isPresent() || !items.isEmpty();
    Details details =
        new Details(
            action(texts),
            ordered ? Optional.of(new Order(orderId, tax, shipping, items)) : Optional.empty(),
            of(texts, DIMENSIONS),
            of(texts, METRICS),
            of(texts, LANGUAGE),
            of(texts, SDK));
    // Most say nothing of it, and many are read at once.
    return details.equals(Details.NONE) ? Details.NONE : details;
  }

  private static Action action(@Nullable String[] texts) {
    String value = of(texts, VALUE);
    if (value.isEmpty()
        && texts[CATEGORY] == null
        && texts[ACTION] == null
        && texts[LABEL] == null) {
      return Action.NONE;
    }
    return new Action(
        of(texts, CATEGORY),
        of(texts, ACTION),
        of(texts, LABEL),
        value.isEmpty() ? Optional.empty() : Optional.of(new BigDecimal(value)));
  }

  private static UUID uuid(CborReader in, byte[] bytes) throws MalformedRecordException {
    int at = in.bytesOfLength(16);
    return new UUID(BigEndian.getLong(bytes, at), BigEndian.getLong(bytes, at + 8));
  }

  private static String of(@Nullable String[] texts, int field) {
    String text = texts[field];
    return text == null ? "" : text;
  }

  private static void text(int field, String value, CborWriter out) {
    if (!value.isEmpty()) {
      out.integer(field);
      out.text(value);
    }
  }

  private static void textOrHex(int field, String value, CborWriter out) {
    if (value.isEmpty()) {
      return;
    }
    out.integer(field);
    if (CborWriter.isHex(value)) {
      out.hex(value);
    } else {
      out.text(value);
    }
  }

  private static void integer(int field, long value, CborWriter out) {
    out.integer(field);
    out.integer(value);
  }

  private static void uuid(int field, UUID value, CborWriter out) {
    out.integer(field);
    out.twoLongs(value.getMostSignificantBits(), value.getLeastSignificantBits());
  }

  private static void hundredths(int field, Optional<BigDecimal> amount, CborWriter out) {
    if (amount.isPresent()) {
      integer(field, amount.get().unscaledValue().longValueExact(), out);
    }
  }

  private static void bool(int field, boolean value, CborWriter out) {
    out.integer(field);
    out.bool(value);
  }
}
