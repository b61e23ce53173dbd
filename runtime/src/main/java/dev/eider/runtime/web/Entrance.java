package dev.eider.runtime.web;

import dev.eider.runtime.disk.DiskFullException;
import io.helidon.http.Header;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.HttpException;
import io.helidon.http.RequestException;
import io.helidon.http.Status;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.ServerConnectionException;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.FileSystemException;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where every request comes in: its id, the headers that every answer has, and every failure. */
final class Entrance implements Handler {

  private static final Logger LOG = LoggerFactory.getLogger(Entrance.class);
  private static final HeaderName REQUEST_ID = HeaderNames.create("X-Request-Id");
  private static final int LONGEST_ID = 128;

  /** What browsers must not do with our answers; endpoints that mean it otherwise set their own. */
  private static final List<Header> SECURITY =
      List.of(
          HeaderValues.createCached("X-Content-Type-Options", "nosniff"),
          HeaderValues.createCached("X-Frame-Options", "DENY"),
          HeaderValues.createCached("Referrer-Policy", "no-referrer"),
          HeaderValues.createCached(
              "Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"),
          HeaderValues.createCached("Cross-Origin-Resource-Policy", "same-origin"),
          HeaderValues.createCached(HeaderNames.CACHE_CONTROL, "no-store"));

  private final Routes routes;
  private final SlowClients slowClients;

  Entrance(Routes routes, SlowClients slowClients) {
    this.routes = routes;
    this.slowClients = slowClients;
  }

  @Override
  public void handle(ServerRequest request, ServerResponse response) throws Exception {
    String id = requestId(request);
    for (Header header : SECURITY) {
      response.header(header);
    }
    response.header(REQUEST_ID, id);
    Exchange exchange = new Exchange(request, response, slowClients, id);
    try {
      routes.answer(exchange);
    } catch (Refusal refusal) {
      exchange.refuse(refusal);
    } catch (CloseConnectionException | RequestException e) {
      throw e;
    } catch (HttpException e) {
      exchange.refuse(Refusal.of(e.status(), String.valueOf(e.getMessage())));
    } catch (Exception e) {
      if (isDiskFull(e)) {
        LOG.warn("request {} to {} finds no room: {}", id, exchange.path(), e.toString());
        exchange.refuse(
            Refusal.later("there is no room left on the volume for what answering this takes", 30));
      } else if (isOfAFile(e)) {
        LOG.error("request {} to {} could not write a file", id, exchange.path(), e);
        exchange.refuse(
            Refusal.later(
                "a file that answering this takes could not be written; the log has it under request id "
                    + id,
                30));
      } else if (isConnectionGone(e)) {
        throw new CloseConnectionException("the client went away", e);
      } else {
        LOG.error("request {} to {} failed", id, exchange.path(), e);
        exchange.refuse(
            Refusal.of(
                Status.INTERNAL_SERVER_ERROR_500,
                "something went wrong here; the log has it under request id " + id));
      }
    }
    exchange.finish();
    // Helidon says "Connection: close" and leaves closing to the client.
    if (request.headers().contains(HeaderNames.CONNECTION)
        && request.headers().containsToken(HeaderValues.CONNECTION_CLOSE)) {
      throw new CloseConnectionException("the client asked to close");
    }
  }

  /** As files say it that were to be written for the answer; a connection never does. */
  private static boolean isDiskFull(Throwable thrown) {
    for (Throwable at = thrown; at != null; at = at.getCause()) {
      if (at instanceof IOException io && DiskFullException.isMeantBy(io)) {
        return true;
      }
    }
    return false;
  }

  /** A connection is none of the file system's. */
  private static boolean isOfAFile(Throwable thrown) {
    for (Throwable at = thrown; at != null; at = at.getCause()) {
      if (at instanceof FileSystemException) {
        return true;
      }
    }
    return false;
  }

  static boolean isConnectionGone(Throwable thrown) {
    for (Throwable at = thrown; at != null; at = at.getCause()) {
      if (at instanceof SocketException
          || at instanceof ClosedChannelException
          || at instanceof ServerConnectionException) {
        return true;
      }
    }
    return thrown instanceof UncheckedIOException;
  }

  /** The client's id where it is harmless in a log, or a new one. */
  private static String requestId(ServerRequest request) {
    if (request.headers().contains(REQUEST_ID)) {
      String given = request.headers().get(REQUEST_ID).get();
      if (!given.isEmpty()
          && given.length() <= LONGEST_ID
          && given.chars().allMatch(Entrance::isHarmless)) {
        return given;
      }
    }
    return HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
  }

  private static boolean isHarmless(int c) {
    return c >= 'a' && c <= 'z'
        || c >= 'A' && c <= 'Z'
        || c >= '0' && c <= '9'
        || c == '-'
        || c == '_'
        || c == '.';
  }
}
