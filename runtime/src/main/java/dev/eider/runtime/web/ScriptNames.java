package dev.eider.runtime.web;

import dev.eider.runtime.config.ScriptSettings;
import dev.eider.runtime.config.SiteSettings;
import dev.eider.runtime.config.Sites;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The usual path in the place of one that a site chose against blockers: its script's, its
 * endpoint's. Follows the sites as they change; any thread.
 *
 * <p>A path belongs to one site. Where two claim it, the site whose id sorts first keeps it, as
 * with host names.
 */
final class ScriptNames implements UnaryOperator<String> {

  /** Where events of Plausible's and our own tracker go. */
  static final String ENDPOINT = "/api/event";

  private static final Logger LOG = LoggerFactory.getLogger(ScriptNames.class);

  private record Known(List<SiteSettings> of, Map<String, String> usual) {}

  private final Sites sites;
  private volatile Known known = new Known(List.of(), Map.of());

  ScriptNames(Sites sites) {
    this.sites = sites;
  }

  /** The usual path, or the same where no site chose it. */
  @Override
  public String apply(String path) {
    List<SiteSettings> now = sites.all();
    Known last = known;
    // The registry makes a new list at each change.
    if (last.of() != now) {
      last = new Known(now, usual(now));
      known = last;
    }
    return last.usual().getOrDefault(path, path);
  }

  private static Map<String, String> usual(List<SiteSettings> sites) {
    Map<String, String> usual = new HashMap<>();
    for (SiteSettings site : sites) {
      ScriptSettings script = site.ingest().script();
      script.path().ifPresent(path -> put(usual, site, path, "/js/" + site.siteId() + ".js"));
      script.endpoint().ifPresent(path -> put(usual, site, path, ENDPOINT));
    }
    return Map.copyOf(usual);
  }

  private static void put(Map<String, String> usual, SiteSettings site, String path, String is) {
    if (path.startsWith("/js/") && ScriptName.usual(path.substring(4)).isPresent()) {
      LOG.warn(
          "site {} names its script or endpoint {}, under which every site's script is; that stays"
              + " as it is, so choose another path",
          site.siteId(),
          path);
    } else if (!usual.getOrDefault(path, is).equals(is)) {
      LOG.warn(
          "site {} names its script or endpoint {}, which another site has already; choose another"
              + " path",
          site.siteId(),
          path);
    } else {
      usual.put(path, is);
    }
  }
}
