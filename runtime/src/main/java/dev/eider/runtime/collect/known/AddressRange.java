package dev.eider.runtime.collect.known;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.Optional;

/**
 * A network of IP addresses, as {@code 10.0.0.0/8} or {@code 2001:db8::/32}; a single address is a
 * network of one.
 *
 * @param network any address in it; bits behind the prefix are not looked at
 * @param bits length of the prefix, 0 to 32 or 128
 */
public record AddressRange(InetAddress network, int bits) {

  public AddressRange {
    if (bits < 0 || bits > network.getAddress().length * 8) {
      throw new IllegalArgumentException("a prefix of " + bits + " bits does not exist");
    }
  }

  /**
   * Reads one.
   *
   * @throws IllegalArgumentException when it is neither an address nor a network; the message has
   *     the text in quotes
   */
  public static AddressRange parse(String text) {
    int slash = text.indexOf('/');
    String literal = slash < 0 ? text : text.substring(0, slash);
    InetAddress network = address(literal).orElseThrow(() -> notARange(text));
    int width = network instanceof Inet4Address ? 32 : 128;
    int bits = slash < 0 ? width : digits(text.substring(slash + 1));
    if (slash >= 0 && width == 32 && literal.indexOf(':') >= 0) {
      // ::ffff:10.0.0.0/104 is 10.0.0.0/8.
      bits -= 96;
    }
    if (bits < 0 || bits > width) {
      throw notARange(text);
    }
    return new AddressRange(network, bits);
  }

  /**
   * The address that a literal is. Never asks a name server; a zone is left out, and an IPv4
   * address that is written as IPv6 becomes what it is.
   */
  public static Optional<InetAddress> address(String literal) {
    int percent = literal.indexOf('%');
    String plain = percent < 0 ? literal : literal.substring(0, percent);
    if (plain.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(InetAddress.ofLiteral(plain));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static int digits(String text) {
    if (text.isEmpty() || text.length() > 3) {
      return -1;
    }
    int value = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < '0' || c > '9') {
        return -1;
      }
      value = value * 10 + (c - '0');
    }
    return value;
  }

  private static IllegalArgumentException notARange(String text) {
    return new IllegalArgumentException(
        "'" + text + "' is neither an IP address nor a network such as 10.0.0.0/8");
  }
}
