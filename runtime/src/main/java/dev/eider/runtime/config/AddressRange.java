package dev.eider.runtime.config;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.regex.Pattern;

/** Addresses whose first bits are those of a network. Never asks a name server. */
public final class AddressRange {

  private static final Pattern DOTTED = Pattern.compile("\\d{1,3}([.]\\d{1,3}){3}");

  private final byte[] network;
  private final int bits;

  private AddressRange(byte[] network, int bits) {
    this.network = network;
    this.bits = bits;
  }

  /**
   * Reads one.
   *
   * @param text an address, or a network as {@code 10.0.0.0/8} or {@code 2001:db8::/32}
   * @throws ConfigException when it is neither; says so
   */
  public static AddressRange of(String text) {
    String stripped = text.strip();
    int slash = stripped.indexOf('/');
    byte[] address = address(text, slash < 0 ? stripped : stripped.substring(0, slash));
    int bits = slash < 0 ? address.length * 8 : bits(text, stripped.substring(slash + 1));
    if (slash >= 0 && address.length == 4 && stripped.indexOf(':') >= 0) {
      // ::ffff:10.0.0.0/104 is 10.0.0.0/8.
      bits -= 96;
    }
    if (bits < 0 || bits > address.length * 8) {
      throw notARange(text);
    }
    return new AddressRange(masked(address, bits), bits);
  }

  /** Whether an address, as its 4 or 16 bytes, is one of these. */
  public boolean contains(byte[] address) {
    if (address.length != network.length) {
      return false;
    }
    int whole = bits / 8;
    if (!Arrays.equals(address, 0, whole, network, 0, whole)) {
      return false;
    }
    int rest = bits % 8;
    return rest == 0 || ((address[whole] ^ network[whole]) & 0xff) >> (8 - rest) == 0;
  }

  /** Its first address, as 4 or 16 bytes. */
  public byte[] first() {
    return network.clone();
  }

  /** Its last address, as 4 or 16 bytes. */
  public byte[] last() {
    byte[] last = network.clone();
    for (int bit = bits; bit < last.length * 8; bit++) {
      last[bit / 8] |= (byte) (0x80 >> bit % 8);
    }
    return last;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof AddressRange that
        && bits == that.bits
        && Arrays.equals(network, that.network);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(network) + bits;
  }

  /** As networks are written, bits outside of it zero: {@code 10.0.0.0/8}. */
  @Override
  public String toString() {
    try {
      return InetAddress.getByAddress(network).getHostAddress() + "/" + bits;
    } catch (UnknownHostException e) {
      throw new IllegalStateException("a network of %d bytes".formatted(network.length), e);
    }
  }

  private static byte[] address(String text, String literal) {
    try {
      // Java also takes 10 and 10.1, which are other addresses than they look like.
      if (literal.contains(":") ? !literal.contains("%") : DOTTED.matcher(literal).matches()) {
        return InetAddress.ofLiteral(literal).getAddress();
      }
    } catch (IllegalArgumentException e) {
      // Said below.
    }
    throw notARange(text);
  }

  private static int bits(String text, String digits) {
    if (!digits.matches("\\d{1,3}")) {
      throw notARange(text);
    }
    return Integer.parseInt(digits);
  }

  private static byte[] masked(byte[] address, int bits) {
    byte[] masked = address.clone();
    for (int i = 0; i < masked.length; i++) {
      int kept = Math.clamp(bits - 8L * i, 0, 8);
      masked[i] &= (byte) (0xff << (8 - kept));
    }
    return masked;
  }

  private static ConfigException notARange(String text) {
    return new ConfigException(
        "'%s' is neither an IP address nor a network such as 10.0.0.0/8".formatted(text));
  }
}
