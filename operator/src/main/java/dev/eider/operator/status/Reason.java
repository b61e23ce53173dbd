package dev.eider.operator.status;

/** Why a condition is what it is: one word for programs. */
public enum Reason {
  // Ready, Reconciling
  Serving,
  Accepted,
  CreatingObjects,
  ApplyFailed,
  WaitingForVolume,
  WaitingForPod,
  PodFailing,
  ConfirmingSettings,
  RuntimeUnreachable,
  SettingsRefused,
  Stopped,
  Paused,

  // Stalled
  UnknownTimeZone,
  InvalidSchedule,
  InvalidResources,
  RuntimeRefUnsupported,
  VolumeOfAnotherSite,

  // ReferencesResolved
  Resolved,
  PolicyNotFound,
  LastKnownPolicy,
  PolicyInvalid,
  SecretNotFound,
  SecretIncomplete,
  SecretUnreadable,

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
  DryRun
}
