package dev.eider.runtime.web;

import java.time.Duration;
import java.util.OptionalInt;

/**
 * How the runtime listens.
 *
 * @param host address to bind
 * @param port main port; 0 takes a free one
 * @param managementPort a second listener for probes, metrics and administration, bound like the
 *     first; 0 takes a free one; empty: none
 * @param maxConnections open connections of the main port; further ones wait
 * @param idleTimeout a connection that waits longer between requests is closed, and one that takes
 *     nothing of an answer for so long
 * @param headerTimeout how long the header lines of a request may take to arrive
 * @param bodyTimeout how long the body may take after them
 */
public record WebSettings(
    String host,
    int port,
    OptionalInt managementPort,
    int maxConnections,
    Duration idleTimeout,
    Duration headerTimeout,
    Duration bodyTimeout) {

  /** On this port of loopback, with the usual limits. */
  public static WebSettings onLoopback(int port) {
    return new WebSettings(
        "127.0.0.1",
        port,
        OptionalInt.empty(),
        OpenFiles.connections(),
        Duration.ofSeconds(60),
        Duration.ofSeconds(10),
        Duration.ofSeconds(10));
  }

  /** The same bound elsewhere. */
  public WebSettings withHost(String other) {
    return new WebSettings(
        other, port, managementPort, maxConnections, idleTimeout, headerTimeout, bodyTimeout);
  }

  /** The same with a management listener. */
  public WebSettings withManagementPort(OptionalInt other) {
    return new WebSettings(
        host, port, other, maxConnections, idleTimeout, headerTimeout, bodyTimeout);
  }

  /** The same with other patience. */
  public WebSettings withTimeouts(Duration idle, Duration header, Duration body) {
    return new WebSettings(host, port, managementPort, maxConnections, idle, header, body);
  }
}
