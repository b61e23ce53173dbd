package dev.eider.runtime.journal;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * What stands around each event in a segment: a CBOR array of [CRC32C, seq, bytes], every number at
 * its full width, so that it has one size and can be filled in when the seq is known.
 *
 * <pre>
 * 83 | 1a crc:4 | 1b seq:8 | 5a length:4 | payload
 * </pre>
 *
 * <p>The checksum covers the segment's salt and everything behind the checksum itself.
 */
final class RecordFrame {

  /** Bytes before the payload. */
  static final int LENGTH = 20;

  /** Longest payload; far above any event that can be sent, far below what hurts to read. */
  static final int MAX_PAYLOAD = 1 << 20;

  private static final int CRC_AT = 2;
  private static final int COVERED_FROM = 6;
  private static final int SEQ_AT = 7;
  private static final int PAYLOAD_LENGTH_AT = 16;

  private RecordFrame() {}

  /** Fills in the frame before a payload that is there already, with seq and checksum blank. */
  static void open(byte[] bytes, int at, int payloadLength) {
    bytes[at] = (byte) 0x83;
    bytes[at + 1] = 0x1a;
    bytes[at + COVERED_FROM] = 0x1b;
    bytes[at + PAYLOAD_LENGTH_AT - 1] = 0x5a;
    BigEndian.putInt(bytes, at + PAYLOAD_LENGTH_AT, payloadLength);
  }

  /**
   * Fills in seq and checksum.
   *
   * @return where the next frame begins
   */
  static int seal(byte[] bytes, int at, long seq, byte[] salt, CRC32C crc) {
    BigEndian.putLong(bytes, at + SEQ_AT, seq);
    int next = at + LENGTH + BigEndian.getInt(bytes, at + PAYLOAD_LENGTH_AT);
    crc.reset();
    crc.update(salt);
    crc.update(bytes, at + COVERED_FROM, next - at - COVERED_FROM);
    BigEndian.putInt(bytes, at + CRC_AT, (int) crc.getValue());
    return next;
  }

  /** Length of the payload whose whole and right frame begins at {@code at}, or -1. */
  static int check(ByteBuffer segment, int at, byte[] salt, CRC32C crc) {
    if (segment.limit() - at < LENGTH
        || segment.get(at) != (byte) 0x83
        || segment.get(at + 1) != 0x1a
        || segment.get(at + COVERED_FROM) != 0x1b
        || segment.get(at + PAYLOAD_LENGTH_AT - 1) != 0x5a) {
      return -1;
    }
    int length = segment.getInt(at + PAYLOAD_LENGTH_AT);
    if (length < 0 || length > MAX_PAYLOAD || length > segment.limit() - at - LENGTH) {
      return -1;
    }
    crc.reset();
    crc.update(salt);
    crc.update(segment.slice(at + COVERED_FROM, LENGTH - COVERED_FROM + length));
    return (int) crc.getValue() == segment.getInt(at + CRC_AT) ? length : -1;
  }

  static long seq(ByteBuffer segment, int at) {
    return segment.getLong(at + SEQ_AT);
  }
}
