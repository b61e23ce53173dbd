package dev.eider.runtime.collect;

import java.util.UUID;

/**
 * Gives the event its id: the sender's own or a new one, neither with more of the time in it than
 * the site keeps.
 */
final class NumberEvent implements Step {

  private final EventIds ids;

  NumberEvent(EventIds ids) {
    this.ids = ids;
  }

  @Override
  public Verdict take(Making event) {
    boolean coarse = event.site.privacy().stampsSessions();
    if (event.draft.id().isPresent()) {
      UUID given = event.draft.id().get();
      event.id =
          coarse && EventIds.tellsTime(given)
              ? EventIds.withoutTime(event.site.siteId(), given)
              : given;
    } else {
      event.id =
          coarse
              ? ids.coarse(Coarsen.rounded(event.receivedAt, event.site).toEpochMilli())
              : ids.next(event.receivedAt);
    }
    return Verdict.PASS;
  }
}
