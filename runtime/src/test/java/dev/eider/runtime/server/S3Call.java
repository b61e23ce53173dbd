package dev.eider.runtime.server;

import java.util.Locale;
import java.util.Set;

/** What a request asks of S3, as far as a {@link Fault} tells them apart. */
public enum S3Call {
  LIST,
  GET,
  HEAD,
  PUT,
  COPY,
  DELETE,
  CREATE_MULTIPART,
  UPLOAD_PART,
  COMPLETE_MULTIPART,
  ABORT_MULTIPART,
  OTHER,
  /** Bytes of a protocol that is not looked into: PostgreSQL, or S3 over TLS. */
  CONNECTION;

  /** Whatever brings bytes of an object. */
  public static final Set<S3Call> UPLOADS = Set.of(PUT, UPLOAD_PART);

  static S3Call of(HttpHead request) {
    String target = request.target();
    int mark = target.indexOf('?');
    String query = mark < 0 ? "" : "&" + target.substring(mark + 1) + "&";
    boolean ofObject = target.substring(0, mark < 0 ? target.length() : mark).matches("/[^/]+/.+");
    boolean upload = query.contains("&uploadId=");
    return switch (request.method().toUpperCase(Locale.ROOT)) {
      case "GET" -> ofObject ? GET : LIST;
      case "HEAD" -> HEAD;
      case "PUT" -> {
        if (upload) {
          yield UPLOAD_PART;
        }
        yield request.header("x-amz-copy-source").isEmpty() ? PUT : COPY;
      }
      case "POST" -> {
        if (query.contains("&uploads&") || query.contains("&uploads=&")) {
          yield CREATE_MULTIPART;
        }
        if (query.contains("&delete&") || query.contains("&delete=&")) {
          yield DELETE;
        }
        yield upload ? COMPLETE_MULTIPART : OTHER;
      }
      case "DELETE" -> upload ? ABORT_MULTIPART : DELETE;
      default -> OTHER;
    };
  }
}
