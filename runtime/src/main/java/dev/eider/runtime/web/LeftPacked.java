package dev.eider.runtime.web;

import io.helidon.http.encoding.ContentDecoder;
import io.helidon.http.encoding.ContentEncoder;
import io.helidon.http.encoding.ContentEncoding;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Has Helidon hand on packed bodies as they are, where it would refuse the request in two words.
 * {@link Unpacked} knows how large they may become.
 */
final class LeftPacked implements ContentEncoding {

  @Override
  public Set<String> ids() {
    // Their case does not matter (RFC 9110, 8.4.1), but Helidon compares it.
    return Stream.of("gzip", "x-gzip", "deflate", "compress", "br", "zstd")
        .flatMap(name -> Stream.of(name, name.toUpperCase(Locale.ROOT)))
        .collect(Collectors.toSet());
  }

  @Override
  public boolean supportsEncoding() {
    return false;
  }

  @Override
  public boolean supportsDecoding() {
    return true;
  }

  @Override
  public ContentDecoder decoder() {
    return ContentDecoder.NO_OP;
  }

  @Override
  public ContentEncoder encoder() {
    return ContentEncoder.NO_OP;
  }

  @Override
  public String name() {
    return "left-packed";
  }

  @Override
  public String type() {
    return name();
  }
}
