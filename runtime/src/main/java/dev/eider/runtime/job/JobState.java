package dev.eider.runtime.job;

import java.time.Instant;
import java.util.Optional;

/**
 * A job at one moment.
 *
 * @param name the verb
 * @param id given by whoever asked; asking again with the same id is the same job
 * @param execute whether destructive steps are done
 * @param phase how far it is
 * @param progress what is being done now, or was done last; may be empty
 * @param createdAt when it was asked for
 * @param startedAt when its turn came
 * @param finishedAt when it ended, well or not
 * @param result what came of it, once it succeeded
 * @param error why it failed, or empty
 */
public record JobState(
    String name,
    String id,
    boolean execute,
    Phase phase,
    String progress,
    Instant createdAt,
    Optional<Instant> startedAt,
    Optional<Instant> finishedAt,
    Optional<Object> result,
    String error) {

  /** How far a job is. */
  public enum Phase {
    /** Others are before it. */
    QUEUED,
    /** Its turn. */
    RUNNING,
    /** Done; there is a result. */
    SUCCEEDED,
    /** Not done; there is an error. */
    FAILED,
    /** Stopped at a safe step. */
    CANCELLED;

    /** Whether nothing more will happen. */
    public boolean isFinal() {
      return this == SUCCEEDED || isInVain();
    }

    /** Whether it ended and is not done. */
    boolean isInVain() {
      return this == FAILED || this == CANCELLED;
    }
  }
}
