package dev.eider.runtime.web;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import dev.eider.runtime.event.Event;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What Umami's tracker gets back and sends again: ids of the session and the visit, and both in a
 * signed token (a JWT, HS256).
 *
 * <p>Nothing here is stored or counted by. The ids are made of the visitor's, which they do not
 * give away; the token only carries a visit's id along. It is signed with a key that each process
 * draws: one of another process is as good as none, and the tracker gets a new one.
 */
final class UmamiTokens {

  /** After so long without an event a visit is over. */
  private static final Duration VISIT = Duration.ofMinutes(30);

  private static final long HOUR = 3600;

  private static final int LONGEST = 1000;

  private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();
  private static final String HEADER =
      ENCODER.encodeToString("{\"alg\":\"HS256\",\"typ\":\"JWT\"}".getBytes(UTF_8));

  private final SecretKeySpec key;
  private final InstantSource clock;

  UmamiTokens(InstantSource clock) {
    this(newKey(), clock);
  }

  UmamiTokens(byte[] key, InstantSource clock) {
    this.key = new SecretKeySpec(key, "HmacSHA256");
    this.clock = clock;
  }

  private static byte[] newKey() {
    byte[] key = new byte[32];
    new SecureRandom().nextBytes(key);
    return key;
  }

  /**
   * What Umami answers.
   *
   * @param cache token for the next request
   * @param sessionId of this visitor's day
   * @param visitId of this visit
   */
  record Visit(String cache, UUID sessionId, UUID visitId) {

    Map<String, Object> json() {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("cache", cache);
      json.put("sessionId", sessionId.toString());
      json.put("visitId", visitId.toString());
      return json;
    }
  }

  /**
   * The answer to an event.
   *
   * @param shown the token that came with it, or empty
   */
  Visit of(Event event, String shown) {
    long now = clock.instant().getEpochSecond();
    UUID session = id("session", event, 0);
    // Without a token it is one for an hour, as Umami's.
    UUID visit = visitIn(shown, session, now).orElseGet(() -> id("visit", event, now / HOUR));
    Map<String, Object> claims = new LinkedHashMap<>();
    claims.put("websiteId", event.siteId());
    claims.put("sessionId", session.toString());
    claims.put("visitId", visit.toString());
    claims.put("iat", now);
    String content = HEADER + "." + ENCODER.encodeToString(Json.bytes(claims));
    return new Visit(content + "." + ENCODER.encodeToString(sign(content)), session, visit);
  }

  /** The visit that a token is for, if it is ours, of this session, and not over. */
  private Optional<UUID> visitIn(String token, UUID session, long now) {
    int end = token.lastIndexOf('.');
    if (end <= 0 || token.length() > LONGEST || !token.startsWith(HEADER + ".")) {
      return Optional.empty();
    }
    String content = token.substring(0, end);
    try {
      byte[] signature = Base64.getUrlDecoder().decode(token.substring(end + 1));
      if (!MessageDigest.isEqual(signature, sign(content))) {
        return Optional.empty();
      }
      JsonNode claims =
          Json.object(Base64.getUrlDecoder().decode(content.substring(HEADER.length() + 1)));
      boolean same = claims.path("sessionId").asText().equals(session.toString());
      boolean lasting = now - claims.path("iat").asLong() <= VISIT.toSeconds();
      return same && lasting
          ? Optional.of(UUID.fromString(claims.path("visitId").asText()))
          : Optional.empty();
    } catch (IllegalArgumentException e) {
      // No base64.
      return Optional.empty();
    }
  }

  private static UUID id(String what, Event event, long seed) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(
          (what + " " + event.siteId() + " " + event.visitor().id() + " ").getBytes(UTF_8));
      ByteBuffer hash = ByteBuffer.wrap(digest.digest(Long.toString(seed).getBytes(UTF_8)));
      // Version 8: a UUID of somebody's own making.
      return new UUID(
          hash.getLong() & ~0xf000L | 0x8000L, hash.getLong() >>> 2 | 0x8000_0000_0000_0000L);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  private byte[] sign(String content) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(key);
      return mac.doFinal(content.getBytes(UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has HMAC-SHA256", e);
    }
  }
}
