package dev.eider.runtime;

import dev.eider.runtime.collect.AddressWatch;
import dev.eider.runtime.collect.Collector;
import dev.eider.runtime.collect.Drops;
import dev.eider.runtime.collect.known.Datacentres;
import dev.eider.runtime.collect.known.Geo;
import dev.eider.runtime.config.CollectSettings;
import dev.eider.runtime.web.Meters;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What collection needs of the world, and what the world sees of it.
 *
 * @param geo where addresses are: what is mounted, then what comes with Eider
 * @param datacentres which addresses are servers'
 */
record Collecting(Geo geo, Datacentres datacentres) {

  /**
   * Opens what there is; what is missing may come later.
   *
   * @param geoInside directory of the database that comes with Eider
   */
  static Collecting open(CollectSettings settings, Path geoInside) {
    List<Path> places = new ArrayList<>();
    settings.geo().ifPresent(places::add);
    places.add(geoInside);
    return new Collecting(
        new Geo(places), new Datacentres(settings.datacentreRanges().stream().toList()));
  }

  /** Takes files that were replaced. */
  void refresh() {
    geo.refresh();
    datacentres.refresh();
  }

  /** What is wrong with mounted files, for people. */
  List<String> problems() {
    return List.of(geo.problem(), datacentres.problem()).stream()
        .flatMap(Optional::stream)
        .toList();
  }

  static Drops drops(Meters meters) {
    return new Drops(
        (siteId, reason, count) ->
            meters.counter(
                "eider.events.dropped",
                "Events that were not kept, by reason",
                count::getAsLong,
                "site",
                siteId,
                "reason",
                reason));
  }

  static AddressWatch addresses(Meters meters) {
    return new AddressWatch(
        (siteId, share) ->
            meters.gauge(
                "eider.events.one.address.share",
                "Share of an hour's events that came from one address; 0 where it is under a half",
                share,
                "site",
                siteId));
  }

  static void measure(Collector collector, Meters meters) {
    meters.counter(
        "eider.duplicates.forgotten",
        "Event ids forgotten before 24 hours were over, for want of room",
        collector::forgottenIds);
  }
}
