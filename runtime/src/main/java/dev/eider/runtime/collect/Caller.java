package dev.eider.runtime.collect;

import org.jspecify.annotations.Nullable;

/**
 * What the connection and the headers of a request say of its sender, found out once for all its
 * events. Used by one thread.
 */
final class Caller {

  private final CollectRequest request;
  private @Nullable String address;
  private @Nullable String userAgent;

  Caller(CollectRequest request) {
    this.request = request;
  }

  /** Address of the client, behind all proxies that are trusted, as a literal. */
  String address() {
    String known = address;
    if (known == null) {
      known = request.trustedProxies().client(request.peer(), header("X-Forwarded-For"));
      address = known;
    }
    return known;
  }

  String userAgent() {
    String known = userAgent;
    if (known == null) {
      known = header("User-Agent");
      userAgent = known;
    }
    return known;
  }

  private String header(String name) {
    return request.headers().get(name);
  }
}
