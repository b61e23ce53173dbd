package dev.eider.runtime;

import dev.eider.runtime.access.AdminToken;
import dev.eider.runtime.access.SiteKeys;
import dev.eider.runtime.audit.AuditEntry;
import dev.eider.runtime.audit.AuditLog;
import dev.eider.runtime.backup.BackupRun;
import dev.eider.runtime.collect.AddressWatch;
import dev.eider.runtime.collect.CollectParts;
import dev.eider.runtime.collect.Collector;
import dev.eider.runtime.collect.Drops;
import dev.eider.runtime.collect.TrustedProxies;
import dev.eider.runtime.config.ConfigException;
import dev.eider.runtime.config.RuntimeSettings;
import dev.eider.runtime.config.SiteDirectory;
import dev.eider.runtime.config.SiteSettings;
import dev.eider.runtime.config.Sites;
import dev.eider.runtime.disk.Disk;
import dev.eider.runtime.erasure.ErasureRun;
import dev.eider.runtime.job.Jobs;
import dev.eider.runtime.journal.JournalState;
import dev.eider.runtime.state.IdentityKeys;
import dev.eider.runtime.state.Salts;
import dev.eider.runtime.state.StateDirectory;
import dev.eider.runtime.web.Health;
import dev.eider.runtime.web.Meters;
import dev.eider.runtime.web.Web;
import dev.eider.runtime.web.WebParts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The composition root: the one place that knows every room, opens them from left to right and
 * closes them from right to left.
 */
