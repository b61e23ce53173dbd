package dev.eider.runtime.state;

import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.time.Instant;
import java.time.LocalDate;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** The secret under which one site's visitors have their ids on one day. */
public final class Salt {

  private static final String ALGORITHM = "HmacSHA256";

  private final String siteId;
  private final LocalDate day;
  private final Instant made;
  private final byte[] secret;

  /** Keyed once; each use takes a copy, which is far cheaper than keying a new one. */
  private final Mac keyed;

  Salt(String siteId, LocalDate day, Instant made, byte[] secret) {
    this.siteId = siteId;
    this.day = day;
    this.made = made;
    this.secret = secret.clone();
    try {
      keyed = Mac.getInstance(ALGORITHM);
      keyed.init(new SecretKeySpec(secret, ALGORITHM));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has " + ALGORITHM, e);
    }
  }

  /** HMAC-SHA256 of the message under this salt, 32 bytes. Any thread. */
  public byte[] hmac(byte[] message) {
    try {
      return ((Mac) keyed.clone()).doFinal(message);
    } catch (CloneNotSupportedException e) {
      return hmacAnew(message);
    }
  }

  private byte[] hmacAnew(byte[] message) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(secret, ALGORITHM));
      return mac.doFinal(message);
    } catch (InvalidKeyException e) {
      throw new IllegalStateException("a key of 32 bytes is a key", e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has " + ALGORITHM, e);
    }
  }

  String siteId() {
    return siteId;
  }

  LocalDate day() {
    return day;
  }

  Instant made() {
    return made;
  }

  byte[] secret() {
    return secret.clone();
  }

  /** Says which salt it is, never the secret. */
  @Override
  public String toString() {
    return "Salt[" + siteId + " " + day + "]";
  }
}
