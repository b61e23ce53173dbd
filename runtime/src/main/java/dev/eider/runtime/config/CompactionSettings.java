package dev.eider.runtime.config;

/**
 * How compaction leaves the lake.
 *
 * @param targetFileSize size that merged files aim at, in bytes; 1 MiB to 10 GiB
 */
public record CompactionSettings(long targetFileSize) {

  /** 128 MiB. */
  public static final CompactionSettings DEFAULT = new CompactionSettings(128L << 20);

  public CompactionSettings {
    Bounds.check("compaction.targetFileSize", targetFileSize, 1L << 20, 10L << 30);
  }
}
