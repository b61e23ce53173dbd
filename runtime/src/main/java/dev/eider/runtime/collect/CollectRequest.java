package dev.eider.runtime.collect;

import java.time.Instant;

/**
 * What a request that brings events tells beside them, whatever the web server.
 *
 * @param headers the request's headers
 * @param peer address of the other end of the connection, as a literal without a port
 * @param trustedProxies whose {@code X-Forwarded-For} is believed
 * @param key the key that the sender showed
 * @param receivedAt when it came
 */
public record CollectRequest(
    Headers headers,
    String peer,
    TrustedProxies trustedProxies,
    IngestKey key,
    Instant receivedAt) {

  /** Whether a key was shown, be it the right one or not. */
  public boolean showsKey() {
    return key != IngestKey.NONE;
  }

  /** Looks a header up. */
  @FunctionalInterface
  public interface Headers {

    /**
     * The value of a header, whose name may be written in any case. Several values are joined by
     * commas in their order; absent is the empty string.
     */
    String get(String name);
  }
}
