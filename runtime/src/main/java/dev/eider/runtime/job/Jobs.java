package dev.eider.runtime.job;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * The maintenance lane: jobs run one after the other, in the order they were asked for.
 *
 * <p>Asking is idempotent by name and id, so that whoever asks may lose the connection, or be
 * restarted, and ask again. The last 50 finished jobs are remembered.
 */
public final class Jobs implements AutoCloseable {

  /** How many finished jobs can still be asked about. */
  public static final int REMEMBERED = 50;

  /** How many may wait; more than this is a runaway schedule. */
  public static final int WAITING = 100;

  private final Map<String, Verb> verbs;
  private final InstantSource clock;
  private final Map<String, Job> jobs = new LinkedHashMap<>();
  private final ExecutorService lane =
      Executors.newSingleThreadExecutor(Thread.ofVirtual().name("maintenance").factory());

  /**
   * @param verbs what can be asked for, by name
   */
  public Jobs(Map<String, Verb> verbs, InstantSource clock) {
    this.verbs = Map.copyOf(verbs);
    this.clock = clock;
  }

  /** What can be asked for. */
  public Set<String> names() {
    return verbs.keySet();
  }

  /**
   * Asks for a job, or finds the one that was asked for under this id before.
   *
   * @return empty when no verb has that name
   * @throws IllegalArgumentException when a number is none of the verb's or out of its bounds, or
   *     the id is that of a job that does something else, with a sentence that says what is
   *     possible
   * @throws RejectedExecutionException when the lane is closed or too long
   */
  public synchronized Optional<JobState> submit(String name, String id, JobRequest request) {
    Verb verb = verbs.get(name);
    if (verb == null) {
      return Optional.empty();
    }
    String fingerprint = request.fingerprint();
    Job known = jobs.get(key(name, id));
    if (known != null && !known.isOf(fingerprint)) {
      throw new IllegalArgumentException(
          "%s %s was asked for before, to do something else; give this one an id of its own"
              .formatted(name, id));
    }
    if (known != null && !(request.retry() && known.state().phase().isInVain())) {
      return Optional.of(known.state());
    }
    if (jobs.values().stream().filter(job -> !job.state().phase().isFinal()).count() >= WAITING) {
      throw new RejectedExecutionException(WAITING + " jobs are waiting; ask again later");
    }
    Job job =
        new Job(
            name,
            id,
            fingerprint,
            request.execute(),
            parameters(name, verb, request.parameters()),
            verb.subject(request.subject()),
            verb,
            clock);
    if (verb.readsOnly()) {
      Thread.ofVirtual().name(name).start(job::run);
    } else {
      lane.execute(job::run);
    }
    jobs.remove(key(name, id));
    jobs.put(key(name, id), job);
    forget();
    return Optional.of(job.state());
  }

  private static Map<String, Long> parameters(String name, Verb verb, Map<String, Long> given) {
    Map<String, Long> all = new TreeMap<>();
    for (Verb.Parameter parameter : verb.parameters()) {
      long value = given.getOrDefault(parameter.name(), parameter.otherwise());
      if (value < parameter.least() || value > parameter.most()) {
        throw new IllegalArgumentException(
            "%s is a whole number from %d to %d"
                .formatted(parameter.name(), parameter.least(), parameter.most()));
      }
      all.put(parameter.name(), value);
    }
    for (String written : given.keySet()) {
      if (!all.containsKey(written)) {
        throw new IllegalArgumentException(
            "%s takes no %s; it takes: %s"
                .formatted(
                    name, written, all.isEmpty() ? "nothing" : String.join(", ", all.keySet())));
      }
    }
    return all;
  }

  /**
   * Waits until a job has ended.
   *
   * @return empty when there is none with this id
   */
  public Optional<JobState> await(String name, String id) throws InterruptedException {
    Job job;
    synchronized (this) {
      job = jobs.get(key(name, id));
    }
    return job == null ? Optional.empty() : Optional.of(job.await());
  }

  /** The job with this id. */
  public synchronized Optional<JobState> find(String name, String id) {
    return Optional.ofNullable(jobs.get(key(name, id))).map(Job::state);
  }

  /** Asks a job to stop at its next safe step. */
  public synchronized Optional<JobState> cancel(String name, String id) {
    Optional<Job> job = Optional.ofNullable(jobs.get(key(name, id)));
    job.ifPresent(Job::cancel);
    return job.map(Job::state);
  }

  /** All that are known, in the order they were asked for. */
  public synchronized List<JobState> all() {
    return jobs.values().stream().map(Job::state).toList();
  }

  /** The newest of each name, by name. */
  public synchronized Map<String, JobState> lastOfEachName() {
    Map<String, JobState> last = new TreeMap<>();
    jobs.values().forEach(job -> last.put(job.state().name(), job.state()));
    return last;
  }

  /** Cancels all and waits for the running one's next safe step, so long. */
  public void close(Duration patience) {
    lane.shutdown();
    synchronized (this) {
      jobs.values().forEach(Job::cancel);
    }
    try {
      lane.awaitTermination(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    close(Duration.ofSeconds(30));
  }

  private void forget() {
    List<String> done = new ArrayList<>();
    jobs.forEach(
        (key, job) -> {
          if (job.state().phase().isFinal()) {
            done.add(key);
          }
        });
    Iterator<String> oldest = done.iterator();
    for (int surplus = done.size() - REMEMBERED; surplus > 0; surplus--) {
      jobs.remove(oldest.next());
    }
  }

  private static String key(String name, String id) {
    return name + "/" + id;
  }
}
