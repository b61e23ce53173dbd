package dev.eider.runtime.collect;

/** Numbers that look random and are not. */
final class Bits {

  private Bits() {}

  /** The finaliser of MurmurHash3: every bit of the result depends on every bit of the value. */
  static long mix(long value) {
    long mixed = (value ^ value >>> 33) * 0xff51afd7ed558ccdL;
    mixed = (mixed ^ mixed >>> 33) * 0xc4ceb9fe1a85ec53L;
    return mixed ^ mixed >>> 33;
  }

  /** 64 bits of a text, under a seed. */
  static long of(String text, long seed) {
    long hash = seed;
    for (int i = 0; i < text.length(); i++) {
      hash = (hash ^ text.charAt(i)) * 0x100000001b3L;
      hash = Long.rotateLeft(hash, 23);
    }
    return mix(hash ^ text.length());
  }
}
