package dev.eider.runtime.journal;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** The part of CBOR that the journal reads; what it does not know it can skip. */
final class CborReader {

  /** Deeper nesting is nothing that any version has written. */
  private static final int MAX_DEPTH = 16;

  private final byte[] bytes;
  private final int end;
  private int at;

  CborReader(byte[] bytes, int from, int to) {
    this.bytes = bytes;
    this.at = from;
    this.end = to;
  }

  boolean atEnd() {
    return at == end;
  }

  /** Takes the next byte if it is this one. */
  boolean take(int oneByte) throws MalformedRecordException {
    if ((peek() & 0xff) != oneByte) {
      return false;
    }
    at++;
    return true;
  }

  long integer() throws MalformedRecordException {
    int first = next();
    long value = argument(first);
    if (value < 0) {
      throw new MalformedRecordException("a number above 2^63");
    }
    return switch (first >> 5) {
      case CborWriter.UNSIGNED -> value;
      case CborWriter.NEGATIVE -> ~value;
      default -> throw unexpected("a number", first);
    };
  }

  boolean bool() throws MalformedRecordException {
    int first = next();
    return switch (first) {
      case CborWriter.TRUE -> true;
      case CborWriter.FALSE -> false;
      default -> throw unexpected("true or false", first);
    };
  }

  double real() throws MalformedRecordException {
    int first = next();
    if (first != CborWriter.DOUBLE) {
      throw unexpected("a double", first);
    }
    return Double.longBitsToDouble(fixed(8));
  }

  String text() throws MalformedRecordException {
    int first = next();
    if (first >> 5 != CborWriter.TEXT) {
      throw unexpected("text", first);
    }
    return utf8(length(first));
  }

  /** Text, or bytes that stand for their hex digits. */
  String textOrHex() throws MalformedRecordException {
    int first = next();
    int length = length(first);
    return switch (first >> 5) {
      case CborWriter.TEXT -> utf8(length);
      case CborWriter.BYTES -> {
        String digits = HexFormat.of().formatHex(bytes, at, at + length);
        at += length;
        yield digits;
      }
      default -> throw unexpected("text or bytes", first);
    };
  }

  /** The start of a byte string of this length. */
  int bytesOfLength(int expected) throws MalformedRecordException {
    int first = next();
    if (first >> 5 != CborWriter.BYTES || length(first) != expected) {
      throw unexpected(expected + " bytes", first);
    }
    int start = at;
    at += expected;
    return start;
  }

  void skip() throws MalformedRecordException {
    skip(0);
  }

  private void skip(int depth) throws MalformedRecordException {
    if (depth > MAX_DEPTH) {
      throw new MalformedRecordException("values nested deeper than " + MAX_DEPTH);
    }
    int first = next();
    int major = first >> 5;
    boolean indefinite = (first & 31) == 31;
    switch (major) {
      case CborWriter.UNSIGNED, CborWriter.NEGATIVE -> argument(first);
      case CborWriter.BYTES, CborWriter.TEXT -> {
        if (indefinite) {
          skipToBreak(depth);
        } else {
          at += length(first);
        }
      }
      case 4, CborWriter.MAP -> {
        if (indefinite) {
          skipToBreak(depth);
        } else {
          long items = (long) length(first) * (major == CborWriter.MAP ? 2 : 1);
          for (long i = 0; i < items; i++) {
            skip(depth + 1);
          }
        }
      }
      case 6 -> {
        argument(first);
        skip(depth + 1);
      }
      default -> {
        if (indefinite) {
          throw new MalformedRecordException("an end where none is due");
        }
        argument(first);
      }
    }
  }

  private void skipToBreak(int depth) throws MalformedRecordException {
    while (!take(CborWriter.BREAK)) {
      skip(depth + 1);
    }
  }

  private String utf8(int length) throws MalformedRecordException {
    int start = at;
    at += length;
    boolean ascii = true;
    for (int i = start; i < at; i++) {
      ascii &= bytes[i] >= 0;
    }
    if (ascii) {
      return new String(bytes, start, length, StandardCharsets.ISO_8859_1);
    }
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(bytes, start, length))
          .toString();
    } catch (CharacterCodingException e) {
      throw new MalformedRecordException("text that is not UTF-8");
    }
  }

  /** A length that is really there. */
  private int length(int first) throws MalformedRecordException {
    long length = argument(first);
    if (length < 0 || length > end - at) {
      throw new MalformedRecordException("a value that is longer than its record");
    }
    return (int) length;
  }

  private long argument(int first) throws MalformedRecordException {
    int info = first & 31;
    return switch (info) {
      case 24 -> fixed(1);
      case 25 -> fixed(2);
      case 26 -> fixed(4);
      case 27 -> fixed(8);
      default -> {
        if (info > 27) {
          throw unexpected("a length", first);
        }
        yield info;
      }
    };
  }

  private long fixed(int length) throws MalformedRecordException {
    if (length > end - at) {
      throw new MalformedRecordException("a value that is longer than its record");
    }
    long value = 0;
    for (int i = 0; i < length; i++) {
      value = value << 8 | (bytes[at++] & 0xff);
    }
    return value;
  }

  private int peek() throws MalformedRecordException {
    if (at >= end) {
      throw new MalformedRecordException("it ends too early");
    }
    return bytes[at];
  }

  private int next() throws MalformedRecordException {
    int next = peek() & 0xff;
    at++;
    return next;
  }

  private MalformedRecordException unexpected(String wanted, int found) {
    return new MalformedRecordException(
        "byte 0x" + Integer.toHexString(found) + " where " + wanted + " is due");
  }
}
