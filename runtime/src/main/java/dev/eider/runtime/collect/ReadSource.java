package dev.eider.runtime.collect;

/** Where the visitor came from, and by what kind of way. */
final class ReadSource implements Step {

  private final Referrers referrers;

  ReadSource(Referrers referrers) {
    this.referrers = referrers;
  }

  @Override
  public Verdict take(Making event) {
    Arrival arrival = referrers.of(event.url, event.draft.referrer());
    event.source = arrival.source();
    return arrival.spam() ? DropReason.SPAM_REFERRER : Verdict.PASS;
  }
}
