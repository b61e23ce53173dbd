package dev.eider.runtime.collect;

import dev.eider.runtime.collect.known.Addresses;
import dev.eider.runtime.collect.known.ClientHints;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What the connection and the headers of a request say of its sender, found out once for all its
 * events. Used by one thread.
 */
final class Caller {

  private final CollectRequest request;
  private @Nullable String address;
  private @Nullable InetAddress client;
  private long hash;
  private @Nullable String userAgent;
  private @Nullable String origin;
  private @Nullable ClientHints clientHints;
  private @Nullable String acceptLanguage;
  private @Nullable Boolean asksNotToTrack;
  private @Nullable Boolean asksForPrivacy;
  private final AddressHash hashes;

  Caller(CollectRequest request, AddressHash hashes) {
    this.request = request;
    this.hashes = hashes;
  }

  /** Address of the client, behind all proxies that are trusted, as a literal. */
  String address() {
    String known = address;
    if (known == null) {
      known = request.trustedProxies().client(request.peer(), header("X-Forwarded-For"));
      address = known;
      client = Addresses.parse(known).orElse(null);
      hash = hashes.of(client, known);
    }
    return known;
  }

  /** The same, or null where the connection has no such address. */
  @Nullable InetAddress client() {
    address();
    return client;
  }

  /** What stands for the address where many are counted. */
  long addressHash() {
    address();
    return hash;
  }

  String userAgent() {
    String known = userAgent;
    if (known == null) {
      known = header("User-Agent");
      userAgent = known;
    }
    return known;
  }

  /** Origin of the page that sent it, lower case, or empty. */
  String origin() {
    String known = origin;
    if (known == null) {
      known = header("Origin").toLowerCase(Locale.ROOT);
      if (known.isEmpty()) {
        PageUrl page = PageUrl.parse(header("Referer"));
        known = page.authority().isEmpty() ? "" : page.scheme() + "://" + page.authority();
      }
      origin = known;
    }
    return known;
  }

  /** What Chromium's browsers say beside the user agent. */
  ClientHints clientHints() {
    ClientHints known = clientHints;
    if (known == null) {
      known = ClientHints.of(this::header);
      clientHints = known;
    }
    return known;
  }

  String acceptLanguage() {
    String known = acceptLanguage;
    if (known == null) {
      known = header("Accept-Language");
      acceptLanguage = known;
    }
    return known;
  }

  /** {@code DNT: 1}. */
  boolean asksNotToTrack() {
    Boolean known = asksNotToTrack;
    if (known == null) {
      known = header("DNT").equals("1");
      asksNotToTrack = known;
    }
    return known;
  }

  /** {@code Sec-GPC: 1}, Global Privacy Control. */
  boolean asksForPrivacy() {
    Boolean known = asksForPrivacy;
    if (known == null) {
      known = header("Sec-GPC").equals("1");
      asksForPrivacy = known;
    }
    return known;
  }

  /** Whom the request is said to have passed, left to right. */
  List<String> forwardedFor() {
    String hops = header("X-Forwarded-For");
    return hops.isEmpty()
        ? List.of()
        : Arrays.stream(hops.split(",", -1)).map(Text::clean).toList();
  }

  private String header(String name) {
    return request.headers().get(name);
  }
}
