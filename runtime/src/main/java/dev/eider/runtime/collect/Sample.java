package dev.eider.runtime.collect;

/**
 * Keeps the events of some visitors for those of all, where the site wants it so. Events that reach
 * a goal or bring money are all kept and stand for themselves.
 */
final class Sample implements Step {

  /** Hex digits of the visitor's id, which is a hash already, that decide. */
  private static final int DIGITS = 12;

  private static final double ALL = 0x1p48;

  @Override
  public Verdict take(Making event) {
    double rate = event.site.ingest().sampleRate();
    if (rate >= 1
        || event.revenue.isPresent()
        || event.rules.goals().has(event.type, event.draft.name(), event.page.pathname())) {
      return Verdict.PASS;
    }
    if (Long.parseLong(event.visitor.id(), 0, DIGITS, 16) >= rate * ALL) {
      return DropReason.SAMPLED_OUT;
    }
    event.sampleWeight = 1 / rate;
    return Verdict.PASS;
  }
}
