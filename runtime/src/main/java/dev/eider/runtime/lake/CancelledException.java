package dev.eider.runtime.lake;

/** A verb was cancelled between two steps; what it had committed by then stays. */
public final class CancelledException extends LakeException {

  private static final long serialVersionUID = 1L;

  CancelledException(String verb) {
    super(verb + " was cancelled between two steps; the next run goes on from there");
  }
}
