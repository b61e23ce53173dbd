package dev.eider.runtime.journal;

/**
 * There is no room for the events for now: nothing was accepted, and the sender should try again
 * later. The journal goes on by itself when a release or somebody else makes room.
 */
public final class JournalFullException extends Exception {

  JournalFullException(String message) {
    // One for each refused request while the volume is full, so without the cost of a stack trace.
    super(message, null, false, false);
  }
}
