package dev.eider.runtime.web;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.OperatingSystemMXBean;

/** How many connections this process has file descriptors for. */
final class OpenFiles {

  /** Enough for any crowd that one pod can serve. */
  private static final int MOST = 20_000;

  /** Kept back for the journal, the lake's files and ourselves. */
  private static final int RESERVE = 512;

  private OpenFiles() {}

  /**
   * Where descriptors run out, Helidon's listener ends for good at the next accept, so there must
   * always be one left.
   */
  static int connections() {
    OperatingSystemMXBean system = ManagementFactory.getOperatingSystemMXBean();
    if (system instanceof UnixOperatingSystemMXBean unix) {
      long free = unix.getMaxFileDescriptorCount() - RESERVE;
      return (int) Math.max(64, Math.min(MOST, free));
    }
    return MOST;
  }
}
