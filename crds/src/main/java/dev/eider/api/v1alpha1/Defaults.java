package dev.eider.api.v1alpha1;

import java.time.Duration;

/**
 * What holds where a spec says nothing. Kept in code and shown in status, never written to a spec,
 * so that GitOps tools see no drift.
 */
public final class Defaults {

  public static final String TIME_ZONE = "UTC";
  public static final String VOLUME_SIZE = "10Gi";

  /** Entry of a Secret that certificates are looked for in, as cert-manager and others name it. */
  public static final String CA_KEY = "ca.crt";

  public static final int FLUSH_MAX_EVENTS = 10_000;
  public static final Duration FLUSH_INTERVAL = Duration.ofSeconds(60);
  public static final Duration SHUTDOWN_TIMEOUT = Duration.ofSeconds(30);
  public static final String TARGET_FILE_SIZE = "128Mi";
  public static final int SNAPSHOTS_EXPIRE_AFTER_DAYS = 7;

  public static final String COMPACTION_SCHEDULE = "17 * * * *";
  public static final String RETENTION_SCHEDULE = "30 3 * * *";
  public static final int BACKUP_HISTORY_LIMIT = 14;
  public static final String BACKUP_SCHEDULE = "0 2 * * *";
  public static final String ERASURE_SCHEDULE = "0 4 * * *";
  public static final int ERASURE_DEADLINE_DAYS = 30;

  /** The entry of a Secret that holds whom to erase. */
  public static final String SUBJECT_KEY = "subject";

  /** Share of a site's rows above which an unusual retention run stops and asks. */
  public static final int MAX_DELETE_PERCENT = 25;

  /** All visitors are kept. */
  public static final String SAMPLE_RATE = "1";

  /** A limit that says no burst lets so many seconds' worth come at once. */
  public static final int BURST_SECONDS = 4;

  private Defaults() {}
}
