package dev.eider.runtime.collect;

/** Gives the event its id. */
final class NumberEvent implements Step {

  private final EventIds ids;

  NumberEvent(EventIds ids) {
    this.ids = ids;
  }

  @Override
  public Verdict take(Making event) {
    event.id = ids.next(event.receivedAt);
    return Verdict.PASS;
  }
}
