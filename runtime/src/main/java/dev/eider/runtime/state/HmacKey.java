package dev.eider.runtime.state;

import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.util.concurrent.atomic.AtomicReferenceArray;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** A key for HMAC-SHA256. Any thread. */
final class HmacKey {

  private static final String ALGORITHM = "HmacSHA256";

  private final SecretKeySpec key;

  /** Keyed once; copies of it are made, which is far cheaper than keying a new one. */
  private final Mac keyed;

  /** Copies that are not in use, as many as processors are likely to use at a time. */
  private final AtomicReferenceArray<@Nullable Mac> copies = new AtomicReferenceArray<>(8);

  HmacKey(byte[] secret) {
    key = new SecretKeySpec(secret, ALGORITHM);
    keyed = anew();
  }

  /** HMAC-SHA256 of the message, 32 bytes. */
  byte[] hmac(byte[] message) {
    Mac mac = take();
    // Ends as it began: keyed, and with nothing in it.
    byte[] result = mac.doFinal(message);
    giveBack(mac);
    return result;
  }

  private Mac take() {
    for (int i = 0; i < copies.length(); i++) {
      @Nullable Mac copy = copies.getPlain(i) == null ? null : copies.getAndSet(i, null);
      if (copy != null) {
        return copy;
      }
    }
    try {
      return (Mac) keyed.clone();
    } catch (CloneNotSupportedException e) {
      return anew();
    }
  }

  private void giveBack(Mac mac) {
    for (int i = 0; i < copies.length(); i++) {
      if (copies.getPlain(i) == null && copies.compareAndSet(i, null, mac)) {
        return;
      }
    }
  }

  private Mac anew() {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      return mac;
    } catch (InvalidKeyException e) {
      throw new IllegalStateException("any bytes are a key", e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has " + ALGORITHM, e);
    }
  }

  /** Never the secret. */
  @Override
  public String toString() {
    return "HmacKey";
  }
}
