package dev.eider.runtime.collect;

/**
 * Whether the page that sends may send here. Browsers say its origin, with a picture only its
 * address; who says neither is no browser and not held to it.
 */
final class CheckOrigin implements Step {

  @Override
  public Verdict take(Making event) {
    if (event.rules.takesAllOrigins() || event.trusted) {
      return Verdict.PASS;
    }
    String origin = event.caller.origin();
    return origin.isEmpty() || event.rules.takesOrigin(origin)
        ? Verdict.PASS
        : DropReason.ORIGIN_ALLOWLIST;
  }
}
