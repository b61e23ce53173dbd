package dev.eider.runtime.journal;

import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.UUID;
import java.util.zip.CRC32C;

/**
 * The fixed-size beginning of a segment; a CBOR array, so that any CBOR tool can read it.
 *
 * @param journalId which journal it belongs to
 * @param epoch which opening of that journal wrote it; the newest one owns the journal
 * @param firstSeq number of its first record; none before it was ever given to a later segment
 * @param created when it was begun, UTC, whole milliseconds
 * @param salt 16 random bytes that go into the checksum of each record, so that no text in an event
 *     can pass for a record
 */
record SegmentHeader(UUID journalId, long epoch, long firstSeq, Instant created, byte[] salt) {

  /** What this version writes, and the newest it reads. */
  static final int VERSION = 1;

  static final int SALT_BYTES = 16;

  // tag 55799 "this is CBOR", array of 8, text of 13
  private static final byte[] MAGIC = magic();
  private static final int VERSION_AT = MAGIC.length;
  private static final int ID_AT = VERSION_AT + 3;
  private static final int EPOCH_AT = ID_AT + 17;
  private static final int FIRST_SEQ_AT = EPOCH_AT + 9;
  private static final int CREATED_AT = FIRST_SEQ_AT + 9;
  private static final int SALT_AT = CREATED_AT + 9;
  private static final int CRC_AT = SALT_AT + 17;

  /** Length of an encoded header. */
  static final int LENGTH = CRC_AT + 5;

  byte[] encode() {
    byte[] bytes = Arrays.copyOf(MAGIC, LENGTH);
    bytes[VERSION_AT] = 0x19;
    bytes[VERSION_AT + 1] = (byte) (VERSION >> 8);
    bytes[VERSION_AT + 2] = (byte) VERSION;
    bytes[ID_AT] = 0x50;
    BigEndian.putLong(bytes, ID_AT + 1, journalId.getMostSignificantBits());
    BigEndian.putLong(bytes, ID_AT + 9, journalId.getLeastSignificantBits());
    putLong(bytes, EPOCH_AT, epoch);
    putLong(bytes, FIRST_SEQ_AT, firstSeq);
    putLong(bytes, CREATED_AT, created.toEpochMilli());
    bytes[SALT_AT] = 0x50;
    System.arraycopy(salt, 0, bytes, SALT_AT + 1, SALT_BYTES);
    bytes[CRC_AT] = 0x1a;
    BigEndian.putInt(bytes, CRC_AT + 1, crc(bytes));
    return bytes;
  }

  /**
   * Reads a header.
   *
   * @throws MalformedRecordException when it is not one
   * @throws NewerVersionException when a later version wrote it
   */
  static SegmentHeader decode(byte[] bytes) throws MalformedRecordException {
    if (bytes.length < LENGTH || !Arrays.equals(bytes, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
      throw new MalformedRecordException("it does not begin as a segment does");
    }
    int version = (bytes[VERSION_AT + 1] & 0xff) << 8 | (bytes[VERSION_AT + 2] & 0xff);
    // Checked first: of a later version we only know this much, its checksum may be elsewhere.
    if (version > VERSION && !isOurs(bytes)) {
      throw new NewerVersionException(version);
    }
    if (BigEndian.getInt(bytes, CRC_AT + 1) != crc(bytes)) {
      throw new MalformedRecordException("the checksum of its header is wrong");
    }
    return new SegmentHeader(
        new UUID(BigEndian.getLong(bytes, ID_AT + 1), BigEndian.getLong(bytes, ID_AT + 9)),
        BigEndian.getLong(bytes, EPOCH_AT + 1),
        BigEndian.getLong(bytes, FIRST_SEQ_AT + 1),
        Instant.ofEpochMilli(BigEndian.getLong(bytes, CREATED_AT + 1)),
        Arrays.copyOfRange(bytes, SALT_AT + 1, SALT_AT + 1 + SALT_BYTES));
  }

  /**
   * Reads a header of which one bit is wrong: else that costs all records of the segment. Of the
   * 696 that differ by a bit no second one fits the checksum but by a chance of one in millions.
   */
  static Optional<SegmentHeader> mended(byte[] bytes) {
    for (int bit = 0; bytes.length >= LENGTH && bit < LENGTH * 8; bit++) {
      byte[] other = bytes.clone();
      other[bit / 8] ^= (byte) (1 << bit % 8);
      try {
        return Optional.of(decode(other));
      } catch (MalformedRecordException | NewerVersionException e) {
        // Another one.
      }
    }
    return Optional.empty();
  }

  /** Whether only the version is wrong in it, as after a bit of it was flipped. */
  private static boolean isOurs(byte[] bytes) {
    byte[] ours = bytes.clone();
    ours[VERSION_AT] = 0x19;
    ours[VERSION_AT + 1] = (byte) (VERSION >> 8);
    ours[VERSION_AT + 2] = (byte) VERSION;
    return BigEndian.getInt(bytes, CRC_AT + 1) == crc(ours);
  }

  private static void putLong(byte[] bytes, int at, long value) {
    bytes[at] = 0x1b;
    BigEndian.putLong(bytes, at + 1, value);
  }

  private static int crc(byte[] bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, CRC_AT + 1);
    return (int) crc.getValue();
  }

  private static byte[] magic() {
    CborWriter out = new CborWriter(32);
    out.raw(0xd9);
    out.raw(0xd9);
    out.raw(0xf7);
    out.raw(0x88);
    out.text("eider-journal");
    return Arrays.copyOf(out.buffer(), out.size());
  }

  /** A version that this program does not know wrote the segment. */
  static final class NewerVersionException extends RuntimeException {

    NewerVersionException(int version) {
      super("format " + version + ", and this Eider knows formats up to " + VERSION);
    }
  }
}
