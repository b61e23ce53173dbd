package dev.eider.runtime.stats;

/** A question that cannot be answered; the message tells the asker what is possible. Status 400. */
public final class InvalidQuery extends RuntimeException {

  private static final long serialVersionUID = 1;

  InvalidQuery(String sentence) {
    super(sentence);
  }
}
