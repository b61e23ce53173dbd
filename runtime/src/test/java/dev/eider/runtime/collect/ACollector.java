package dev.eider.runtime.collect;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.eider.runtime.collect.known.Datacentres;
import dev.eider.runtime.collect.known.Geo;
import dev.eider.runtime.config.ASite;
import dev.eider.runtime.config.CollectSettings;
import dev.eider.runtime.config.PrivacySettings;
import dev.eider.runtime.config.RateLimit;
import dev.eider.runtime.config.Sites;
import dev.eider.runtime.disk.Disk;
import dev.eider.runtime.event.Event;
import dev.eider.runtime.state.IdentityKeys;
import dev.eider.runtime.state.Salts;
import dev.eider.runtime.state.StateDirectory;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** A collector, and whoever sends to it. */
final class ACollector {

  /** An address may send 100 a second, 500 at once. */
  private static final CollectSettings SETTINGS =
      new CollectSettings(
          PrivacySettings.Mode.STANDARD,
          Optional.empty(),
          Optional.empty(),
          Optional.of(new RateLimit(100, 500)));

  static final String CHROME =
      "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)"
          + " Chrome/141.0.0.0 Safari/537.36";

  final Sites sites = new Sites();
  final Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
  final Drops drops = new Drops(Drops.Observer.NONE);
  final AddressWatch addresses = new AddressWatch(AddressWatch.Observer.NONE);
  String peer = "203.0.113.9";
  TrustedProxies proxies = TrustedProxies.NONE;
  IngestKey key = IngestKey.NONE;
  Instant now = Instant.parse("2026-11-21T12:34:56.789Z");
  long nanos = 7_000_000_000L;
  private final Path directory;
  private AcceptedBefore past = AcceptedBefore.NOTHING;
  Set<LocalDate> closed = Set.of();
  Collector collector;

  /**
   * @param spec of the site, as YAML
   */
  ACollector(Path directory, String spec) throws IOException {
    this.directory = directory;
    headers.put("User-Agent", CHROME);
    site(spec);
    collector = start();
  }

  /** Puts a site in the place of the one with its id. */
  void site(String spec) {
    sites.put(ASite.of(spec));
  }

  /** A new process over the same files. */
  void restart(AcceptedBefore accepted) throws IOException {
    past = accepted;
    collector = start();
  }

  private Collector start() throws IOException {
    return new Collector(
        new CollectParts(
            sites,
            Salts.open(StateDirectory.open(directory.resolve("salts"), Disk.real()), () -> now),
            new IdentityKeys(StateDirectory.open(directory.resolve("identity"), Disk.real())),
            SETTINGS,
            Geo.NONE,
            new Datacentres(List.of()),
            past,
            (siteId, date) -> closed.contains(date),
            drops,
            addresses,
            () -> nanos),
        new EventIds(1, now));
  }

  /** What becomes of an event of our own protocol, given as a JSON object. */
  Outcome send(String event) throws IOException {
    CollectedBatch batch =
        (CollectedBatch)
            collector.collect(EventsAdapter.post(("[" + event + "]").getBytes(UTF_8)), request());
    assertThat(batch.outcomes()).hasSize(1);
    return batch.outcomes().getFirst();
  }

  /** A view of a page of blog.example, with more fields before it. */
  Outcome view(String more) throws IOException {
    return send("{%s\"n\":\"pageview\",\"u\":\"https://blog.example/\"}".formatted(more));
  }

  /** The event that is made of it. */
  Event kept(String event) throws IOException {
    return event(send(event));
  }

  static Event event(Outcome outcome) {
    assertThat(outcome).isInstanceOf(Outcome.Kept.class);
    return ((Outcome.Kept) outcome).event();
  }

  static String word(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Kept kept -> "kept";
      case Dropped dropped -> dropped.reason().word();
      case Rejection rejection -> rejection.status() + " " + rejection.reason();
    };
  }

  CollectRequest request() {
    return new CollectRequest(name -> headers.getOrDefault(name, ""), peer, proxies, key, now);
  }
}
