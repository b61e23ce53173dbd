package dev.eider.runtime.journal;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The part of CBOR (RFC 8949) that the journal writes, into a buffer that grows. */
final class CborWriter {

  static final int UNSIGNED = 0;
  static final int NEGATIVE = 1;
  static final int BYTES = 2;
  static final int TEXT = 3;
  static final int MAP = 5;
  static final int INDEFINITE_MAP = 0xbf;
  static final int BREAK = 0xff;
  static final int FALSE = 0xf4;
  static final int TRUE = 0xf5;
  static final int DOUBLE = 0xfb;

  private byte[] buffer;
  private int size;

  CborWriter(int capacity) {
    buffer = new byte[capacity];
  }

  int size() {
    return size;
  }

  /** What was written; valid until the next write. */
  byte[] buffer() {
    return buffer;
  }

  /** Leaves room for {@code length} bytes to be filled in later. */
  void skip(int length) {
    room(length);
    size += length;
  }

  void raw(int oneByte) {
    room(1);
    buffer[size++] = (byte) oneByte;
  }

  void integer(long value) {
    if (value >= 0) {
      head(UNSIGNED, value);
    } else {
      head(NEGATIVE, ~value);
    }
  }

  void bool(boolean value) {
    raw(value ? TRUE : FALSE);
  }

  void real(double value) {
    room(9);
    buffer[size] = (byte) DOUBLE;
    BigEndian.putLong(buffer, size + 1, Double.doubleToRawLongBits(value));
    size += 9;
  }

  void text(String text) {
    int length = text.length();
    // Nearly all text here is ASCII, whose bytes are its characters; found out while writing.
    room(5 + length);
    int start = size;
    head(TEXT, length);
    for (int i = 0; i < length; i++) {
      char c = text.charAt(i);
      if (c >= 0x80) {
        size = start;
        bytes(TEXT, text.getBytes(StandardCharsets.UTF_8));
        return;
      }
      buffer[size++] = (byte) c;
    }
  }

  void bytes(byte[] bytes) {
    bytes(BYTES, bytes);
  }

  void twoLongs(long high, long low) {
    room(17);
    head(BYTES, 16);
    BigEndian.putLong(buffer, size, high);
    BigEndian.putLong(buffer, size + 8, low);
    size += 16;
  }

  /** Text of lower-case hex digits as the bytes that they spell, half as long. */
  void hex(String digits) {
    int length = digits.length() / 2;
    room(5 + length);
    head(BYTES, length);
    for (int i = 0; i < length; i++) {
      buffer[size++] =
          (byte)
              (Character.digit(digits.charAt(2 * i), 16) << 4
                  | Character.digit(digits.charAt(2 * i + 1), 16));
    }
  }

  /** Whether {@link #hex} can hold this text without losing anything. */
  static boolean isHex(String text) {
    if ((text.length() & 1) != 0) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (!(c >= '0' && c <= '9' || c >= 'a' && c <= 'f')) {
        return false;
      }
    }
    return true;
  }

  private void bytes(int major, byte[] bytes) {
    room(5 + bytes.length);
    head(major, bytes.length);
    System.arraycopy(bytes, 0, buffer, size, bytes.length);
    size += bytes.length;
  }

  private void head(int major, long value) {
    room(9);
    int type = major << 5;
    if (value < 0 || value > 0xffff_ffffL) {
      buffer[size++] = (byte) (type | 27);
      BigEndian.putLong(buffer, size, value);
      size += 8;
    } else if (value < 24) {
      buffer[size++] = (byte) (type | (int) value);
    } else if (value < 0x100) {
      buffer[size++] = (byte) (type | 24);
      buffer[size++] = (byte) value;
    } else if (value < 0x10000) {
      buffer[size++] = (byte) (type | 25);
      buffer[size++] = (byte) (value >> 8);
      buffer[size++] = (byte) value;
    } else {
      buffer[size++] = (byte) (type | 26);
      BigEndian.putInt(buffer, size, (int) value);
      size += 4;
    }
  }

  private void room(int more) {
    if (buffer.length - size < more) {
      buffer = Arrays.copyOf(buffer, Math.max(buffer.length * 2, size + more));
    }
  }
}
