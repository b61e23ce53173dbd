package dev.eider.runtime.collect;

import dev.eider.runtime.event.EventType;

/**
 * An event that came before is kept and flagged: one with the same id, which only senders' own can
 * be, or a transaction of the same name with the same order.
 */
final class FlagDuplicate implements Step {

  private final RecentIds recent;

  FlagDuplicate(RecentIds recent) {
    this.recent = recent;
  }

  @Override
  public Verdict take(Making event) {
    String siteId = event.site.siteId();
    if (event.draft.id().isPresent()) {
      event.duplicate =
          event.rehearsal
              ? recent.has(siteId, event.id, event.receivedAt)
              : recent.isRepeated(siteId, event.id, event.receivedAt);
    }
    String order =
        event.type == EventType.TRANSACTION && event.draft.order().isPresent()
            ? event.draft.order().get().id()
            : "";
    if (!event.duplicate && !order.isEmpty()) {
      String name = event.draft.name();
      event.duplicate =
          event.rehearsal
              ? recent.hasOrder(siteId, name, order, event.receivedAt)
              : recent.isRepeatedOrder(siteId, name, order, event.receivedAt);
    }
    return Verdict.PASS;
  }
}
