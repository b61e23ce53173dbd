package dev.eider.runtime.job;

/** A job stopped at a safe step because somebody cancelled it. */
public final class CancelledException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public CancelledException() {
    super("cancelled", null, false, false);
  }
}
