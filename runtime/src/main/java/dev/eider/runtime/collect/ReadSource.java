package dev.eider.runtime.collect;

/** Where the visitor came from. */
final class ReadSource implements Step {

  private final Referrers referrers;

  ReadSource(Referrers referrers) {
    this.referrers = referrers;
  }

  @Override
  public Verdict take(Making event) {
    Arrival arrival = referrers.of(event.draft.url(), event.draft.referrer());
    event.source = arrival.source();
    return arrival.spam() ? DropReason.SPAM_REFERRER : Verdict.PASS;
  }
}
