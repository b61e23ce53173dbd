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
import java.time.Instant;
import java.time.LocalDate;
import java.util.Optional;
import java.util.UUID;

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

  // Of the client. Go into no event.
  String address = "";
  String userAgent = "";

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

  Making(CollectRequest request, Caller caller, Draft draft, SiteSettings site) {
    this.request = request;
    this.caller = caller;
    this.draft = draft;
    this.site = site;
    receivedAt = request.receivedAt();
    timestamp = receivedAt;
    type = draft.type();
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
