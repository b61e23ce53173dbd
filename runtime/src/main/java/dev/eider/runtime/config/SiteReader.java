package dev.eider.runtime.config;

import dev.eider.runtime.config.CustomProperty.Scope;
import dev.eider.runtime.config.FilterSettings.Bots;
import dev.eider.runtime.config.PrivacySettings.GeoDetail;
import dev.eider.runtime.config.PrivacySettings.Identity;
import dev.eider.runtime.config.PrivacySettings.Mode;
import dev.eider.runtime.config.PrivacySettings.Rounding;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a manifest says about collection and privacy of a site. */
final class SiteReader {

  private SiteReader() {}

  static IngestSettings ingest(Part ingest) {
    ingest.only(
        "enabled", "sampleRate", "rateLimit", "allowedOrigins", "hostnames", "aliases", "script");
    IngestSettings normal = IngestSettings.DEFAULT;
    boolean enabled = ingest.flag("enabled", normal.enabled());
    double sampleRate = sampleRate(ingest, normal.sampleRate());
    Optional<RateLimit> limit = rateLimit(ingest.at("rateLimit"));
    List<String> origins = ingest.texts("allowedOrigins");
    List<String> hostnames = ingest.texts("hostnames");
    SiteAliases aliases = aliases(ingest);
    ScriptSettings script = script(ingest);
    return ingest.make(
        () -> new IngestSettings(enabled, sampleRate, limit, origins, hostnames, aliases, script));
  }

  private static double sampleRate(Part ingest, double normal) {
    return ingest
        .text("sampleRate")
        .map(
            text -> {
              // Double.parseDouble also takes 1e-1, 0x1p-1 and 1d.
              if (!text.matches("[0-9]{1,3}([.][0-9]{1,12})?")) {
                throw ingest.wrong(
                    "sampleRate",
                    "'" + text + "'",
                    "write the share of visitors as a number between 0.0001 and 1, such as \"0.25\"");
              }
              return Double.parseDouble(text);
            })
        .orElse(normal);
  }

  /** A limit; empty where there is none. */
  static Optional<RateLimit> rateLimit(Part limit) {
    limit.only("eventsPerSecond", "burst");
    if (!limit.isThere()) {
      return Optional.empty();
    }
    int rate = limit.number("eventsPerSecond", 0);
    int burst = limit.number("burst", 0);
    return Optional.of(
        limit.make(() -> limit.has("burst") ? new RateLimit(rate, burst) : RateLimit.of(rate)));
  }

  private static SiteAliases aliases(Part ingest) {
    List<String> umami = new ArrayList<>();
    List<Integer> matomo = new ArrayList<>();
    List<String> hosts = new ArrayList<>();
    for (Part alias : ingest.parts("aliases")) {
      alias.only("umami", "matomo", "host");
      if (alias.node().size() != 1) {
        throw new ConfigException(
            "%s must have exactly one of umami, matomo and host".formatted(alias.name()));
      }
      alias.text("umami").ifPresent(umami::add);
      alias.text("host").ifPresent(hosts::add);
      if (alias.has("matomo")) {
        matomo.add(alias.number("matomo", 0));
      }
    }
    return ingest.make(() -> new SiteAliases(umami, matomo, hosts));
  }

  private static ScriptSettings script(Part ingest) {
    Part script = ingest.at("script").only("path", "endpoint");
    return ingest.make(() -> new ScriptSettings(script.text("path"), script.text("endpoint")));
  }

  static PrivacySettings privacy(Part privacy) {
    privacy.only(
        "mode",
        "identity",
        "geo",
        "respectDoNotTrack",
        "respectGlobalPrivacyControl",
        "stripReferrerQuery",
        "dropQueryParameters",
        "roundTimestamps");
    PrivacySettings normal = PrivacySettings.DEFAULT;
    Mode mode = privacy.choice("mode", normal.mode());
    Identity identity = privacy.choice("identity", normal.identity());
    GeoDetail geo = privacy.choice("geo", normal.geo());
    Rounding rounding = privacy.choice("roundTimestamps", normal.roundTimestamps());
    return new PrivacySettings(
        mode,
        identity,
        geo,
        privacy.flag("respectDoNotTrack", normal.respectDoNotTrack()),
        privacy.flag("respectGlobalPrivacyControl", normal.respectGlobalPrivacyControl()),
        privacy.flag("stripReferrerQuery", normal.stripReferrerQuery()),
        privacy.texts("dropQueryParameters"),
        rounding);
  }

  static FilterSettings filters(Part filters) {
    filters.only("bots", "ipRanges", "countries", "pages", "withdrawnBotRules");
    Bots bots = filters.choice("bots", FilterSettings.DEFAULT.bots());
    List<String> ranges = filters.texts("ipRanges");
    List<String> countries = filters.texts("countries");
    List<String> pages = filters.texts("pages");
    List<String> withdrawn = filters.texts("withdrawnBotRules");
    return filters.make(() -> new FilterSettings(bots, ranges, countries, pages, withdrawn));
  }

  static List<CustomProperty> properties(Part spec) {
    List<CustomProperty> properties = new ArrayList<>();
    for (Part property : spec.parts("properties")) {
      property.only("name", "index", "type", "scope");
      CustomProperty.Type type = property.choice("type", CustomProperty.Type.STRING);
      Scope scope = property.choice("scope", Scope.EVENT);
      String name = property.text("name").orElse("");
      int index = property.number("index", 0);
      properties.add(property.make(() -> new CustomProperty(name, index, type, scope)));
    }
    return properties;
  }
}
