package dev.eider.runtime.collect;

import dev.eider.runtime.event.EventType;
import dev.eider.runtime.event.Visitor;
import java.util.Optional;
import java.util.UUID;

/** Where times will be too coarse to tell sessions by, the event says its session itself. */
final class StampSession implements Step {

  private final SessionStamps stamps;

  StampSession(SessionStamps stamps) {
    this.stamps = stamps;
  }

  @Override
  public Verdict take(Making event) {
    if (!event.site.privacy().stampsSessions() || event.duplicate || event.rehearsal) {
      return Verdict.PASS;
    }
    Visitor visitor = event.visitor;
    Optional<UUID> session =
        stamps.of(
            event.site.siteId(),
            visitor,
            !event.botRule.isEmpty(),
            event.id,
            event.type != EventType.ENGAGEMENT,
            event.timestamp.toEpochMilli());
    event.visitor = new Visitor(visitor.id(), visitor.previousDayId(), session);
    return session.isEmpty() ? DropReason.NO_SESSION : Verdict.PASS;
  }
}
