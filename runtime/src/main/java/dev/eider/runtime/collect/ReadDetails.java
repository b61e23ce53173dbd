package dev.eider.runtime.collect;

import dev.eider.runtime.collect.known.Language;
import dev.eider.runtime.event.Action;
import dev.eider.runtime.event.Details;

/** What few senders say, and what the site declares of its properties. */
final class ReadDetails implements Step {

  @Override
  public Verdict take(Making event) {
    Draft draft = event.draft;
    DeclaredProperties.Values values =
        event.rules.properties().isEmpty() && !event.rehearsal
            ? DeclaredProperties.Values.NONE
            : event.rules.properties().of(draft, event::note);
    String language = language(event);
    boolean silent =
        draft.action() == Action.NONE
            && draft.order().isEmpty()
            && values == DeclaredProperties.Values.NONE
            && language.isEmpty()
            && draft.sdk().isEmpty();
    event.details =
        silent
            ? Details.NONE
            : new Details(
                draft.action(),
                draft.order(),
                values.dimensions(),
                values.metrics(),
                language,
                draft.sdk());
    return Verdict.PASS;
  }

  /** What a trusted sender's own program asks for is not what the visitor speaks. */
  private static String language(Making event) {
    String said = event.draft.language();
    if (said.isEmpty() && !event.trusted) {
      said = event.caller.acceptLanguage();
    }
    return said.isEmpty() ? "" : Language.of(said);
  }
}
