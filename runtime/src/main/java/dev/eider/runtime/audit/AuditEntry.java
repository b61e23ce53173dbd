package dev.eider.runtime.audit;

import java.time.Instant;

/**
 * One thing that was done. Nothing personal: a person whose events were erased or handed out is
 * told by the name of the job or request alone.
 *
 * @param at when it had been done
 * @param who the kind of key that was shown ({@link #ADMIN}, {@link #STATS_KEY}), or {@link
 *     #COMMAND_LINE}
 * @param action the verb, or {@code export}
 * @param siteId the site that it was done to; empty: the runtime as a whole
 * @param requestId the job's or request's name
 * @param outcome {@code done}, {@code failed}, {@code cancelled}; {@code counted} where nothing was
 *     to be done yet
 * @param detail how much, or why not, in a sentence
 */
public record AuditEntry(
    Instant at,
    String who,
    String action,
    String siteId,
    String requestId,
    String outcome,
    String detail) {

  /** Somebody with the admin token: a CronJob, the operator, an administrator. */
  public static final String ADMIN = "admin";

  /** Somebody with a site's stats key. */
  public static final String STATS_KEY = "stats key";

  /** Somebody who can read and write the data directory. */
  public static final String COMMAND_LINE = "command line";

  /** Longest sentence, in characters; of a longer one the beginning is kept. */
  private static final int LONGEST = 1_000;

  public AuditEntry {
    detail = detail.length() > LONGEST ? detail.substring(0, LONGEST) + "…" : detail;
  }
}
