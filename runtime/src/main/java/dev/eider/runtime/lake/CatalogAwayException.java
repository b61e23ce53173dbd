package dev.eider.runtime.lake;

/** The database of a lake's catalog cannot be connected to now; later it may well be. */
public final class CatalogAwayException extends LakeException {

  private static final long serialVersionUID = 1;

  CatalogAwayException(String sentence, Throwable cause) {
    super(sentence, cause);
  }
}
