package dev.eider.runtime.collect;

/** Takes note of where a site's events come from. */
final class WatchAddresses implements Step {

  private final AddressWatch watch;

  WatchAddresses(AddressWatch watch) {
    this.watch = watch;
  }

  @Override
  public Verdict take(Making event) {
    if (!event.rehearsal) {
      watch.note(event.site.siteId(), event.addressHash, event.request.receivedAt().toEpochMilli());
    }
    return Verdict.PASS;
  }
}
