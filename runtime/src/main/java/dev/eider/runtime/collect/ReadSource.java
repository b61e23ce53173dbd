package dev.eider.runtime.collect;

/** Where the visitor came from. */
final class ReadSource implements Step {

  private final Referrers referrers;

  ReadSource(Referrers referrers) {
    this.referrers = referrers;
  }

  @Override
  public Verdict take(Making event) {
    event.source = referrers.of(event.draft.url(), event.draft.referrer());
    return Verdict.PASS;
  }
}
