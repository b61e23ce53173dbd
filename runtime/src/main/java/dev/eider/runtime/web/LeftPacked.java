package dev.eider.runtime.web;

import io.helidon.http.encoding.ContentDecoder;
import io.helidon.http.encoding.ContentEncoder;
import io.helidon.http.encoding.ContentEncoding;
import java.util.Set;

/**
 * Has Helidon hand on packed bodies as they are, where it would refuse the request in two words.
 * {@link Unpacked} knows how large they may become.
 */
final class LeftPacked implements ContentEncoding {

  @Override
  public Set<String> ids() {
    return Set.of("gzip", "x-gzip", "deflate", "compress", "br", "zstd");
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
