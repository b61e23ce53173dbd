package dev.eider.runtime.job;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;

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

  /** What can be given along when it is asked for. */
  default List<Parameter> parameters() {
    return List.of();
  }

  /** Whether it changes nothing, so that it need not wait for its turn in the lane. */
  default boolean readsOnly() {
    return false;
  }

  /**
   * Reads what is given along beside numbers. It may be personal: it is neither shown nor logged,
   * and forgotten when the job has ended.
   *
   * @param given missing where nothing is
   * @return what the verb makes of it
   * @throws NotFoundException when it names something that is not there
   * @throws IllegalArgumentException when it is not what the verb takes, with a sentence for people
   *     that repeats nothing of it but names
   */
  default Optional<Object> subject(JsonNode given) {
    if (!given.isMissingNode() && !given.isNull()) {
      throw new IllegalArgumentException("this job takes no subject");
    }
    return Optional.empty();
  }

  /** Reads what is given along beside numbers; see {@link #subject}. */
  @FunctionalInterface
  interface Reader {
    Optional<Object> read(JsonNode given);
  }

  /** The same, taking a subject. */
  static Verb of(Reader reader, Verb verb) {
    return new Verb() {
      @Override
      public Object run(Run run) throws Exception {
        return verb.run(run);
      }

      @Override
      public Optional<Object> subject(JsonNode given) {
        return reader.read(given);
      }

      @Override
      public List<Parameter> parameters() {
        return verb.parameters();
      }
    };
  }

  /** The same, taking numbers along. */
  static Verb taking(List<Parameter> parameters, Verb verb) {
    return new Verb() {
      @Override
      public Object run(Run run) throws Exception {
        return verb.run(run);
      }

      @Override
      public List<Parameter> parameters() {
        return parameters;
      }
    };
  }

  /** The same, not waiting for its turn. */
  static Verb reading(Verb verb) {
    return new Verb() {
      @Override
      public Object run(Run run) throws Exception {
        return verb.run(run);
      }

      @Override
      public List<Parameter> parameters() {
        return verb.parameters();
      }

      @Override
      public boolean readsOnly() {
        return true;
      }
    };
  }

  /**
   * A whole number that can be given along.
   *
   * @param name as askers write it
   * @param least the smallest possible value
   * @param most the largest possible value
   * @param otherwise its value when it is not given
   */
  record Parameter(String name, long least, long most, long otherwise) {}

  /** One run of a verb, as the verb sees it. */
  interface Run {

    /** The job's id. */
    String id();

    /** What was given along beside numbers, as the verb has read it. */
    Optional<Object> subject();

    /** Whether destructive steps are to be done, and not only counted. */
    boolean execute();

    /** A number that was given along, or its value otherwise. */
    long parameter(String name);

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
