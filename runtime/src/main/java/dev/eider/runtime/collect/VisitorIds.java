package dev.eider.runtime.collect;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.eider.runtime.event.Visitor;
import dev.eider.runtime.state.IdentityKeys;
import dev.eider.runtime.state.Salt;
import dev.eider.runtime.state.Salts;
import java.io.IOException;
import java.time.Duration;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * Who it was. For one site day: an HMAC over address, user agent and site under that day's salt.
 * For as long as the site itself says who it is: an HMAC over what it says under the site's key.
 * Address, user agent and what the site says go no further than this.
 */
final class VisitorIds {

  /** A visit that goes on over midnight is found by the id of the day before, for so long. */
  private static final long OVERLAP = Duration.ofMinutes(30).toMillis();

  /**
   * Bytes of the HMAC that make an id: with ten million visitors on a day, two share one with a
   * probability of 10⁻¹⁵. Each byte more is one that every row of the lake would carry.
   */
  private static final int LENGTH = 12;

  private final Salts salts;
  private final IdentityKeys keys;

  VisitorIds(Salts salts, IdentityKeys keys) {
    this.salts = salts;
    this.keys = keys;
  }

  /**
   * The visitor's id on the day of the event, which is nearly always that of its acceptance. Of a
   * day whose salt is destroyed, or never was, it is told by the salt of the day of acceptance
   * together with the date: so events of the past that come together are one visitor's on each day,
   * and on no two.
   *
   * @param day of the event, on the site's calendar
   * @param accepted the day of acceptance
   * @param at when it happened
   * @throws IOException when the day has no salt yet and it cannot be made durable
   */
  Visitor of(
      String siteId, LocalDay day, LocalDate accepted, long at, String address, String userAgent)
      throws IOException {
    byte[] message = message(siteId, address, userAgent);
    boolean overlaps = at - day.begin() < OVERLAP;
    LocalDate before = day.date().minusDays(1);
    Optional<Salt> salt =
        day.date().equals(accepted)
            ? Optional.of(salts.of(siteId, accepted))
            : salts.existing(siteId, day.date());
    return new Visitor(
        id(siteId, day.date(), accepted, salt, message),
        overlaps ? id(siteId, before, accepted, salts.existing(siteId, before), message) : "");
  }

  private String id(
      String siteId, LocalDate date, LocalDate accepted, Optional<Salt> salt, byte[] message)
      throws IOException {
    return hex(
        salt.isPresent()
            ? salt.get().hmac(message)
            : salts.of(siteId, accepted).hmac(ofDay(message, date)));
  }

  private static byte[] ofDay(byte[] message, LocalDate date) {
    byte[] suffix = ('\0' + date.toString()).getBytes(UTF_8);
    byte[] all = Arrays.copyOf(message, message.length + suffix.length);
    System.arraycopy(suffix, 0, all, message.length, suffix.length);
    return all;
  }

  /**
   * The id of a visitor whom the site itself names, the same on all days.
   *
   * @throws IOException when the site has no key yet and it cannot be made durable
   */
  Visitor provided(String siteId, String userId) throws IOException {
    return new Visitor(hex(keys.hmac(siteId, (userId + '\0' + siteId).getBytes(UTF_8))), "");
  }

  /** The ids that events have whose salts are not destroyed, the latest day's first. */
  List<String> living(List<Salt> salts, String siteId, String address, String userAgent) {
    byte[] message = message(siteId, address, userAgent);
    return salts.stream().map(salt -> hex(salt.hmac(message))).toList();
  }

  private static byte[] message(String siteId, String address, String userAgent) {
    return (address + '\0' + userAgent + '\0' + siteId).getBytes(UTF_8);
  }

  private static String hex(byte[] hmac) {
    return HexFormat.of().formatHex(hmac, 0, LENGTH);
  }
}
