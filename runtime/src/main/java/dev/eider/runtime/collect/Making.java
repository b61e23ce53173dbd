package dev.eider.runtime.collect;

import dev.eider.runtime.config.SiteSettings;
import dev.eider.runtime.event.Details;
import dev.eider.runtime.event.Device;
import dev.eider.runtime.event.Event;
import dev.eider.runtime.event.EventType;
import dev.eider.runtime.event.Page;
import dev.eider.runtime.event.Place;
import dev.eider.runtime.event.Revenue;
import dev.eider.runtime.event.Source;
import dev.eider.runtime.event.Visitor;
import java.net.InetAddress;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An event in the making: what was sent, for one site, and what the steps have found out so far.
 * Used by one thread.
 */
final class Making {

  private static final UUID NO_ID = new UUID(0, 0);
  private static final Page NO_PAGE = new Page("", "/", "(none)", "");
  private static final Visitor NOBODY = new Visitor("", "");

  final CollectRequest request;
  final Caller caller;
  final Draft draft;
  final SiteSettings site;
  final SiteRules rules;

  /** Whether somebody only wants to know what would become of it: nothing may be remembered. */
  final boolean rehearsal;

  /**
   * Whether the sender has shown the site's ingest key, and is believed: when it happened, who and
   * where the visitor was.
   */
  boolean trusted;

  // Of the client. Go into no event.
  String address = "";
  @Nullable InetAddress client;
  long addressHash;
  String userAgent = "";
  PageUrl url;

  // Of the event.
  UUID id = NO_ID;
  Instant receivedAt;
  Instant timestamp;
  LocalDate date = LocalDate.EPOCH;
  EventType type;
  Visitor visitor = NOBODY;
  Page page = NO_PAGE;
  Source source = Source.DIRECT;
  Device device = Device.UNKNOWN;
  Place place = Place.UNKNOWN;
  Optional<Revenue> revenue = Optional.empty();
  Details details = Details.NONE;
  String botRule = "";
  boolean duplicate;
  double sampleWeight = 1;
  private @Nullable List<String> notes;

  Making(CollectRequest request, Caller caller, Draft draft, SiteRules rules, boolean rehearsal) {
    this.request = request;
    this.caller = caller;
    this.draft = draft;
    this.site = rules.site();
    this.rules = rules;
    this.rehearsal = rehearsal;
    url = draft.url();
    receivedAt = request.receivedAt();
    timestamp = receivedAt;
    type = draft.type();
  }

  /** Something that its sender may want to know; costs nothing where nobody asked. */
  void note(String sentence) {
    if (rehearsal) {
      List<String> known = notes;
      if (known == null) {
        known = new ArrayList<>();
        notes = known;
      }
      known.add(sentence);
    }
  }

  /** What was noted. */
  List<String> notes() {
    List<String> known = notes;
    return known == null ? List.of() : List.copyOf(known);
  }

  /** The event, when all steps are through. */
  Event made() {
    return new Event(
        id,
        site.siteId(),
        visitor,
        timestamp,
        receivedAt,
        date,
        type,
        draft.name(),
        draft.interactive(),
        page,
        source,
        device,
        place,
        draft.props(),
        revenue,
        draft.engagement(),
        details,
        botRule,
        duplicate,
        sampleWeight);
  }
}
