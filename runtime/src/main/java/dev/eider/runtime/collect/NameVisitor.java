package dev.eider.runtime.collect;

import dev.eider.runtime.config.PrivacySettings.Identity;
import java.io.IOException;

/**
 * Who it was: for the site and the day, or for the site where it says so itself. Where one who
 * speaks for many visitors says which of them it was, and not from where, that makes the day's
 * visitor: else all would be one, the sender.
 */
final class NameVisitor implements Step {

  private final VisitorIds visitors;

  NameVisitor(VisitorIds visitors) {
    this.visitors = visitors;
  }

  @Override
  public Verdict take(Making event) throws IOException {
    String siteId = event.site.siteId();
    String userId = event.draft.sender().userId();
    if (event.site.privacy().identity() == Identity.PROVIDED && !userId.isEmpty()) {
      event.visitor = visitors.provided(siteId, userId);
      return Verdict.PASS;
    }
    boolean named = event.trusted && !userId.isEmpty() && event.draft.sender().address().isEmpty();
    event.visitor =
        visitors.of(
            siteId,
            event.rules.day(event.timestamp.toEpochMilli()),
            event.rules.day(event.receivedAt.toEpochMilli()).date(),
            event.timestamp.toEpochMilli(),
            named ? "user " + userId : event.address,
            named ? "" : event.userAgent);
    return Verdict.PASS;
  }
}
