package dev.eider.operator.site;

import java.net.URI;
import java.util.List;

/** What the operator asks a runtime. Every call has a deadline. */
interface RuntimeAdmin {

  /**
   * Brings a site's settings into force.
   *
   * @param settings the manifests as JSON
   * @return names that the site claims and another one of the runtime keeps, a sentence each
   * @throws RuntimeAdminException when the runtime cannot be reached or refuses
   */
  List<String> put(Endpoint endpoint, String siteId, String settings) throws RuntimeAdminException;

  /**
   * Reads a site's figures.
   *
   * @throws RuntimeAdminException when the runtime cannot be reached or refuses
   */
  Figures figures(Endpoint endpoint, String siteId) throws RuntimeAdminException;

  /**
   * Asks where the lake lies and whether that answers.
   *
   * @throws RuntimeAdminException when the runtime cannot be reached or refuses
   */
  Store store(Endpoint endpoint) throws RuntimeAdminException;

  /**
   * Where a runtime is asked and how the operator shows who it is.
   *
   * @param base scheme, host and port
   * @param token kept out of logs by {@link #toString}
   */
  record Endpoint(URI base, String token) {
    @Override
    public String toString() {
      return base.toString();
    }
  }

  /**
   * A few counts that a person looks for.
   *
   * @param visitors24h visitors of the last 24 hours
   * @param events events kept
   * @param bytes bytes stored
   * @param conflicts as {@link #put} answers them, as of now
   */
  record Figures(long visitors24h, long events, long bytes, List<String> conflicts) {

    public Figures {
      conflicts = List.copyOf(conflicts);
    }
  }

  /**
   * Where a lake lies, as its runtime says. A runtime that is too old to say so says nothing.
   *
   * @param data {@code volume} or an address in S3
   * @param catalog {@code file} or {@code postgres}
   * @param reachable whether what lies elsewhere answers
   * @param reason why it does not
   */
  record Store(String data, String catalog, boolean reachable, String reason) {}

  /** A runtime could not be reached, or said no. */
  final class RuntimeAdminException extends Exception {

    private static final long serialVersionUID = 1L;

    private final boolean refused;

    RuntimeAdminException(boolean refused, String message) {
      super(message);
      this.refused = refused;
    }

    /** Whether the runtime answered and will go on saying no until something changes. */
    boolean isRefused() {
      return refused;
    }

    /** What happened, for people. */
    String sentence() {
      return String.valueOf(getMessage());
    }
  }
}
