package dev.eider.runtime.web;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.OperatingSystemMXBean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How many connections this process has file descriptors for. */
final class OpenFiles {

  private static final Logger LOG = LoggerFactory.getLogger(OpenFiles.class);

  /** Enough for any crowd that one pod can serve. */
  private static final int MOST = 20_000;

  /** Enough for probes, metrics and whoever looks after it. */
  private static final int MOST_MANAGEMENT = 256;

  /** Kept back for the journal, the lake's files and ourselves. */
  private static final int RESERVE = 512;

  /** From here on there are connections enough for a small site. */
  private static final int ENOUGH = 1024;

  private OpenFiles() {}

  /**
   * Of the main port. Where descriptors run out, Helidon's listener ends for good at the next
   * accept, so there must always be one left.
   */
  static int connections() {
    long descriptors = most();
    if (descriptors < ENOUGH) {
      LOG.warn(
          "this process may open {} files: few connections are served at once. Allow it {} or more (ulimit -n, LimitNOFILE)",
          descriptors,
          ENOUGH);
    }
    return (int) Math.min(MOST, free(descriptors) * 3 / 4);
  }

  /** Of the management port. */
  static int managementConnections() {
    return (int) Math.min(MOST_MANAGEMENT, free(most()) / 4);
  }

  /** What connections of both ports may take of so many. */
  static long free(long descriptors) {
    return descriptors - Math.min(RESERVE, descriptors * 2 / 3);
  }

  private static long most() {
    OperatingSystemMXBean system = ManagementFactory.getOperatingSystemMXBean();
    return system instanceof UnixOperatingSystemMXBean unix
        ? unix.getMaxFileDescriptorCount()
        : 2L * MOST;
  }
}
