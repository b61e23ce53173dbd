package dev.eider.runtime.collect;

/** Whether the page's host is one that the site measures. */
final class CheckHostname implements Step {

  @Override
  public Verdict take(Making event) {
    return event.rules.takesHost(event.draft.url().host())
        ? Verdict.PASS
        : DropReason.HOSTNAME_ALLOWLIST;
  }
}
