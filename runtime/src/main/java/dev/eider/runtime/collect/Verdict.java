package dev.eider.runtime.collect;

/** What a {@link Step} says of an event: it goes on, or why not. */
sealed interface Verdict permits Verdict.Pass, DropReason, Rejection {

  /** It goes on to the next step. */
  Verdict PASS = Pass.INSTANCE;

  /** See {@link #PASS}. */
  enum Pass implements Verdict {
    INSTANCE
  }
}
