package dev.eider.runtime.collect;

import dev.eider.runtime.config.SiteSettings;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** The rules of each site, made anew when its settings change. Any thread. */
final class RulesOfSites {

  private final ConcurrentHashMap<String, SiteRules> rules = new ConcurrentHashMap<>();
  private final LongSupplier nanoTime;

  RulesOfSites(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  SiteRules of(SiteSettings site) {
    @Nullable SiteRules known = rules.get(site.siteId());
    // The registry hands out the same object until something changes.
    if (known != null && known.site() == site) {
      return known;
    }
    SiteRules made =
        rules.compute(
            site.siteId(),
            (id, before) ->
                before != null && before.site() == site
                    ? before
                    : new SiteRules(site, before, nanoTime.getAsLong()));
    return made;
  }
}
