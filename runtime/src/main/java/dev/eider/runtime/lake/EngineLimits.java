package dev.eider.runtime.lake;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/**
 * How much of the machine DuckDB takes. Two fifths of the memory: the rest is Java's heap (a
 * quarter), threads, code, and the page cache that flushing and reading files live on. A quarter
 * and one thread where memory is small: what Java needs besides its heap, and DuckDB beyond its
 * limit (buffers of Parquet's reader and writer, what it knows of the catalog), hardly depends on
 * how much there is.
 *
 * @param memory bytes before it spills to disk; 64 MiB or more
 * @param threads 1 or more
 */
record EngineLimits(long memory, int threads) {

  private static final long MIB = 1L << 20;
  private static final long LEAST = 128 * MIB;
  private static final long MOST = 8192 * MIB;

  /** Below this memory is small. */
  private static final long SMALL = 768 * MIB;

  /** Each thread sorts and writes in buffers of its own. */
  private static final long MEMORY_A_THREAD = 64 * MIB;

  /**
   * What suits a container.
   *
   * @param total its memory in bytes
   * @param processors its processors; a part of one counts as one
   */
  static EngineLimits of(long total, int processors) {
    if (total < SMALL) {
      return new EngineLimits(Math.max(total / 4, LEAST), 1);
    }
    long memory = Math.clamp(total / 5 * 2, LEAST, MOST);
    return new EngineLimits(
        memory, Math.clamp(memory / MEMORY_A_THREAD, 1, Math.max(1, processors)));
  }

  /**
   * What suits this process's container. The JDK reads limits of memory and processors from cgroups
   * of both versions, also where only an outer one has a limit (tried with version 1: 512 MiB at
   * the outer, none at the inner; a quota of 0.5 is 1 processor, 1.5 are 2).
   */
  static EngineLimits ofContainer() {
    return of(containerMemory(), Runtime.getRuntime().availableProcessors());
  }

  /** Memory of the container, or of the machine where nothing limits it, in bytes. */
  static long containerMemory() {
    return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize();
  }
}
