package dev.eider.runtime.journal;

/** The journal takes nothing any more, in this process; {@link #getMessage} says why. */
public final class JournalClosedException extends Exception {

  JournalClosedException(String message) {
    super(message, null, false, false);
  }
}
