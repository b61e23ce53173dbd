package dev.eider.runtime.state;

import java.time.Instant;
import java.time.LocalDate;

/** The secret under which one site's visitors have their ids on one day. */
public final class Salt {

  private final String siteId;
  private final LocalDate day;
  private final Instant made;
  private final byte[] secret;
  private final HmacKey key;

  Salt(String siteId, LocalDate day, Instant made, byte[] secret) {
    this.siteId = siteId;
    this.day = day;
    this.made = made;
    this.secret = secret.clone();
    this.key = new HmacKey(secret);
  }

  /** HMAC-SHA256 of the message under this salt, 32 bytes. Any thread. */
  public byte[] hmac(byte[] message) {
    return key.hmac(message);
  }

  /** The day whose visitors have their ids under it. */
  public LocalDate day() {
    return day;
  }

  /** When it is destroyed at the latest. */
  public Instant destroyedBy() {
    return made.plus(Salts.LIFE);
  }

  String siteId() {
    return siteId;
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
