package dev.eider.runtime.collect;

import dev.eider.runtime.collect.known.Datacentres;
import dev.eider.runtime.collect.known.Geo;
import dev.eider.runtime.config.CollectSettings;
import dev.eider.runtime.config.Sites;
import dev.eider.runtime.state.IdentityKeys;
import dev.eider.runtime.state.Salts;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * What a {@link Collector} works with.
 *
 * @param sites where sites are looked up
 * @param salts what visitors get their ids under
 * @param identityKeys what visitors get their ids under whom the site itself names
 * @param settings what holds for all sites
 * @param geo where addresses are
 * @param datacentres which addresses are servers'
 * @param past what was accepted before the start
 * @param closedDays which days are over and done with
 * @param drops counts what is not kept
 * @param addresses notices when most events come from one address
 * @param nanoTime a clock that is never set, as {@link System#nanoTime}
 */
public record CollectParts(
    Sites sites,
    Salts salts,
    IdentityKeys identityKeys,
    CollectSettings settings,
    Geo geo,
    Datacentres datacentres,
    AcceptedBefore past,
    ClosedDays closedDays,
    Drops drops,
    AddressWatch addresses,
    LongSupplier nanoTime) {

  /** With every default, nobody who looks at the counts, and nothing accepted before. */
  public static CollectParts of(Sites sites, Salts salts, IdentityKeys identityKeys) {
    return new CollectParts(
        sites,
        salts,
        identityKeys,
        CollectSettings.DEFAULT,
        Geo.NONE,
        new Datacentres(List.of()),
        AcceptedBefore.NOTHING,
        ClosedDays.NONE,
        new Drops(Drops.Observer.NONE),
        new AddressWatch(AddressWatch.Observer.NONE),
        System::nanoTime);
  }
}
