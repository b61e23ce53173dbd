package dev.eider.runtime.sql;

/** A statement that has no answer, and in a sentence why; the asker can mend it. Status 400. */
public final class InvalidSql extends RuntimeException {

  private static final long serialVersionUID = 1;

  public InvalidSql(String sentence) {
    super(sentence, null, false, false);
  }
}
