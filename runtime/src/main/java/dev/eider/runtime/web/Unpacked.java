package dev.eider.runtime.web;

import io.helidon.http.Status;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.LongConsumer;
import java.util.zip.GZIPInputStream;

/** A body without its {@code Content-Encoding}. */
final class Unpacked {

  private Unpacked() {}

  /**
   * The body as it was before it was packed.
   *
   * @param encoding of the header; gzip, identity or empty
   * @param room called with how many bytes there may be in memory, before there are
   * @throws Refusal 413 as soon as more than {@code limit} bytes have come out of it, 415 for
   *     another encoding, 400 when it is broken
   */
  static byte[] of(byte[] body, String encoding, int limit, LongConsumer room) {
    return switch (encoding.strip().toLowerCase(Locale.ROOT)) {
      case "", "identity" -> body;
      case "gzip", "x-gzip" -> gunzip(body, limit, room);
      default ->
          throw Refusal.of(
              Status.UNSUPPORTED_MEDIA_TYPE_415, "send the body as it is, or packed with gzip");
    };
  }

  private static byte[] gunzip(byte[] packed, int limit, LongConsumer room) {
    try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(packed), 8192)) {
      byte[] bytes = new byte[LargeBodies.SMALL];
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
          int next = (int) Math.min(limit, bytes.length * 4L);
          room.accept(next);
          bytes = Arrays.copyOf(bytes, next);
        }
      }
    } catch (IOException e) {
      throw Refusal.of(
          Status.BAD_REQUEST_400,
          "the body is said to be packed with gzip, but is not, or not whole");
    }
  }

  private static Refusal tooLarge(int limit) {
    return Refusal.of(
        Status.REQUEST_ENTITY_TOO_LARGE_413,
        "the body has more than %d bytes when unpacked, the most that is taken here"
            .formatted(limit));
  }
}
