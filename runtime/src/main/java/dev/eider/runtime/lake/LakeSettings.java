package dev.eider.runtime.lake;

import dev.eider.runtime.config.LakePlace;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;

/**
 * Where a lake is and how much it may use.
 *
 * @param data the data directory; the lake has {@code lake}, {@code open} and {@code tmp} in it
 * @param place where its files and its catalog lie, if not there
 * @param extensions folder of DuckDB's extensions, of exactly DuckDB's version
 * @param memoryLimit bytes that DuckDB may use before it spills to {@code tmp}; at least 64 MiB
 * @param threads threads that DuckDB may use; at least 1
 * @param targetFileSize size in bytes that merged files aim at; at least 1 MiB
 * @param settleRows rows that one transaction of a settle takes at most, unless one file has more;
 *     at least 1
 * @param snapshotsKept how long old snapshots can still be read
 * @param cleanupGrace how long a superseded file stays after the last snapshot that names it has
 *     gone; open views are respected beyond that
 * @param clock the time
 */
public record LakeSettings(
    Path data,
    LakePlace place,
    Path extensions,
    long memoryLimit,
    int threads,
    long targetFileSize,
    long settleRows,
    Duration snapshotsKept,
    Duration cleanupGrace,
    InstantSource clock) {

  private static final long MIB = 1L << 20;

  /**
   * A row of near sixty columns, about a kilobyte, which is read, sorted, partitioned and written:
   * each keeps a copy, and what Parquet's writer holds is beyond what DuckDB limits.
   */
  private static final long MEMORY_A_SETTLED_ROW = 12 * 1024;

  /**
   * Of DuckDB's memory, some of which is sorted on the disk: with 1024 a merge of page views by one
   * visitor each ran out of 64 MiB.
   */
  private static final long MEMORY_A_MERGED_ROW = 2048;

  /** Of a file being written: the rows of a group wait until it is whole, and are encoded then. */
  private static final long MEMORY_A_GROUPED_ROW = 8192;

  /** What DuckDB takes by itself. */
  private static final long ROW_GROUP = 122_880;

  /**
   * Of a partition that is being written, however few rows it has: blocks for each column, which
   * are beyond what DuckDB limits.
   */
  private static final long MEMORY_A_PARTITION = 8 * MIB;

  /** More in one transaction hold up the others. */
  private static final int MOST_PARTITIONS = 200;

  public LakeSettings {
    data = data.toAbsolutePath().normalize();
    extensions = extensions.toAbsolutePath().normalize();
    require(memoryLimit >= 64 * MIB, "the lake's memory limit", memoryLimit, "64 MiB");
    require(threads >= 1, "the lake's threads", threads, "1");
    require(targetFileSize >= MIB, "the lake's target file size", targetFileSize, "1 MiB");
    require(settleRows >= 1, "the lake's settle rows", settleRows, "1");
  }

  /**
   * What suits a container: two fifths of its memory, its processors (less where memory is small),
   * files of 128 MiB, snapshots for a week. A row takes some hundred bytes several times over while
   * it is settled, so rows at once follow the memory.
   */
  public static LakeSettings of(Path data, Path extensions) {
    EngineLimits limits = EngineLimits.ofContainer();
    return new LakeSettings(
        data,
        LakePlace.VOLUME,
        extensions,
        limits.memory(),
        limits.threads(),
        128 * MIB,
        settleRows(limits.memory()),
        Duration.ofDays(7),
        Duration.ofMinutes(10),
        InstantSource.system());
  }

  /** Sites' days, or their months, that one statement writes at most. */
  int partitionsAtOnce() {
    return (int) Math.min(memoryLimit / MEMORY_A_PARTITION, MOST_PARTITIONS);
  }

  /** Rows that one merge brings into one file at most, whatever its size. */
  long mergeRows() {
    return memoryLimit / MEMORY_A_MERGED_ROW;
  }

  /**
   * Rows of a Parquet file that are written and read together, at most. Where memory is small there
   * are fewer, and files are a little larger: by 5 % with 20,000 rows, by 17 % with 10,000.
   */
  long rowGroupRows() {
    return Math.clamp(memoryLimit / MEMORY_A_GROUPED_ROW, 10_240, ROW_GROUP);
  }

  /**
   * Rows that one flush takes at most, so that its memory and the time until the journal is let go
   * of are bounded however many wait. In DuckDB's memory a row takes about a kilobyte, and two
   * flushes' worth of them are loaded ahead.
   */
  public int flushRows() {
    return (int) Math.min(settleRows, Math.max(10_000, memoryLimit / 4096));
  }

  private static long settleRows(long memory) {
    return Math.clamp(memory / MEMORY_A_SETTLED_ROW, 10_000, 250_000);
  }

  /** The same with files or catalog elsewhere. */
  public LakeSettings withPlace(LakePlace other) {
    return new LakeSettings(
        data,
        other,
        extensions,
        memoryLimit,
        threads,
        targetFileSize,
        settleRows,
        snapshotsKept,
        cleanupGrace,
        clock);
  }

  /** The same with a bound on memory, in bytes, and as many rows at once as suit it. */
  public LakeSettings withMemoryLimit(long bytes) {
    return new LakeSettings(
        data,
        place,
        extensions,
        bytes,
        threads,
        targetFileSize,
        settleRows(bytes),
        snapshotsKept,
        cleanupGrace,
        clock);
  }

  /** The same with more or fewer threads. */
  public LakeSettings withThreads(int count) {
    return new LakeSettings(
        data,
        place,
        extensions,
        memoryLimit,
        count,
        targetFileSize,
        settleRows,
        snapshotsKept,
        cleanupGrace,
        clock);
  }

  /** The same with another size to aim at, in bytes. */
  public LakeSettings withTargetFileSize(long bytes) {
    return new LakeSettings(
        data,
        place,
        extensions,
        memoryLimit,
        threads,
        bytes,
        settleRows,
        snapshotsKept,
        cleanupGrace,
        clock);
  }

  /** The same with smaller or larger transactions. */
  public LakeSettings withSettleRows(long rows) {
    return new LakeSettings(
        data,
        place,
        extensions,
        memoryLimit,
        threads,
        targetFileSize,
        rows,
        snapshotsKept,
        cleanupGrace,
        clock);
  }

  /** The same with snapshots kept longer or shorter. */
  public LakeSettings withSnapshotsKept(Duration kept) {
    return new LakeSettings(
        data,
        place,
        extensions,
        memoryLimit,
        threads,
        targetFileSize,
        settleRows,
        kept,
        cleanupGrace,
        clock);
  }

  /** The same with another grace for superseded files. */
  public LakeSettings withCleanupGrace(Duration grace) {
    return new LakeSettings(
        data,
        place,
        extensions,
        memoryLimit,
        threads,
        targetFileSize,
        settleRows,
        snapshotsKept,
        grace,
        clock);
  }

  /** The same with another clock. */
  public LakeSettings withClock(InstantSource source) {
    return new LakeSettings(
        data,
        place,
        extensions,
        memoryLimit,
        threads,
        targetFileSize,
        settleRows,
        snapshotsKept,
        cleanupGrace,
        source);
  }

  private static void require(boolean holds, String what, long value, String least) {
    if (!holds) {
      throw new IllegalArgumentException(
          "%s: %d is too little, the least is %s".formatted(what, value, least));
    }
  }
}
