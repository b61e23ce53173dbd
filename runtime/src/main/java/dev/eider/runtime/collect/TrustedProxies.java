package dev.eider.runtime.collect;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Whose word about the client's address is taken, and what that address is.
 *
 * <p>A client can write anything into {@code X-Forwarded-For}; each proxy appends the address it
 * was called from. So the header is read from its right end, through the proxies that are trusted,
 * up to the first address that is not one of them.
 */
public final class TrustedProxies {

  /** Nobody is believed: the client is the other end of the connection. */
  public static final TrustedProxies NONE = new TrustedProxies(List.of());

  private final List<Range> ranges;

  private TrustedProxies(List<Range> ranges) {
    this.ranges = List.copyOf(ranges);
  }

  /** Addresses whose first {@code bits} are those of {@code network}. */
  @SuppressWarnings("ArrayRecordComponent")
  private record Range(byte[] network, int bits) {

    boolean contains(byte[] address) {
      if (address.length != network.length) {
        return false;
      }
      int whole = bits / 8;
      for (int i = 0; i < whole; i++) {
        if (address[i] != network[i]) {
          return false;
        }
      }
      int rest = bits % 8;
      return rest == 0 || ((address[whole] ^ network[whole]) & 0xff) >> (8 - rest) == 0;
    }
  }

  /**
   * Trusts these ranges.
   *
   * @param ranges each an address, or a network as {@code 10.0.0.0/8}
   * @throws IllegalArgumentException when one is neither; the message names it
   */
  public static TrustedProxies of(List<String> ranges) {
    List<Range> parsed = new ArrayList<>();
    for (String range : ranges) {
      parsed.add(range(range.strip()));
    }
    return new TrustedProxies(parsed);
  }

  /**
   * The client's address as a literal, always in the same form for the same address.
   *
   * @param peer the other end of the connection
   * @param forwardedFor the header's value, or empty
   */
  String client(String peer, String forwardedFor) {
    @Nullable InetAddress client = parse(peer);
    if (client == null) {
      return peer;
    }
    if (forwardedFor.isEmpty() || !trusts(client)) {
      return client.getHostAddress();
    }
    String[] hops = forwardedFor.split(",", -1);
    for (int i = hops.length - 1; i >= 0; i--) {
      @Nullable InetAddress hop = parse(withoutPort(hops[i].strip()));
      if (hop == null) {
        // Whoever wrote that cannot be followed further; the proxy before it is the best we know.
        break;
      }
      client = hop;
      if (!trusts(hop)) {
        break;
      }
    }
    return client.getHostAddress();
  }

  private boolean trusts(InetAddress address) {
    byte[] bytes = address.getAddress();
    for (Range range : ranges) {
      if (range.contains(bytes)) {
        return true;
      }
    }
    return false;
  }

  private static Range range(String text) {
    int slash = text.indexOf('/');
    String network = slash < 0 ? text : text.substring(0, slash);
    byte[] address =
        Optional.ofNullable(parse(network)).orElseThrow(() -> notARange(text)).getAddress();
    long bits = slash < 0 ? address.length * 8L : Text.digits(text.substring(slash + 1));
    if (bits < 0 || bits > address.length * 8L) {
      throw notARange(text);
    }
    return new Range(address, (int) bits);
  }

  private static IllegalArgumentException notARange(String text) {
    return new IllegalArgumentException(
        "'" + text + "' is neither an IP address nor a network such as 10.0.0.0/8");
  }

  /** Never asks a name server: anything but a literal is no address. */
  private static @Nullable InetAddress parse(String literal) {
    try {
      return literal.isEmpty() ? null : InetAddress.ofLiteral(withoutZone(literal));
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  private static String withoutZone(String literal) {
    int percent = literal.indexOf('%');
    return percent < 0 ? literal : literal.substring(0, percent);
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
