package dev.eider.runtime.collect;

/**
 * A key that was shown must be the site's, and what is believed of nobody without one must not be
 * said without one. From here on {@link Making#trusted} holds.
 */
final class CheckKey implements Step {

  @Override
  public Verdict take(Making event) {
    CollectRequest request = event.request;
    event.trusted = request.showsKey() && request.key().opens(event.site.siteId());
    if (request.showsKey() && !event.trusted && request.key().meantForUs()) {
      return Rejection.of(
          401,
          "wrong_key",
          "key",
          "the key shown is not the ingest key of this site; show that one, or none");
    }
    String needsKey = event.draft.needsKey();
    return event.trusted || needsKey.isEmpty()
        ? Verdict.PASS
        : Rejection.invalid(
            needsKey,
            "is believed only of who shows the site's ingest key: show it, or leave this away");
  }
}
