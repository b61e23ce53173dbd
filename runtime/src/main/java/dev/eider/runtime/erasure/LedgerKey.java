package dev.eider.runtime.erasure;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** A key that the ledger's hashes are made with. It is in no backup; beside them only sealed. */
final class LedgerKey {

  private static final String ALGORITHM = "HmacSHA256";
  private static final int BYTES = 32;

  private final byte[] secret;
  private final Mac mac;

  private LedgerKey(byte[] secret) {
    this.secret = secret.clone();
    try {
      mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(secret, ALGORITHM));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has " + ALGORITHM, e);
    }
  }

  static byte[] random() {
    byte[] secret = new byte[BYTES];
    new SecureRandom().nextBytes(secret);
    return secret;
  }

  byte[] secret() {
    return secret.clone();
  }

  static LedgerKey of(byte[] secret) throws IOException {
    if (secret.length != BYTES) {
      throw new IOException(
          "state/erasure holds a file that is not the ledger's key: it has %d bytes and not %d. Bring the right one back, or erased people may come back with a restore"
              .formatted(secret.length, BYTES));
    }
    return new LedgerKey(secret);
  }

  /** Tells keys apart, and nothing more. */
  String name() {
    return hash("key", "", "").substring(0, 16);
  }

  String visitor(String id) {
    return hash("visitor", "", id);
  }

  String property(String name, String value) {
    return hash("property", name, value);
  }

  String filter(String name, String value) {
    return hash("filter", name, value);
  }

  private synchronized String hash(String kind, String name, String value) {
    mac.update(kind.getBytes(StandardCharsets.UTF_8));
    mac.update((byte) 0);
    mac.update(name.getBytes(StandardCharsets.UTF_8));
    mac.update((byte) 0);
    return HexFormat.of().formatHex(mac.doFinal(value.getBytes(StandardCharsets.UTF_8)));
  }

  /** Never the secret. */
  @Override
  public String toString() {
    return "LedgerKey";
  }
}
