package dev.eider.e2e.bench;

/** A benchmark that has no figures, and why. */
final class BenchException extends RuntimeException {

  private static final long serialVersionUID = 1;

  BenchException(String sentence) {
    super(sentence);
  }
}
