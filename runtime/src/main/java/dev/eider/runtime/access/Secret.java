package dev.eider.runtime.access;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;

/**
 * A secret, kept as its SHA-256 only.
 *
 * <p>The secrets compared here are random and long, so one hash is enough; comparing hashes in
 * constant time tells nothing about how much of a guess was right.
 */
final class Secret {

  private static final SecureRandom RANDOM = new SecureRandom();

  private final byte[] hash;

  private Secret(byte[] hash) {
    this.hash = hash;
  }

  static Secret of(String plain) {
    return new Secret(sha256(plain));
  }

  /** 256 random bits, as text that fits into a header, a URL and a shell. */
  static String random() {
    byte[] bytes = new byte[32];
    RANDOM.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  boolean is(String candidate) {
    return MessageDigest.isEqual(hash, sha256(candidate));
  }

  private static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /** Says nothing. */
  @Override
  public String toString() {
    return "Secret";
  }
}
