package dev.eider.runtime.job;

/** Something that a job can do. */
@FunctionalInterface
public interface Verb {

  /**
   * Does it.
   *
   * @return what came of it, fit to be shown as JSON
   * @throws VerbException when it could not be done, with a sentence for people
   * @throws CancelledException when {@link Run#checkpoint} said so
   */
  Object run(Run run) throws Exception;

  /** One run of a verb, as the verb sees it. */
  interface Run {

    /** Whether destructive steps are to be done, and not only counted. */
    boolean execute();

    /** Says in a few words what is being done now. */
    void progress(String step);

    /**
     * A place where stopping is safe.
     *
     * @throws CancelledException when the job has been cancelled
     */
    void checkpoint();
  }
}
