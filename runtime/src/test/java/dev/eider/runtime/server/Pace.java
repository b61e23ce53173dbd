package dev.eider.runtime.server;

import java.util.concurrent.locks.LockSupport;

/** How fast bytes go. */
record Pace(int bytesPerSecond) {

  static final Pace FULL = new Pace(Integer.MAX_VALUE);

  private static final int PORTIONS_A_SECOND = 10;

  /** How many bytes go at once. */
  int portion(int most) {
    return Math.clamp(bytesPerSecond / PORTIONS_A_SECOND, 1, most);
  }

  /** Returns when the time that so many bytes take is over. */
  void after(int bytes) {
    if (bytesPerSecond < Integer.MAX_VALUE) {
      LockSupport.parkNanos(bytes * 1_000_000_000L / bytesPerSecond);
    }
  }
}
