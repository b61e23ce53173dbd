package dev.eider.operator.status;

/** What conditions are about. */
public enum ConditionType {
  /** The object does what its spec says. */
  Ready,
  /** Work towards the spec is under way; there only while true. */
  Reconciling,
  /** Nothing will change until a person acts; there only while true. */
  Stalled,
  /** Everything that the spec names exists. */
  ReferencesResolved,
  /** The volume is there, with the size asked for. */
  StorageReady,
  /** The object store answers; there only where the lake lies in one. */
  ObjectStoreReachable,
  /** Events are taken in. */
  IngestAvailable,
  /** The last compaction went well. */
  CompactionHealthy,
  /** The last retention run went well and removed what is past its days. */
  RetentionEnforced,
  /** The last backup went well. */
  LastBackupSucceeded,
  /** The last good backup is older than two that were due; there only where backups are made. */
  BackupStale,
  /** An erasure was not done by its deadline; there only while true. */
  ErasureOverdue,
  /** The operator leaves everything as it is; there only while true. */
  Paused
}
