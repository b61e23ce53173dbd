package dev.eider.runtime.erasure;

import dev.eider.runtime.state.StateDirectory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** The key that the ledger's hashes are made with. It is in no backup, nor beside them. */
final class LedgerKey {

  private static final String ALGORITHM = "HmacSHA256";
  private static final int BYTES = 32;
  private static final String FILE = "key";

  private final Mac mac;

  private LedgerKey(byte[] secret) {
    try {
      mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(secret, ALGORITHM));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has " + ALGORITHM, e);
    }
  }

  /** The one of a data directory, which is made where there is none yet. */
  static LedgerKey made(StateDirectory state) throws IOException {
    return of(
        state.readOrMake(
            FILE,
            () -> {
              byte[] secret = new byte[BYTES];
              new SecureRandom().nextBytes(secret);
              return secret;
            }));
  }

  /** The one of a data directory, if it has one. */
  static Optional<LedgerKey> there(StateDirectory state) throws IOException {
    Optional<byte[]> secret = state.read(FILE);
    return secret.isEmpty() ? Optional.empty() : Optional.of(of(secret.get()));
  }

  private static LedgerKey of(byte[] secret) throws IOException {
    if (secret.length != BYTES) {
      throw new IOException(
          "state/erasure/key is not the ledger's key: it has %d bytes and not %d. Bring the right one back, or erased people may come back with a restore"
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
