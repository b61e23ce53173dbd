package dev.eider.runtime.config;

import dev.eider.runtime.config.PrivacySettings.Mode;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What holds for the events of all sites of a runtime.
 *
 * @param privacyFloor the least careful mode that a site may be in
 * @param geo a database of places in MaxMind's format, or a directory of them; empty: the country
 *     database inside
 * @param datacentreRanges a file of networks (CIDR, one a line) that no person browses from; empty:
 *     none are known
 * @param addressRate what one address may send, over all sites; empty: as much as it likes. Whoever
 *     shows an ingest key is not held to it
 */
public record CollectSettings(
    Mode privacyFloor,
    Optional<Path> geo,
    Optional<Path> datacentreRanges,
    Optional<RateLimit> addressRate) {

  /**
   * Sites decide on privacy; nothing is mounted; no address is held back: behind a proxy that is
   * not told to be trusted all visitors have one.
   */
  public static final CollectSettings DEFAULT =
      new CollectSettings(Mode.STANDARD, Optional.empty(), Optional.empty(), Optional.empty());

  /** The same with another limit of an address, or with none. */
  CollectSettings withAddressRate(Optional<RateLimit> other) {
    return new CollectSettings(privacyFloor, geo, datacentreRanges, other);
  }

  /**
   * Reads a flag.
   *
   * @param text events a second, perhaps with the burst after a slash, as in {@code 100/500}; 0 for
   *     no limit
   * @throws ConfigException when it is neither
   */
  public static Optional<RateLimit> addressRate(String text) {
    if (text.equals("0")) {
      return Optional.empty();
    }
    if (!text.matches("\\d{1,9}(/\\d{1,9})?")) {
      throw new ConfigException(
          "the rate of an address is '%s'; write events a second and perhaps the burst, such as"
                  .formatted(text)
              + " 100/500, or 0 for no limit");
    }
    String[] numbers = text.split("/", -1);
    int rate = Integer.parseInt(numbers[0]);
    return Optional.of(
        numbers.length == 1
            ? RateLimit.of(rate)
            : new RateLimit(rate, Integer.parseInt(numbers[1])));
  }
}
