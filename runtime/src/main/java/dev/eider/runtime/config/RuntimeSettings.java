package dev.eider.runtime.config;

import java.util.List;
import java.util.Optional;

/**
 * How the runtime runs, as opposed to what a site measures.
 *
 * @param flush when hot rows go to the lake
 * @param compaction how compaction leaves the lake
 * @param snapshots how long the lake's past can be asked for
 * @param place where the lake lies
 * @param trustedProxies address ranges (CIDR) whose {@code X-Forwarded-For} is believed
 * @param collect what holds for the events of all sites
 * @param backup where backups go
 * @param archive where rows go that retention removes; empty: nowhere
 */
public record RuntimeSettings(
    FlushSettings flush,
    CompactionSettings compaction,
    SnapshotSettings snapshots,
    LakePlace place,
    List<String> trustedProxies,
    CollectSettings collect,
    BackupSettings backup,
    Optional<BackupSettings.Destination> archive) {

  /**
   * Loopback and the private ranges, where ingress controllers live. A visitor from the internet
   * cannot come from one of them, so cannot make up an address.
   */
  public static final List<String> PRIVATE_RANGES =
      List.of(
          "127.0.0.0/8", "::1/128", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7");

  /** Every default of the API. */
  public static final RuntimeSettings DEFAULT =
      new RuntimeSettings(
          FlushSettings.DEFAULT,
          CompactionSettings.DEFAULT,
          SnapshotSettings.DEFAULT,
          LakePlace.VOLUME,
          PRIVATE_RANGES,
          CollectSettings.DEFAULT,
          BackupSettings.DEFAULT,
          Optional.empty());

  public RuntimeSettings {
    trustedProxies = List.copyOf(trustedProxies);
  }

  /** The same with the lake elsewhere. */
  public RuntimeSettings withPlace(LakePlace other) {
    return new RuntimeSettings(
        flush, compaction, snapshots, other, trustedProxies, collect, backup, archive);
  }

  /** The same with hot rows going to the lake at other times. */
  public RuntimeSettings withFlush(FlushSettings other) {
    return new RuntimeSettings(
        other, compaction, snapshots, place, trustedProxies, collect, backup, archive);
  }

  /** The same with other settings for the events of all sites. */
  public RuntimeSettings withCollect(CollectSettings other) {
    return new RuntimeSettings(
        flush, compaction, snapshots, place, trustedProxies, other, backup, archive);
  }

  /** The same with backups going elsewhere. */
  public RuntimeSettings withBackup(BackupSettings other) {
    return new RuntimeSettings(
        flush, compaction, snapshots, place, trustedProxies, collect, other, archive);
  }

  /** The same with what retention removes going elsewhere. */
  public RuntimeSettings withArchive(Optional<BackupSettings.Destination> other) {
    return new RuntimeSettings(
        flush, compaction, snapshots, place, trustedProxies, collect, backup, other);
  }
}
