package dev.eider.runtime.web;

import io.helidon.http.Status;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Locale;
import java.util.zip.GZIPInputStream;

/** A body without its {@code Content-Encoding}. */
final class Unpacked {

  private Unpacked() {}

  /**
   * The body as it was before it was packed.
   *
   * @param encoding of the header; gzip, identity or empty
   * @param large called before more than {@link LargeBodies#LARGE} bytes are unpacked
   * @throws Refusal 413 as soon as more than {@code limit} bytes have come out of it, 415 for
   *     another encoding, 400 when it is broken
   */
  static byte[] of(byte[] body, String encoding, int limit, Runnable large) {
    return switch (encoding.strip().toLowerCase(Locale.ROOT)) {
      case "", "identity" -> body;
      case "gzip", "x-gzip" -> gunzip(body, limit, large);
      default ->
          throw Refusal.of(
              Status.UNSUPPORTED_MEDIA_TYPE_415, "send the body as it is, or packed with gzip");
    };
  }

  private static byte[] gunzip(byte[] packed, int limit, Runnable large) {
    try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(packed), 8192)) {
      byte[] bytes = new byte[Math.clamp(packed.length * 8L, 1024, Math.min(limit, LargeBodies.LARGE))];
      int length = 0;
      while (true) {
        int read = in.read(bytes, length, bytes.length - length);
        if (read < 0) {
          return Arrays.copyOf(bytes, length);
        }
        length += read;
        if (length == bytes.length) {
          if (length == limit) {
            if (in.read() >= 0) {
              throw tooLarge(limit);
            }
            return bytes;
          }
          if (length >= LargeBodies.LARGE) {
            large.run();
          }
          bytes = Arrays.copyOf(bytes, (int) Math.min(limit, bytes.length * 2L));
        }
      }
    } catch (IOException e) {
      throw Refusal.of(
          Status.BAD_REQUEST_400, "the body is said to be packed with gzip, but is not, or not whole");
    }
  }

  private static Refusal tooLarge(int limit) {
    return Refusal.of(
        Status.REQUEST_ENTITY_TOO_LARGE_413,
        "the body has more than %d bytes when unpacked, the most that is taken here"
            .formatted(limit));
  }
}
