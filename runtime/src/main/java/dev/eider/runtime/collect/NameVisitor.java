package dev.eider.runtime.collect;

import dev.eider.runtime.config.PrivacySettings.Identity;
import java.io.IOException;

/** Who it was: for the site and the day, or for the site where it says so itself. */
final class NameVisitor implements Step {

  private final VisitorIds visitors;

  NameVisitor(VisitorIds visitors) {
    this.visitors = visitors;
  }

  @Override
  public Verdict take(Making event) throws IOException {
    String siteId = event.site.siteId();
    String userId = event.draft.sender().userId();
    event.visitor =
        event.site.privacy().identity() == Identity.PROVIDED && !userId.isEmpty()
            ? visitors.provided(siteId, userId)
            : visitors.of(
                siteId,
                event.rules.day(event.receivedAt.toEpochMilli()),
                event.receivedAt.toEpochMilli(),
                event.address,
                event.userAgent);
    return Verdict.PASS;
  }
}
