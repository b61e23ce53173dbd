package dev.eider.runtime.collect;

import java.net.InetAddress;
import java.security.SecureRandom;
import org.jspecify.annotations.Nullable;

/**
 * What stands for an address where many are counted: 64 bits under a key that is drawn at the start
 * and is nowhere but in memory. Addresses of version 6 count by their first 64 bits, as all others
 * of a network belong to one customer.
 */
final class AddressHash {

  private final long first;
  private final long second;

  AddressHash() {
    SecureRandom random = new SecureRandom();
    first = random.nextLong();
    second = random.nextLong();
  }

  /**
   * The hash.
   *
   * @param address or null where it could not be read
   * @param text stands for it then
   */
  long of(@Nullable InetAddress address, String text) {
    if (address == null) {
      return mixed(text.hashCode());
    }
    byte[] bytes = address.getAddress();
    long network = 0;
    for (int i = 0; i < Math.min(bytes.length, 8); i++) {
      network = network << 8 | (bytes[i] & 0xff);
    }
    return mixed(bytes.length == 4 ? network : ~network);
  }

  private long mixed(long value) {
    return Bits.mix(Bits.mix(value ^ first) + second);
  }
}
