package dev.eider.runtime.collect;

import dev.eider.runtime.collect.known.AddressRanges;
import dev.eider.runtime.collect.known.Addresses;
import dev.eider.runtime.config.ConfigException;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/**
 * Whose word about the client's address is taken, and what that address is.
 *
 * <p>A client can write anything into {@code X-Forwarded-For}; each proxy appends the address it
 * was called from. So the header is read from its right end, through the proxies that are trusted,
 * up to the first address that is not one of them.
 */
public final class TrustedProxies {

  /** Nobody is believed: the client is the other end of the connection. */
  public static final TrustedProxies NONE = new TrustedProxies(AddressRanges.NONE);

  private final AddressRanges ranges;

  private TrustedProxies(AddressRanges ranges) {
    this.ranges = ranges;
  }

  /**
   * Trusts these ranges.
   *
   * @param ranges each an address, or a network as {@code 10.0.0.0/8}
   * @throws ConfigException when one is neither; the message names it
   */
  public static TrustedProxies of(List<String> ranges) {
    return new TrustedProxies(AddressRanges.parse(ranges));
  }

  /**
   * The client's address as a literal, always in the same form for the same address.
   *
   * @param peer the other end of the connection
   * @param forwardedFor the header's value, or empty
   */
  String client(String peer, String forwardedFor) {
    if (forwardedFor.isEmpty() && isPlainIpv4(peer)) {
      return peer;
    }
    Optional<InetAddress> client = Addresses.parse(peer);
    if (client.isEmpty()) {
      return peer;
    }
    if (forwardedFor.isEmpty() || !ranges.contains(client.get())) {
      return client.get().getHostAddress();
    }
    String[] hops = forwardedFor.split(",", -1);
    for (int i = hops.length - 1; i >= 0; i--) {
      Optional<InetAddress> hop = Addresses.parse(withoutPort(hops[i].strip()));
      if (hop.isEmpty()) {
        // Whoever wrote that cannot be followed further; the proxy before it is the best we know.
        break;
      }
      client = hop;
      if (!ranges.contains(hop.get())) {
        break;
      }
    }
    return client.get().getHostAddress();
  }

  /**
   * Whether it is an address in the one form that IPv4 addresses are written in, and not parsed.
   */
  private static boolean isPlainIpv4(String text) {
    int dots = 0;
    int value = -1;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '.') {
        if (value < 0 || ++dots > 3) {
          return false;
        }
        value = -1;
      } else if (c < '0' || c > '9' || value == 0) {
        return false;
      } else {
        value = Math.max(value, 0) * 10 + (c - '0');
        if (value > 255) {
          return false;
        }
      }
    }
    return dots == 3 && value >= 0;
  }

  /** {@code 1.2.3.4:80} and {@code [::1]:80}, as some proxies write. */
  private static String withoutPort(String hop) {
    if (hop.startsWith("[")) {
      int end = hop.indexOf(']');
      return end < 0 ? hop : hop.substring(1, end);
    }
    int colon = hop.indexOf(':');
    return colon >= 0 && colon == hop.lastIndexOf(':') ? hop.substring(0, colon) : hop;
  }
}
