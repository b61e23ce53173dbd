package dev.eider.runtime.lake;

/** A part of the lake's past that cannot be read any more. The message says what can be. */
public final class PastGoneException extends LakeException {

  private static final long serialVersionUID = 1L;

  public PastGoneException(String message) {
    super(message);
  }
}
