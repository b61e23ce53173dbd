package dev.eider.runtime.job;

/** A verb that could not be done. The message is for people. */
public final class VerbException extends Exception {

  private static final long serialVersionUID = 1L;

  public VerbException(String message) {
    super(message);
  }

  public VerbException(String message, Throwable cause) {
    super(message, cause);
  }
}
