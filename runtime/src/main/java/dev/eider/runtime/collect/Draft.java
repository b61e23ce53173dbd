package dev.eider.runtime.collect;

import dev.eider.runtime.collect.known.ClientHints;
import dev.eider.runtime.event.Action;
import dev.eider.runtime.event.Engagement;
import dev.eider.runtime.event.EventType;
import dev.eider.runtime.event.Order;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * An event as its sender tells it, in the words of no protocol.
 *
 * @param id the event's id where the sender gave one; a second event with it is a duplicate
 * @param sites whom it is for: at least one
 * @param type never a transaction; money makes it one
 * @param name not empty
 * @param url where it happened
 * @param title the page's title, or empty
 * @param referrer as it was sent, or empty
 * @param props a JSON object of texts, or empty
 * @param money what it brought
 * @param interactive whether it ends a bounce
 * @param engagement how much of the page was read
 * @param action category, action, label and value
 * @param order what was bought or lies in the cart
 * @param dimensions values of custom dimensions, by index or name as sent
 * @param metrics values of custom metrics, by index or name as sent
 * @param screenSize viewport width in pixels, or empty
 * @param language the visitor's language as sent, or empty to take the browser's header
 * @param sdk name and version of what sent it, or empty
 * @param when when it happened, as the sender says
 * @param botRule the rule by which the sender itself takes the visitor for a machine, or empty
 * @param clientHints what the page's script was told of the browser; the request's own headers hold
 *     where that is nothing
 * @param sender what the sender says of the visitor
 * @param needsKey a field that was sent and is not to be ignored, though it is believed only of one
 *     who shows the site's ingest key; empty where there is none
 * @param notes on what was sent and is left out, each a sentence
 */
record Draft(
    Optional<UUID> id,
    List<SiteName> sites,
    EventType type,
    String name,
    PageUrl url,
    String title,
    String referrer,
    String props,
    Optional<Money> money,
    boolean interactive,
    Engagement engagement,
    Action action,
    Optional<Order> order,
    Map<String, String> dimensions,
    Map<String, String> metrics,
    String screenSize,
    String language,
    String sdk,
    When when,
    String botRule,
    ClientHints clientHints,
    Sender sender,
    String needsKey,
    List<String> notes)
    implements Adapted, Batch.Item {

  /**
   * Money as it was sent.
   *
   * @param amount scale 2, fits into DECIMAL(12,2)
   * @param currency ISO 4217 code, or empty for the site's own
   * @param needed whether the event is refused where no currency can be found; else it is kept
   *     without the amount
   */
  record Money(BigDecimal amount, String currency, boolean needed) {}

  /**
   * When a sender says that it happened.
   *
   * @param said that; empty where it says nothing, or how long ago it was
   * @param ago how long before that, or before it was sent
   * @param believedBack how long ago it may be to be believed of anybody; more only of one who
   *     shows the site's ingest key
   */
  record When(Optional<Instant> said, Duration ago, Duration believedBack) {

    /** It says nothing. */
    static final When UNSAID = new When(Optional.empty(), Duration.ZERO, Duration.ZERO);

    /** Said, and believed only of one with the key. */
    static When of(Optional<Instant> said) {
      return said.isEmpty() ? UNSAID : new When(said, Duration.ZERO, Duration.ZERO);
    }

    /** That instant, of what was received then; empty where nothing is said. */
    Optional<Instant> at(Instant receivedAt) {
      return said.isEmpty() && ago.isZero()
          ? Optional.empty()
          : Optional.of(said.orElse(receivedAt).minus(ago));
    }
  }

  /**
   * What a sender says of the visitor beside what the connection shows. All but {@code userId} and
   * {@code userAgent} is believed only of one who shows the site's ingest key.
   *
   * @param userId who it is in the site's own words, or empty; kept only where the site's identity
   *     is Provided, and then as an HMAC; else it tells the visitors of a day apart where one who
   *     shows the key says no address
   * @param address IP address as a literal, or empty
   * @param userAgent or empty
   * @param country ISO 3166-1 alpha-2, or empty
   * @param region name or code, or empty
   * @param city name, or empty
   */
  record Sender(
      String userId, String address, String userAgent, String country, String region, String city) {

    /** Nothing beside what the connection shows. */
    static final Sender SILENT = new Sender("", "", "", "", "", "");
  }

  /** Begins one that has nothing but what each must have. */
  static Builder of(List<SiteName> sites, EventType type, String name, PageUrl url) {
    return new Builder(sites, type, name, url);
  }

  /** What adapters put together. */
  static final class Builder {

    private final List<SiteName> sites;
    private final EventType type;
    private final String name;
    private final PageUrl url;
    private Optional<UUID> id = Optional.empty();
    private String title = "";
    private String referrer = "";
    private String props = "";
    private Optional<Money> money = Optional.empty();
    private boolean interactive = true;
    private Engagement engagement = Engagement.NONE;
    private Action action = Action.NONE;
    private Optional<Order> order = Optional.empty();
    private Map<String, String> dimensions = Map.of();
    private Map<String, String> metrics = Map.of();
    private String screenSize = "";
    private String language = "";
    private String sdk = "";
    private When when = When.UNSAID;
    private String botRule = "";
    private ClientHints clientHints = ClientHints.NONE;
    private Sender sender = Sender.SILENT;
    private String needsKey = "";
    private List<String> notes = List.of();

    private Builder(List<SiteName> sites, EventType type, String name, PageUrl url) {
      this.sites = sites;
      this.type = type;
      this.name = name;
      this.url = url;
    }

    Builder id(Optional<UUID> value) {
      id = value;
      return this;
    }

    Builder title(String value) {
      title = value;
      return this;
    }

    Builder referrer(String value) {
      referrer = value;
      return this;
    }

    Builder props(String value) {
      props = value;
      return this;
    }

    Builder money(Optional<Money> value) {
      money = value;
      return this;
    }

    Builder interactive(boolean value) {
      interactive = value;
      return this;
    }

    Builder engagement(Engagement value) {
      engagement = value;
      return this;
    }

    Builder action(Action value) {
      action = value;
      return this;
    }

    Builder order(Optional<Order> value) {
      order = value;
      return this;
    }

    Builder dimensions(Map<String, String> value) {
      dimensions = value;
      return this;
    }

    Builder metrics(Map<String, String> value) {
      metrics = value;
      return this;
    }

    Builder screenSize(String value) {
      screenSize = value;
      return this;
    }

    Builder language(String value) {
      language = value;
      return this;
    }

    Builder sdk(String value) {
      sdk = value;
      return this;
    }

    Builder when(When value) {
      when = value;
      return this;
    }

    Builder botRule(String value) {
      botRule = value;
      return this;
    }

    Builder clientHints(ClientHints value) {
      clientHints = value;
      return this;
    }

    Builder sender(Sender value) {
      sender = value;
      return this;
    }

    Builder needsKey(String value) {
      needsKey = value;
      return this;
    }

    Builder notes(List<String> value) {
      notes = value;
      return this;
    }

    Draft build() {
      return new Draft(
          id,
          sites,
          type,
          name,
          url,
          title,
          referrer,
          props,
          money,
          interactive,
          engagement,
          action,
          order,
          dimensions,
          metrics,
          screenSize,
          language,
          sdk,
          when,
          botRule,
          clientHints,
          sender,
          needsKey,
          notes);
    }
  }
}
