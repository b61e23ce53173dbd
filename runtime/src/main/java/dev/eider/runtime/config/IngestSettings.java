package dev.eider.runtime.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * How a site's events are taken in.
 *
 * @param enabled false refuses events with the reason {@code paused}; stats stay readable
 * @param sampleRate share of visitors whose events are kept, chosen by a hash of the visitor; above
 *     0, to 1. Goals and revenue are never sampled. Stats scale counts and say so
 * @param rateLimit of the whole site; empty: none
 * @param allowedOrigins {@code Origin}s that browsers may send events from, such as {@code
 *     https://blog.example.com}, lower case; none: all. A request without an Origin is not a
 *     browser's and is not held to it
 * @param hostnames host names of pages whose events are kept, lower case, {@code *.} for every
 *     sub-domain; none: all
 * @param aliases other names of the site
 * @param script names of the script and the endpoint
 */
public record IngestSettings(
    boolean enabled,
    double sampleRate,
    Optional<RateLimit> rateLimit,
    List<String> allowedOrigins,
    List<String> hostnames,
    SiteAliases aliases,
    ScriptSettings script) {

  /** Everything is taken, from everywhere. */
  public static final IngestSettings DEFAULT =
      new IngestSettings(
          true, 1, Optional.empty(), List.of(), List.of(), SiteAliases.NONE, ScriptSettings.USUAL);

  public IngestSettings {
    if (!(sampleRate >= 0.0001 && sampleRate <= 1)) {
      throw new ConfigException(
          "sampleRate is %s; it must be between 0.0001 and 1".formatted(sampleRate));
    }
    allowedOrigins = allowedOrigins.stream().map(IngestSettings::origin).toList();
    hostnames =
        hostnames.stream().map(host -> HostNames.checkedPattern("hostnames", host)).toList();
  }

  /** The same, taking events or not. */
  public IngestSettings withEnabled(boolean other) {
    return new IngestSettings(
        other, sampleRate, rateLimit, allowedOrigins, hostnames, aliases, script);
  }

  private static String origin(String text) {
    try {
      URI uri = new URI(text.strip().toLowerCase(Locale.ROOT));
      boolean web = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
      if (web && uri.getHost() != null && uri.toString().equals(bare(uri))) {
        return uri.toString();
      }
    } catch (URISyntaxException e) {
      // Said below.
    }
    throw new ConfigException(
        "allowedOrigins has '%s'; write an origin as browsers send it: https://, a host and perhaps"
                .formatted(text)
            + " a port, and nothing after it");
  }

  private static String bare(URI uri) {
    String port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
    return uri.getScheme() + "://" + uri.getHost() + port;
  }
}
