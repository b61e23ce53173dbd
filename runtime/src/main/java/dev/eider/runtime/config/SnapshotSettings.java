package dev.eider.runtime.config;

/**
 * How long the lake's past can be asked for.
 *
 * @param expireAfterDays snapshots older than this go with the next compaction; 0 to 3650
 */
public record SnapshotSettings(int expireAfterDays) {

  /** 7 days. */
  public static final SnapshotSettings DEFAULT = new SnapshotSettings(7);

  public SnapshotSettings {
    Bounds.check("snapshots.expireAfterDays", expireAfterDays, 0, 3650);
  }
}
