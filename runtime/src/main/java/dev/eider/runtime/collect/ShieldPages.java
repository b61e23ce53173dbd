package dev.eider.runtime.collect;

/** Pages that the site does not want to count. */
final class ShieldPages implements Step {

  @Override
  public Verdict take(Making event) {
    return event.rules.blocksPage(event.page.pathname()) ? DropReason.PAGE_BLOCKLIST : Verdict.PASS;
  }
}