public final class Runtime implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Runtime.class);

  private final RuntimeSettings settings;
  private final SiteDirectory directory;
  private final Storage storage;
  private final LakeStatistics statistics;
  private final LakeSql sql;
  private final Jobs jobs;
  private final Health health;
  private final FatalWatch watch;
  private final Housekeeping housekeeping;
  private final Web web;
  private final AdminToken adminToken;
  private final AtomicBoolean closing = new AtomicBoolean();
  private final CountDownLatch closed = new CountDownLatch(1);

  private Runtime(RuntimeOptions options) throws IOException {
    long start = System.nanoTime();
    Disk disk = Disk.real();
    InstantSource clock = InstantSource.system();
    // Flags alone say how careful every site has to be, so it is known before the first is read.
    Sites sites =
        new Sites(
            options.overrides().apply(RuntimeSettings.DEFAULT).collect().privacyFloor(),
            SiteScope::check);
    directory = readSites(options.sites(), sites);
    settings = options.overrides().apply(directory.runtime());
    disk.createDirectories(options.data());
    Path state = options.data().resolve("state");
    adminToken = adminToken(options, state, disk, clock);
    SiteKeys keys = keys(options, state, sites, disk, clock);

    storage =
        Storage.openOnceReachable(
            options.data(), options.extensions(), settings, options.engine(), disk);
    storage.lake().rollUpAs(new RolledSites(sites));
    Salts salts = Salts.open(StateDirectory.open(state.resolve("salts"), disk), clock);
    BackupRun backup =
        new BackupRun(settings.backup(), options.data(), options.extensions(), disk, clock);
    ArchiveOfSites archive = new ArchiveOfSites(settings.archive(), disk, clock);
    ErasureRun erasure =
        new ErasureRun(
            options.data(),
            options.extensions(),
            settings.backup(),
            settings.archive(),
            settings.place(),
            disk,
            clock);
    AuditLog audit = AuditLog.open(options.data(), disk);
    AuditOfSites audited = new AuditOfSites(audit, sites, clock, AuditEntry.ADMIN);
    jobs = new Jobs(Verbs.of(storage, sites, backup, erasure, archive, audited, clock), clock);
    if (settings.backup().destination().isPresent()) {
      RestoredLake.eraseAgain(options.data(), jobs, disk, clock);
    }
    health =
        new Health(
            Map.of(
                "journal", () -> notAccepting(storage.journal().state()),
                "sites",
                    () ->
                        directory.problems().isEmpty() || !sites.all().isEmpty()
                            ? Optional.empty()
                            : Optional.of(directory.problems().getFirst())));
    watch = FatalWatch.start(storage, health);
    Collecting collecting =
        Collecting.open(settings.collect(), options.extensions().resolveSibling("geo"));
    housekeeping = Housekeeping.start(salts, collecting::refresh);
    TrustedProxies trustedProxies = trustedProxies(settings);
    SavedForSites saved = SavedForSites.open(state, disk);
    statistics =
        new LakeStatistics(
            storage.lake(), saved, storage.settings().threads(), options.engine().answers());
    sql = new LakeSql(storage.lake(), options.data(), storage.settings());
    Meters meters = new Meters();
    storage.measure(meters);
    meters.gauge(
        "eider.backup.age.seconds",
        "Time since the last good backup was begun; NaN where none are made",
        () -> backup.age().orElse(Double.NaN));
    meters.counter(
        "eider.audit.lost",
        "Entries of the audit log that could not be written; the process's log has them",
        audit::lost);
    sql.measure(meters);
    statistics.measure(meters);
    Drops drops = Collecting.drops(meters);
    AddressWatch addresses = Collecting.addresses(meters);
    IdentityKeys identityKeys =
        new IdentityKeys(StateDirectory.open(state.resolve("identity"), disk));
    Collector collector =
        new Collector(
            new CollectParts(
                sites,
                salts,
                identityKeys,
                settings.collect(),
                collecting.geo(),
                collecting.datacentres(),
                new AcceptedInLake(storage.lake()),
                storage.lake()::isClosed,
                drops,
                addresses,
                System::nanoTime));
    Collecting.measure(collector, meters);
    web =
        Web.start(
            options.web(),
            new WebParts(
                adminToken,
                keys,
                sites,
                collector,
                storage.journal(),
                () -> trustedProxies,
                jobs,
                new RuntimeFigures(
                    sites, directory, storage, statistics, drops, addresses, collecting),
                statistics,
                saved.segments(),
                saved.annotations(),
                sql,
                audit,
                health,
                meters));
    directory.watch();
    health.started();
    LOG.info(
        "ready after {} ms with {} sites",
        Duration.ofNanos(System.nanoTime() - start).toMillis(),
        sites.all().size());
  }

  /**
   * Opens everything and listens.
   *
   * @throws ConfigException when something that was asked for cannot be used
   * @throws IOException when the data directory cannot be used
   */
  public static Runtime start(RuntimeOptions options) throws IOException {
    return new Runtime(options);
  }

  /** The main port. */
  public int port() {
    return web.port();
  }

  /** The management port, if there is one. */
  public OptionalInt managementPort() {
    return web.managementPort();
  }

  /** The admin token, where it was made just now. */
  public Optional<String> madeAdminToken() {
    return adminToken.made();
  }

  /** Waits until {@link #close} is through. */
  public void awaitClosed() throws InterruptedException {
    closed.await();
  }

  /**
   * Stops: no more requests, a last flush, everything closed. What is not through within the
   * shutdown timeout is left to the journal, which is replayed at the next start.
   */
  @Override
  public void close() {
    if (!closing.compareAndSet(false, true)) {
      return;
    }
    long start = System.nanoTime();
    LOG.info("stopping");
    health.stopping();
    Thread last = Thread.ofPlatform().daemon().name("stopping").start(this::closeRooms);
    try {
      if (!last.join(settings.flush().shutdownTimeout())) {
        LOG.warn(
            "not through after {} s; the journal has what is not in the lake and is replayed at the"
                + " next start",
            settings.flush().shutdownTimeout().toSeconds());
      } else {
        LOG.info("stopped after {} ms", Duration.ofNanos(System.nanoTime() - start).toMillis());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      closed.countDown();
    }
  }

  private void closeRooms() {
    watch.close();
    web.close();
    directory.close();
    housekeeping.close();
    jobs.close(Duration.ofSeconds(10));
    sql.close();
    statistics.close();
    storage.close();
  }

  private static SiteDirectory readSites(Path directory, Sites sites) {
    if (!Files.isDirectory(directory)) {
      throw new ConfigException(
          "--sites: %s is not a directory; give one with the AnalyticsSite YAML of the sites"
              .formatted(directory));
    }
    SiteDirectory reading = new SiteDirectory(directory, sites);
    reading.refresh();
    return reading;
  }

  private static AdminToken adminToken(
      RuntimeOptions options, Path state, Disk disk, InstantSource clock) throws IOException {
    if (options.adminToken().isPresent()) {
      return AdminToken.of(options.adminToken().get());
    }
    if (options.adminTokenFile().isPresent()) {
      return AdminToken.inFile(options.adminTokenFile().get(), clock);
    }
    return AdminToken.inFileMadeOnce(state.resolve("admin-token"), disk, clock);
  }

  private SiteKeys keys(
      RuntimeOptions options, Path state, Sites sites, Disk disk, InstantSource clock) {
    if (options.keys().isPresent()) {
      return new SiteKeys(options.keys().get(), clock);
    }
    Path own = state.resolve("keys");
    SiteKeys keys = new SiteKeys(own, clock);
    directory.onChange(
        () -> {
          try {
            keys.makeMissing(sites.all().stream().map(SiteSettings::siteId).toList(), disk);
          } catch (IOException e) {
            LOG.error("keys of sites could not be made in {}", own, e);
          }
        });
    return keys;
  }

  private static TrustedProxies trustedProxies(RuntimeSettings settings) {
    try {
      return TrustedProxies.of(settings.trustedProxies());
    } catch (ConfigException e) {
      throw new ConfigException("network.trustedProxies: " + e.getMessage(), e);
    }
  }

  private static Optional<String> notAccepting(JournalState state) {
    // A full journal passes by itself and stats go on, so the pod stays in its Service.
    return state.status() == JournalState.Status.CLOSED
        ? Optional.of("the journal is closed: " + state.reason())
        : Optional.empty();
  }
}
