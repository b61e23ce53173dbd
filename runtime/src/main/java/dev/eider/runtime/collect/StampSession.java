package dev.eider.runtime.collect;

import dev.eider.runtime.event.EventType;
import dev.eider.runtime.event.Visitor;

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
    event.visitor =
        new Visitor(
            visitor.id(),
            visitor.previousDayId(),
            stamps.of(
                event.site.siteId(),
                visitor,
                !event.botRule.isEmpty(),
                event.id,
                event.type != EventType.ENGAGEMENT,
                event.timestamp.toEpochMilli()));
    return Verdict.PASS;
  }
}
