package dev.eider.runtime.stats;

/** Too many ask already. Status 429. */
public final class TooBusy extends RuntimeException {

  private static final long serialVersionUID = 1;

  TooBusy(String sentence) {
    super(sentence, null, false, false);
  }
}
