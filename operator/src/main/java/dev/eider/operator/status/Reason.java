package dev.eider.operator.status;

/** Why a condition is what it is: one word for programs. */
public enum Reason {
  // Ready, Reconciling
  Serving,
  NameTaken,
  Accepted,
  CreatingObjects,
  ApplyFailed,
  WaitingForVolume,
  WaitingForPod,
  PodFailing,
  ConfirmingSettings,
  RuntimeUnreachable,
  Restoring,
  Stopped,
  Paused,

  // Stalled
  InvalidSpec,
  UnknownTimeZone,
  InvalidSchedule,
  InvalidResources,
  RuntimeRefUnsupported,
  VolumeOfAnotherSite,
  RestoreFailed,

  // ReferencesResolved
  Resolved,
  PolicyNotFound,
  LastKnownPolicy,
  PolicyInvalid,
  TierPlaceMissing,
  SecretNotFound,
  SecretIncomplete,
  SecretUnreadable,
  ClaimNotFound,
  ClaimUnreadable,
  RestoreTooLate,
  GeoDatabaseNotFound,
  GeoDatabaseIncomplete,
  GeoDatabaseUnreadable,
  BackupNotFound,
  SiteNotFound,

  // StorageReady
  VolumeBound,
  VolumePending,
  VolumeLost,
  VolumeMissing,
  Growing,
  GrowthRefused,

  // ObjectStoreReachable
  StoreAnswers,
  StoreUnreachable,
  StoredElsewhere,
  NotAskedYet,

  // IngestAvailable
  AcceptingEvents,
  IngestDisabled,
  NotServing,

  // CompactionHealthy, RetentionEnforced, LastBackupSucceeded
  Succeeded,
  Failed,
  NoRunYet,
  Suspended,
  NoDestination,
  DryRun,

  // BackupStale, and an AnalyticsBackup on its way
  RecentEnough,
  TooOld,
  WaitingForSite,
  Running,

  // An ErasureRequest on its way, and what it means for its sites
  Erased,
  WaitingForRuntime,
  ErasureFailed,
  SubjectRefused,
  DeadlinePassed
}
