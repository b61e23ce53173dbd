package dev.eider.runtime.state;

import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** A key for HMAC-SHA256. Any thread. */
final class HmacKey {

  private static final String ALGORITHM = "HmacSHA256";

  private final SecretKeySpec key;

  /** Keyed once; each use takes a copy, which is far cheaper than keying a new one. */
  private final Mac keyed;

  HmacKey(byte[] secret) {
    key = new SecretKeySpec(secret, ALGORITHM);
    keyed = anew();
  }

  /** HMAC-SHA256 of the message, 32 bytes. */
  byte[] hmac(byte[] message) {
    try {
      return ((Mac) keyed.clone()).doFinal(message);
    } catch (CloneNotSupportedException e) {
      return anew().doFinal(message);
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
