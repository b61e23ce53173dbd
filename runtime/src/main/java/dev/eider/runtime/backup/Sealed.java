package dev.eider.runtime.backup;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;

/**
 * The form of an encrypted file: a header ({@code EIDERGCM}, a byte 1, eight bytes that name the
 * key, sixteen that are random), then chunks of 64 KiB, each by AES-256-GCM with a tag of 16 bytes.
 * A chunk's nonce is its number and whether it is the last one, so that none can be left out, moved
 * or cut off; the file's name is authenticated with it, so that none can take another's place.
 */
final class Sealed {

  private static final byte[] MAGIC = "EIDERGCM\1".getBytes(StandardCharsets.ISO_8859_1);
  private static final int KEY_NAME = 8;
  private static final int SALT = 16;
  private static final int HEADER = MAGIC.length + KEY_NAME + SALT;
  private static final int CHUNK = 1 << 16;
  private static final int TAG = 16;
  private static final SecureRandom RANDOM = new SecureRandom();

  private Sealed() {}

  /** How long a file becomes. */
  static long sealedBytes(long plain) {
    return HEADER + plain + TAG * Math.max(1, (plain + CHUNK - 1) / CHUNK);
  }

  /** How long it was; -1 for what no file becomes. */
  static long plainBytes(long sealed) {
    long body = sealed - HEADER;
    long chunks = (body + CHUNK + TAG - 1) / (CHUNK + TAG);
    long plain = body - chunks * TAG;
    return body < TAG || plain < 0 ? -1 : plain;
  }

  /** Encrypts what is read from it. */
  static InputStream seal(InputStream plain, String name, BackupKey key) {
    byte[] salt = new byte[SALT];
    RANDOM.nextBytes(salt);
    byte[] header = ByteBuffer.allocate(HEADER).put(MAGIC).put(key.name()).put(salt).array();
    return new Chunks(plain, CHUNK, header, Cipher.ENCRYPT_MODE, key.of(salt), name);
  }

  /**
   * Decrypts what is read from it.
   *
   * @throws BackupException when it was encrypted by another key, or is no encrypted file
   */
  static InputStream open(InputStream sealed, String name, BackupKey key) throws IOException {
    byte[] header = sealed.readNBytes(HEADER);
    if (header.length < HEADER || !Arrays.equals(header, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
      sealed.close();
      throw new BackupException(name + " is damaged: it does not begin as an encrypted file does");
    }
    byte[] keyName = Arrays.copyOfRange(header, MAGIC.length, MAGIC.length + KEY_NAME);
    if (!Arrays.equals(keyName, key.name())) {
      sealed.close();
      throw new OtherKeyException(
          "%s was encrypted by another key than the one that was given; give the one of then"
              .formatted(name));
    }
    byte[] salt = Arrays.copyOfRange(header, MAGIC.length + KEY_NAME, HEADER);
    return new Chunks(sealed, CHUNK + TAG, new byte[0], Cipher.DECRYPT_MODE, key.of(salt), name);
  }

  /** Goes through a stream chunk by chunk; one ahead, to know which is the last. */
  private static final class Chunks extends InputStream {

    private final InputStream from;
    private final int size;
    private final int mode;
    private final SecretKey key;
    private final String name;
    private byte[] ready;
    private int at;
    private byte[] next;
    private long number;
    private boolean begun;
    private boolean ended;

    Chunks(InputStream from, int size, byte[] first, int mode, SecretKey key, String name) {
      this.from = from;
      this.size = size;
      this.ready = first;
      this.next = new byte[0];
      this.mode = mode;
      this.key = key;
      this.name = name;
    }

    @Override
    public int read() throws IOException {
      return fill() ? ready[at++] & 0xff : -1;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      if (length == 0) {
        return 0;
      }
      if (!fill()) {
        return -1;
      }
      int read = Math.min(length, ready.length - at);
      System.arraycopy(ready, at, into, offset, read);
      at += read;
      return read;
    }

    private boolean fill() throws IOException {
      while (at == ready.length) {
        if (ended) {
          return false;
        }
        if (!begun) {
          next = from.readNBytes(size);
          begun = true;
        }
        byte[] chunk = next;
        next = chunk.length < size ? new byte[0] : from.readNBytes(size);
        ended = next.length == 0;
        ready = through(chunk);
        at = 0;
      }
      return true;
    }

    private byte[] through(byte[] chunk) throws IOException {
      byte[] nonce = ByteBuffer.allocate(12).putInt(ended ? 1 : 0).putLong(number++).array();
      try {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, key, new GCMParameterSpec(8 * TAG, nonce));
        cipher.updateAAD(name.getBytes(StandardCharsets.UTF_8));
        return cipher.doFinal(chunk);
      } catch (AEADBadTagException e) {
        throw new BackupException(
            "%s is damaged: part %d of it was changed, or cut off".formatted(name, number), e);
      } catch (GeneralSecurityException e) {
        if (mode == Cipher.DECRYPT_MODE && chunk.length < TAG) {
          throw new BackupException(name + " is damaged: it was cut off", new EOFException());
        }
        throw new IllegalStateException("every Java has AES-GCM", e);
      }
    }

    @Override
    public void close() throws IOException {
      from.close();
    }
  }
}
