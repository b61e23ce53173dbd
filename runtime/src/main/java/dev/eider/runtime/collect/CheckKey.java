package dev.eider.runtime.collect;

/** A key that was shown must be the site's. From here on {@link CollectRequest#trusted} is true. */
final class CheckKey implements Step {

  @Override
  public Verdict take(Making event) {
    CollectRequest request = event.request;
    if (!request.trusted() || request.key().opens(event.site.siteId())) {
      return Verdict.PASS;
    }
    return Rejection.of(
        401,
        "wrong_key",
        "key",
        "the key shown is not the ingest key of this site; show that one, or none");
  }
}
