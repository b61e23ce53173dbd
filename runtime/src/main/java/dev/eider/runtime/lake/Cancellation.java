package dev.eider.runtime.lake;

/** Whether a running verb should end at its next safe step. */
@FunctionalInterface
public interface Cancellation {

  /** Never cancelled. */
  Cancellation NEVER = () -> false;

  /** Whether to end. Called often; must be cheap. */
  boolean requested();

  /**
   * Ends the verb here when that is wanted.
   *
   * @throws CancelledException when it is
   */
  default void check(String verb) {
    if (requested()) {
      throw new CancelledException(verb);
    }
  }
}
