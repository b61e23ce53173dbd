package dev.eider.runtime.collect;

import dev.eider.runtime.event.Page;

/** Where it happened, without what may name a person. */
final class ReadPage implements Step {

  @Override
  public Verdict take(Making event) {
    PageUrl url = event.draft.url().without(event.site.privacy().dropQueryParameters());
    event.url = url;
    event.page =
        new Page(
            url.withoutPrivateParts(),
            url.pathname(),
            url.host().isEmpty() ? "(none)" : url.host(),
            event.draft.title());
    return Verdict.PASS;
  }
}
