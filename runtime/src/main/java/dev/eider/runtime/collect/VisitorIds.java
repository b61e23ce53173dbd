package dev.eider.runtime.collect;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.eider.runtime.event.Visitor;
import dev.eider.runtime.state.Salt;
import dev.eider.runtime.state.Salts;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.HexFormat;

/**
 * Who it was, for one site day: an HMAC over address, user agent and site under that day's salt.
 * Address and user agent go no further than this.
 */
final class VisitorIds {

  /** A visit that goes on over midnight is found by the id of the day before, for so long. */
  private static final Duration OVERLAP = Duration.ofMinutes(30);

  /**
   * Bytes of the HMAC that make an id: with ten million visitors on a day, two share one with a
   * probability of 10⁻¹⁵. Each byte more is one that every row of the lake would carry.
   */
  private static final int LENGTH = 12;

  private final Salts salts;

  VisitorIds(Salts salts) {
    this.salts = salts;
  }

  /**
   * The visitor's id on the site's day of acceptance.
   *
   * @throws IOException when the day has no salt yet and it cannot be made durable
   */
  Visitor of(String siteId, ZoneId zone, Instant receivedAt, String address, String userAgent)
      throws IOException {
    LocalDate day = LocalDate.ofInstant(receivedAt, zone);
    byte[] message = (address + '\0' + userAgent + '\0' + siteId).getBytes(UTF_8);
    String id = hex(salts.of(siteId, day), message);
    // Where clocks jump over midnight, the day begins later.
    Instant begin = day.atStartOfDay(zone).toInstant();
    if (Duration.between(begin, receivedAt).compareTo(OVERLAP) >= 0) {
      return new Visitor(id, "");
    }
    return new Visitor(
        id, salts.existing(siteId, day.minusDays(1)).map(salt -> hex(salt, message)).orElse(""));
  }

  private static String hex(Salt salt, byte[] message) {
    return HexFormat.of().formatHex(salt.hmac(message), 0, LENGTH);
  }
}
