package dev.eider.runtime.sql;

import java.util.concurrent.atomic.AtomicReference;

/** Says once that an answer is not wanted any more, from any thread. */
public final class SqlCancel {

  /** Why it is not. */
  enum Reason {
    /** Whoever asked has gone. */
    GONE,
    /** Its time is over. */
    TIME,
    /** The process has taken too much memory meanwhile. */
    MEMORY
  }

  private final AtomicReference<Reason> reason = new AtomicReference<>();

  /** Whoever asked has gone. */
  public void gone() {
    because(Reason.GONE);
  }

  /** Whether the answer is not wanted any more. */
  public boolean isCancelled() {
    return reason.get() != null;
  }

  void because(Reason why) {
    reason.compareAndSet(null, why);
  }

  boolean is(Reason why) {
    return reason.get() == why;
  }
}
