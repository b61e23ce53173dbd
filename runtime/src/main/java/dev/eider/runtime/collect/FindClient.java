package dev.eider.runtime.collect;

/** Whose browser it was: what the connection shows, or what a trusted sender says. */
final class FindClient implements Step {

  @Override
  public Verdict take(Making event) {
    Draft.Sender sender = event.draft.sender();
    boolean believed = event.request.trusted() && sender != Draft.Sender.SILENT;
    event.address =
        believed && !sender.address().isEmpty() ? sender.address() : event.caller.address();
    event.userAgent =
        believed && !sender.userAgent().isEmpty() ? sender.userAgent() : event.caller.userAgent();
    return Verdict.PASS;
  }
}
