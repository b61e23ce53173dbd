package dev.eider.runtime.backup;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/** The key by which a person's backups are encrypted. It is nowhere in them. */
final class BackupKey {

  private static final int BYTES = 32;
  private static final int NAME_BYTES = 8;

  private final byte[] secret;

  private BackupKey(byte[] secret) {
    this.secret = secret;
  }

  /**
   * Reads one: 32 bytes, or these as 64 hexadecimal digits or in base64.
   *
   * @throws BackupException when there is none; tells nothing of what is there
   */
  static BackupKey read(Path file) throws BackupException {
    return read(file, "backups", "--backup-key-file");
  }

  /**
   * The same.
   *
   * @param of whose key it is, for people
   * @param flag that says which file
   */
  static BackupKey read(Path file, String of, String flag) throws BackupException {
    byte[] content;
    try {
      content = Files.readAllBytes(file);
    } catch (IOException e) {
      throw new BackupException(
          "the key of %s, %s, cannot be read; see %s".formatted(of, file, flag), e);
    }
    if (content.length == BYTES) {
      return new BackupKey(content);
    }
    String text = new String(content, StandardCharsets.US_ASCII).strip();
    byte[] decoded = decoded(text);
    if (decoded.length != BYTES) {
      throw new BackupException(
          "%s holds no key of 32 bytes: make one by openssl rand -base64 32, and keep a copy where the backups are not"
              .formatted(file));
    }
    return new BackupKey(decoded);
  }

  private static byte[] decoded(String text) {
    try {
      return text.matches("[0-9a-fA-F]{64}")
          ? HexFormat.of().parseHex(text)
          : Base64.getDecoder().decode(text.replace('-', '+').replace('_', '/'));
    } catch (IllegalArgumentException e) {
      return new byte[0];
    }
  }

  /** Tells keys apart, and nothing of what they are. */
  byte[] name() {
    return Arrays.copyOf(derived("eider backup key name", new byte[0]), NAME_BYTES);
  }

  /** The key of one file, so that no two chunks anywhere share key and number. */
  SecretKey of(byte[] salt) {
    return new SecretKeySpec(derived("eider backup file", salt), "AES");
  }

  private byte[] derived(String purpose, byte[] more) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret, "HmacSHA256"));
      mac.update(purpose.getBytes(StandardCharsets.US_ASCII));
      return mac.doFinal(more);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has HmacSHA256", e);
    }
  }

  @Override
  public String toString() {
    return "key " + HexFormat.of().formatHex(name());
  }
}
