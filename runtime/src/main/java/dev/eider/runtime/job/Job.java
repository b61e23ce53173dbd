package dev.eider.runtime.job;

import static java.util.Objects.requireNonNull;

import dev.eider.runtime.job.JobState.Phase;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One job in the making. */
final class Job implements Verb.Run {

  private static final Logger LOG = LoggerFactory.getLogger(Job.class);

  private final String fingerprint;
  private final Verb verb;
  private final InstantSource clock;
  private final Map<String, Long> parameters;
  private final CountDownLatch ended = new CountDownLatch(1);
  private volatile JobState state;
  private volatile boolean cancelled;

  /** Forgotten at the end. */
  private volatile Optional<Object> subject;

  /**
   * @param fingerprint of what it was asked to do
   * @param parameters all that the verb takes
   */
  Job(
      String name,
      String id,
      String fingerprint,
      boolean execute,
      Map<String, Long> parameters,
      Optional<Object> subject,
      Verb verb,
      InstantSource clock) {
    this.fingerprint = fingerprint;
    this.verb = verb;
    this.subject = subject;
    this.parameters = Map.copyOf(parameters);
    this.clock = clock;
    this.state =
        new JobState(
            name,
            id,
            execute,
            Phase.QUEUED,
            "",
            clock.instant(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            "");
  }

  /** Whether this is what it was asked to do. */
  boolean isOf(String asked) {
    return fingerprint.equals(asked);
  }

  JobState state() {
    return state;
  }

  /** Waits until it has ended, well or not. */
  JobState await() throws InterruptedException {
    ended.await();
    return state;
  }

  void cancel() {
    cancelled = true;
  }

  void run() {
    JobState waiting = state;
    Instant started = clock.instant();
    become(waiting, Phase.RUNNING, Optional.of(started), Optional.empty(), Optional.empty(), "");
    LOG.info("job {} {} begins", waiting.name(), waiting.id());
    try {
      checkpoint();
      Object result = verb.run(this);
      finish(Phase.SUCCEEDED, Optional.of(result), "");
      LOG.info("job {} {} is done: {}", waiting.name(), waiting.id(), result);
    } catch (CancelledException e) {
      finish(Phase.CANCELLED, Optional.empty(), "cancelled");
      LOG.info("job {} {} was cancelled", waiting.name(), waiting.id());
    } catch (VerbException e) {
      finish(Phase.FAILED, Optional.empty(), String.valueOf(e.getMessage()));
      LOG.warn("job {} {} failed: {}", waiting.name(), waiting.id(), e.getMessage());
    } catch (Exception e) {
      finish(Phase.FAILED, Optional.empty(), e.toString());
      LOG.error("job {} {} failed", waiting.name(), waiting.id(), e);
    } finally {
      subject = Optional.empty();
      ended.countDown();
    }
  }

  @Override
  public String id() {
    return state.id();
  }

  @Override
  public Optional<Object> subject() {
    return subject;
  }

  @Override
  public boolean execute() {
    return state.execute();
  }

  @Override
  public long parameter(String name) {
    return requireNonNull(parameters.get(name), name);
  }

  @Override
  public void progress(String step) {
    JobState now = state;
    state =
        new JobState(
            now.name(),
            now.id(),
            now.execute(),
            now.phase(),
            step,
            now.createdAt(),
            now.startedAt(),
            now.finishedAt(),
            now.result(),
            now.error());
    LOG.info("job {} {}: {}", now.name(), now.id(), step);
  }

  @Override
  public void checkpoint() {
    if (cancelled || Thread.currentThread().isInterrupted()) {
      throw new CancelledException();
    }
  }

  private void finish(Phase phase, Optional<Object> result, String error) {
    JobState now = state;
    become(now, phase, now.startedAt(), Optional.of(clock.instant()), result, error);
  }

  private void become(
      JobState from,
      Phase phase,
      Optional<Instant> startedAt,
      Optional<Instant> finishedAt,
      Optional<Object> result,
      String error) {
    state =
        new JobState(
            from.name(),
            from.id(),
            from.execute(),
            phase,
            from.progress(),
            from.createdAt(),
            startedAt,
            finishedAt,
            result,
            error);
  }
}
