package dev.eider.runtime.journal;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Numbers in a byte array in network order. */
final class BigEndian {

  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

  private BigEndian() {}

  static void putLong(byte[] in, int at, long value) {
    LONG.set(in, at, value);
  }

  static void putInt(byte[] in, int at, int value) {
    INT.set(in, at, value);
  }

  static long getLong(byte[] from, int at) {
    return (long) LONG.get(from, at);
  }

  static int getInt(byte[] from, int at) {
    return (int) INT.get(from, at);
  }
}
