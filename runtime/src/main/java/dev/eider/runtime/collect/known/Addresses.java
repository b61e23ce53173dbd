package dev.eider.runtime.collect.known;

import java.net.InetAddress;
import java.util.Optional;

/** IP addresses as they stand in headers and connections. */
public final class Addresses {

  private Addresses() {}

  /**
   * The address that a literal is. Never asks a name server; a zone is left out, and an IPv4
   * address that is written as IPv6 becomes what it is.
   */
  public static Optional<InetAddress> parse(String literal) {
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
}
