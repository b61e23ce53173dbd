package dev.eider.runtime.collect;

import dev.eider.runtime.config.SiteSettings;
import dev.eider.runtime.config.Sites;
import java.util.Optional;

/** Finds sites by the names that protocols have for them. */
final class NamedSites {

  private final Sites sites;

  NamedSites(Sites sites) {
    this.sites = sites;
  }

  Optional<SiteSettings> find(SiteName name) {
    return switch (name.kind()) {
      case DOMAIN -> sites.byDomain(name.text());
      case UMAMI -> sites.byUmami(name.text());
      case MATOMO -> {
        long idsite = Text.digits(name.text());
        yield idsite > 0 && idsite <= Integer.MAX_VALUE
            ? sites.byMatomo((int) idsite)
            : Optional.empty();
      }
    };
  }

  /** What a sender is told of a name that no site has. */
  static Rejection unknown(SiteName name) {
    String text = Text.cut(Text.clean(name.text()), 100);
    String field = field(name);
    String why =
        switch (name.kind()) {
          case DOMAIN -> "'%s' is not a domain of any site here";
          case UMAMI -> "'%s' is no website of any site here (ingest.aliases, umami)";
          case MATOMO -> "'%s' is the idsite of no site here (ingest.aliases, matomo)";
        };
    return Rejection.of(400, DropReason.UNKNOWN_SITE.word(), field, why.formatted(text));
  }

  /** What a sender is told of a site that takes nothing. */
  static Rejection paused(SiteName name) {
    return Rejection.of(
        403,
        DropReason.PAUSED.word(),
        field(name),
        "site '%s' takes no events at present".formatted(Text.cut(Text.clean(name.text()), 100)));
  }

  private static String field(SiteName name) {
    return switch (name.kind()) {
      case DOMAIN -> "domain";
      case UMAMI -> "website";
      case MATOMO -> "idsite";
    };
  }
}
