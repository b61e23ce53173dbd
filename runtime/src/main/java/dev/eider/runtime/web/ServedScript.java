package dev.eider.runtime.web;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/**
 * A script as it goes out, made once.
 *
 * @param plain UTF-8
 * @param zipped the same by gzip
 * @param hash of its content, 16 hex digits
 */
record ServedScript(byte[] plain, byte[] zipped, String hash) {

  static ServedScript of(String code) {
    byte[] plain = code.getBytes(StandardCharsets.UTF_8);
    return new ServedScript(plain, gzip(plain), hash(plain));
  }

  /** The plain form's; the zipped one has its own, as each is a representation of its own. */
  String tag() {
    return '"' + hash + '"';
  }

  String zippedTag() {
    return '"' + hash + "-gz\"";
  }

  private static byte[] gzip(byte[] plain) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out =
        new GZIPOutputStream(bytes) {
          {
            def.setLevel(Deflater.BEST_COMPRESSION);
          }
        }) {
      out.write(plain);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static String hash(byte[] plain) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(plain), 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
