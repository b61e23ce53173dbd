package dev.eider.runtime.golden;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Random;

/** Bytes as no tracker sends them, most of them near to what one does. */
public final class Mutations {

  private static final List<String> NASTY =
      List.of(
          "\u0000",
          "\ud83e\udd86",
          "\\ud800",
          "\"",
          "\\",
          "{",
          "}",
          "[",
          "]",
          "[[[[[[[[[[[[[[[[[[",
          ",",
          ":",
          "&",
          "=",
          "%",
          "%00",
          "%ff",
          "%F0%9F",
          "+",
          "#",
          "?",
          "//",
          "@",
          "[::1]:99999",
          "null",
          "true",
          "{}",
          "[]",
          "1e300",
          "-1e300000000",
          "1e-300000000",
          "99999999999999999999",
          "0x1",
          "NaN",
          "Infinity",
          "-0",
          "2026-02-30T25:61:61Z",
          "+999999999-12-31T23:59:59Z",
          "253402300800",
          "https://",
          "javascript:alert(1)",
          "data:,x",
          "a".repeat(3000),
          "\n",
          "\r\n",
          "é".repeat(700),
          "dimension1=",
          "requests",
          "payload",
          "engagement",
          "identify");

  private final Random random;

  /** The same ones for the same seed. */
  public Mutations(long seed) {
    this.random = new Random(seed);
  }

  /** This with up to eight changes, or none of it. */
  public byte[] of(byte[] original) {
    byte[] bytes = original;
    int changes = 1 + random.nextInt(8);
    for (int i = 0; i < changes; i++) {
      bytes = changed(bytes);
    }
    return bytes;
  }

  /** A text of a URL's query with changes. */
  public String of(String query) {
    StringBuilder text = new StringBuilder();
    for (byte each : of(query.getBytes(UTF_8))) {
      boolean plain = each > ' ' && each < 0x7f && "\"<>\\^`{|}[]#".indexOf(each) < 0;
      text.append(plain ? "" + (char) each : "%%%02x".formatted(each & 0xff));
    }
    return text.toString();
  }

  private byte[] changed(byte[] bytes) {
    int at = bytes.length == 0 ? 0 : random.nextInt(bytes.length);
    int length = Math.min(bytes.length - at, random.nextInt(20));
    byte[] nasty = NASTY.get(random.nextInt(NASTY.size())).getBytes(UTF_8);
    return switch (random.nextInt(7)) {
      case 0 -> join(bytes, 0, at, nasty, at, bytes.length);
      case 1 -> join(bytes, 0, at, nasty, at + length, bytes.length);
      case 2 -> join(bytes, 0, at, new byte[0], at + length, bytes.length);
      case 3 -> join(bytes, 0, at, new byte[0], bytes.length, bytes.length);
      case 4 -> join(bytes, 0, at + length, new byte[0], at, bytes.length);
      case 5 -> {
        byte[] flipped = bytes.clone();
        if (flipped.length > 0) {
          flipped[at] ^= (byte) (1 << random.nextInt(8));
        }
        yield flipped;
      }
      default -> {
        byte[] noise = new byte[random.nextInt(40)];
        random.nextBytes(noise);
        yield random.nextInt(20) == 0 ? noise : join(bytes, 0, at, noise, at, bytes.length);
      }
    };
  }

  private static byte[] join(byte[] from, int a, int b, byte[] middle, int c, int d) {
    ByteArrayOutputStream joined = new ByteArrayOutputStream();
    joined.write(from, a, b - a);
    joined.writeBytes(middle);
    joined.write(from, c, d - c);
    return joined.toByteArray();
  }
}
