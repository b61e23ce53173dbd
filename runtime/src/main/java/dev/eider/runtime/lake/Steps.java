package dev.eider.runtime.lake;

/**
 * The safe steps of a running verb. Between two steps nothing is half done, so a verb may be ended
 * there: by throwing from {@link #begin}. What was committed by then stays, and the next run goes
 * on from there.
 */
@FunctionalInterface
public interface Steps {

  /** Goes on whatever happens and tells nobody. */
  Steps UNOBSERVED = step -> {};

  /**
   * Called before each step.
   *
   * @param step what is done next, for people
   */
  void begin(String step);
}
