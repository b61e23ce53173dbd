package dev.eider.runtime.journal;

/** Bytes in the journal that are not what was written there; the message says in which way. */
final class MalformedRecordException extends Exception {

  MalformedRecordException(String message) {
    super(message);
  }
}
