package dev.eider.runtime.collect;

import java.io.IOException;

/** Who it was, for the site and the day. */
final class NameVisitor implements Step {

  private final VisitorIds visitors;

  NameVisitor(VisitorIds visitors) {
    this.visitors = visitors;
  }

  @Override
  public Verdict take(Making event) throws IOException {
    event.visitor =
        visitors.of(
            event.site.siteId(),
            event.site.zone(),
            event.receivedAt,
            event.address,
            event.userAgent);
    return Verdict.PASS;
  }
}
