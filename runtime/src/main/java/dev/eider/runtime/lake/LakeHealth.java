package dev.eider.runtime.lake;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;

/**
 * Whether the lake is kept tidy. None of it keeps the runtime from working: it becomes slower, or
 * larger than it need be.
 *
 * @param level the worst of all checks
 * @param checks each with its reason
 */
public record LakeHealth(Level level, List<Check> checks) {

  /** How bad it is. */
  public enum Level {
    /** As it should be. */
    @JsonProperty("ok")
    OK,
    /** Somebody should look, some day soon. */
    @JsonProperty("warning")
    WARNING,
    /** Maintenance does not keep up, or does not run. */
    @JsonProperty("critical")
    CRITICAL
  }

  /**
   * One thing that was looked at.
   *
   * @param name files, recent, size, superseded, cleanup or maintenance
   * @param level how bad it is
   * @param reason what was found; what to do when that is not ok
   */
  public record Check(String name, Level level, String reason) {}

  /**
   * What is judged.
   *
   * @param files live files of settled rows and their sessions
   * @param partitions sites' days that they are of, counted for each of both tables
   * @param openPartitions of these, the ones of today and yesterday, which grow until compaction
   * @param bytes their size
   * @param recentFiles files that wait to be settled
   * @param supersededBytes size of files that only old snapshots name
   * @param cleaned when files were last deleted, or the lake was opened where they never were
   * @param now the time
   * @param lastError why the last maintenance failed; empty when it did not
   */
  record State(
      long files,
      long partitions,
      long openPartitions,
      long bytes,
      long recentFiles,
      long supersededBytes,
      Instant cleaned,
      Instant now,
      String lastError) {}

  /** Files above one a partition that are nothing to speak of. */
  private static final long FILES = 100;

  /** Below this mean size, in bytes, opening files costs more than reading them. */
  private static final long SMALL = 1L << 20;

  private static final long RECENT_FILES = 200;
  private static final long SUPERSEDED = 1L << 30;
  private static final Duration CLEANUP_WARNING = Duration.ofHours(26);
  private static final Duration CLEANUP_CRITICAL = Duration.ofHours(72);

  public LakeHealth {
    checks = List.copyOf(checks);
  }

  static LakeHealth of(State state) {
    List<Check> checks =
        List.of(
            files(state),
            recent(state),
            size(state),
            superseded(state),
            cleanup(state),
            maintenance(state));
    return new LakeHealth(
        checks.stream().map(Check::level).max(Comparator.naturalOrder()).orElse(Level.OK), checks);
  }

  private static Check files(State state) {
    long above = state.files() - state.partitions();
    // Days that go on have two files after a compaction, and some more until the next.
    long much = FILES + 2 * state.openPartitions();
    Level level = level(above, much, 2 * much);
    return new Check(
        "files",
        level,
        "%d files above one a partition%s".formatted(above, advice(level, "compact", much)));
  }

  private static Check recent(State state) {
    Level level = level(state.recentFiles(), RECENT_FILES, 5 * RECENT_FILES);
    return new Check(
        "recent",
        level,
        "%d flushed files wait to be settled%s"
            .formatted(state.recentFiles(), advice(level, "settle", RECENT_FILES)));
  }

  private static Check size(State state) {
    long mean = state.files() == 0 ? 0 : state.bytes() / state.files();
    boolean mergeable = state.files() - state.partitions() > FILES + state.openPartitions();
    Level level = mergeable && mean < SMALL ? Level.WARNING : Level.OK;
    return new Check(
        "size",
        level,
        "files have %d bytes on average%s"
            .formatted(
                mean, level == Level.OK ? "" : ", and many could be merged: run eider compact"));
  }

  private static Check superseded(State state) {
    long much = 2 * state.bytes() + SUPERSEDED;
    Level level = level(state.supersededBytes(), much, 5 * much);
    return new Check(
        "superseded",
        level,
        "%d bytes are only in old snapshots, %d are live%s"
            .formatted(
                state.supersededBytes(),
                state.bytes(),
                level == Level.OK
                    ? ""
                    : ": the lake grows faster than its rows; keep snapshots for fewer days, or"
                        + " look why compaction rewrites so much"));
  }

  private static Check cleanup(State state) {
    Duration age = Duration.between(state.cleaned(), state.now());
    Level level =
        age.compareTo(CLEANUP_CRITICAL) > 0
            ? Level.CRITICAL
            : age.compareTo(CLEANUP_WARNING) > 0 ? Level.WARNING : Level.OK;
    return new Check(
        "cleanup",
        level,
        "files were last cleaned up %d h ago%s"
            .formatted(
                Math.max(0, age.toHours()),
                level == Level.OK ? "" : ": does the compaction schedule run?"));
  }

  private static Check maintenance(State state) {
    return state.lastError().isEmpty()
        ? new Check("maintenance", Level.OK, "the last maintenance went well")
        : new Check(
            "maintenance", Level.WARNING, "the last maintenance failed: " + state.lastError());
  }

  private static Level level(long found, long warning, long critical) {
    return found > critical ? Level.CRITICAL : found > warning ? Level.WARNING : Level.OK;
  }

  private static String advice(Level level, String verb, long much) {
    return level == Level.OK ? "" : ", more than %d: run eider %s".formatted(much, verb);
  }
}
