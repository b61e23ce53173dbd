package dev.eider.runtime.lake;

/** Something could not be done with the lake. The message says what, and what to do. */
public class LakeException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public LakeException(String message) {
    super(message);
  }

  public LakeException(String message, Throwable cause) {
    super(message, cause);
  }
}
