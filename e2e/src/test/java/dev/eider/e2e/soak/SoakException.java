package dev.eider.e2e.soak;

/** The soak could not be carried out, or found something. */
final class SoakException extends RuntimeException {

  SoakException(String message) {
    super(message);
  }
}
