package dev.eider.runtime.web;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import dev.eider.runtime.config.SiteSettings;
import dev.eider.runtime.config.Sites;
import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Method;
import io.helidon.http.Status;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** {@code /js/…}: the scripts that pages include to be measured. {@link ScriptName} says which. */
final class Tracker {

  private static final Header JAVASCRIPT =
      HeaderValues.createCached(HeaderNames.CONTENT_TYPE, "text/javascript; charset=utf-8");

  /** Under a name that stays when the script changes. */
  private static final Header FOR_A_DAY =
      HeaderValues.createCached(HeaderNames.CACHE_CONTROL, "public, max-age=86400");

  /** Under a name that has the hash of its content. */
  private static final Header FOR_EVER =
      HeaderValues.createCached(HeaderNames.CACHE_CONTROL, "public, max-age=31536000, immutable");

  private static final Header FOR_EVERY_PAGE =
      HeaderValues.createCached("Cross-Origin-Resource-Policy", "cross-origin");

  /** So that a page may pin it by {@code integrity}. */
  private static final Header ANY_ORIGIN =
      HeaderValues.createCached(HeaderNames.ACCESS_CONTROL_ALLOW_ORIGIN, "*");

  private static final Header BY_ENCODING =
      HeaderValues.createCached(HeaderNames.VARY, "Accept-Encoding");
  private static final Header GZIP =
      HeaderValues.createCached(HeaderNames.CONTENT_ENCODING, "gzip");
  private static final Pattern TAKES_GZIP =
      Pattern.compile("(^|,)\\s*gzip\\s*(,|$|;\\s*q\\s*=\\s*(1|0\\.0*[1-9]))");

  /** Where the options go in a build; once in each. */
  private static final String PLACE = "EIDER_SERVED";

  /** More than there are kinds of names; only sites make more. */
  private static final int KEPT = 1_000;

  private record Wanted(ScriptName.Build build, String options) {}

  private final Sites sites;
  private final Map<ScriptName.Build, String> builds = new EnumMap<>(ScriptName.Build.class);
  private final LoadingCache<Wanted, ServedScript> scripts =
      Caffeine.newBuilder().maximumSize(KEPT).build(this::make);

  Tracker(Sites sites) {
    this.sites = sites;
    for (ScriptName.Build build : ScriptName.Build.values()) {
      builds.put(build, read(build.file()));
    }
  }

  void on(Routes.Builder routes) {
    routes.on(Method.GET, "/js/{file}", this::answer);
  }

  private void answer(Exchange exchange) {
    String file = exchange.parameter("file");
    ScriptName name =
        ScriptName.usual(file)
            .or(() -> ScriptName.ofSite(file).filter(own -> sites.byDomain(own.site()).isPresent()))
            .orElseThrow(
                () ->
                    Refusal.of(
                        Status.NOT_FOUND_404,
                        "there is no script of this name: the tracker is /js/eider.js, and"
                            + " /js/script.js with Plausible's words as in"
                            + " /js/script.hash.outbound-links.js"));
    ServedScript script = scripts.get(new Wanted(name.build(), options(name)));
    exchange
        .with(name.hash().equals(script.hash()) ? FOR_EVER : FOR_A_DAY)
        .with(FOR_EVERY_PAGE)
        .with(ANY_ORIGIN)
        .with(BY_ENCODING);
    boolean zipped = TAKES_GZIP.matcher(exchange.allOf("Accept-Encoding")).find();
    exchange.with(HeaderNames.ETAG, zipped ? script.zippedTag() : script.tag());
    if (isKnown(exchange.allOf("If-None-Match"), script)) {
      exchange.empty(Status.NOT_MODIFIED_304);
    } else if (zipped) {
      exchange.with(GZIP).send(Status.OK_200, JAVASCRIPT, script.zipped());
    } else {
      exchange.send(Status.OK_200, JAVASCRIPT, script.plain());
    }
  }

  /** Whether a client has it; what is between compares weakly, RFC 9110 13.1.2. */
  private static boolean isKnown(String tags, ServedScript script) {
    return Arrays.stream(tags.split(","))
        .map(tag -> tag.strip().replaceFirst("^W/", ""))
        .anyMatch(
            tag -> tag.equals("*") || tag.equals(script.tag()) || tag.equals(script.zippedTag()));
  }

  /** What the tracker is told, as JSON. */
  private String options(ScriptName name) {
    Map<String, Object> options = new LinkedHashMap<>();
    Optional<SiteSettings> site =
        name.site().isEmpty() ? Optional.empty() : sites.byDomain(name.site());
    options.put(
        "api",
        site.flatMap(known -> known.ingest().script().endpoint()).orElse(ScriptNames.ENDPOINT));
    site.ifPresent(known -> options.put("domain", known.siteId()));
    for (String option : name.options()) {
      if (option.equals("manual")) {
        options.put("autoCapturePageviews", 0);
      } else {
        options.put(option, 1);
      }
    }
    return new String(Json.bytes(options), StandardCharsets.UTF_8);
  }

  private ServedScript make(Wanted wanted) {
    return ServedScript.of(builds.get(wanted.build()).replace(PLACE, wanted.options()));
  }

  private static String read(String file) {
    try (InputStream in = Tracker.class.getResourceAsStream(file)) {
      if (in == null) {
        throw new IllegalStateException(
            "the tracker %s is missing from this build; runtime/tracker/build makes it"
                .formatted(file));
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
