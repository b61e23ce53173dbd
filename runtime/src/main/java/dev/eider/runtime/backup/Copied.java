package dev.eider.runtime.backup;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * What came by while something was copied.
 *
 * @param bytes how many
 * @param sha256 in hexadecimal digits
 */
public record Copied(long bytes, String sha256) {

  private static final int BUFFER = 1 << 16;

  /** A copy from a stream to somewhere. */
  @FunctionalInterface
  public interface To {
    void copy(InputStream from) throws IOException;
  }

  /** Does a copy that reads all there is. */
  public static Copied by(InputStream from, To to) throws IOException {
    try (Counting counting = new Counting(from);
        DigestInputStream digesting = new DigestInputStream(counting, digest())) {
      to.copy(digesting);
      return new Copied(
          counting.bytes, HexFormat.of().formatHex(digesting.getMessageDigest().digest()));
    }
  }

  /** Reads all there is. */
  public static Copied nowhere(InputStream from) throws IOException {
    return by(from, in -> in.transferTo(OutputStream.nullOutputStream()));
  }

  /** The SHA-256 of bytes, in hexadecimal digits. */
  static String checksum(byte[] bytes) {
    return HexFormat.of().formatHex(digest().digest(bytes));
  }

  boolean is(Manifest.File file) {
    return bytes == file.bytes() && sha256.equals(file.sha256());
  }

  private static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  private static final class Counting extends InputStream {
    private final InputStream from;
    private long bytes;

    Counting(InputStream from) {
      this.from = from;
    }

    @Override
    public int read() throws IOException {
      int one = from.read();
      bytes += one < 0 ? 0 : 1;
      return one;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      int read = from.read(into, offset, Math.min(length, BUFFER));
      bytes += Math.max(read, 0);
      return read;
    }

    @Override
    public void close() throws IOException {
      from.close();
    }
  }
}
