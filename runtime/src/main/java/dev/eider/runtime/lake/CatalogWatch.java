package dev.eider.runtime.lake;

import dev.eider.runtime.config.PostgresSettings;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks every few seconds whether a catalog in PostgreSQL can be reached, and follows its user and
 * password as a Secret changes them. Connections that are there outlive both, so neither would be
 * known before they end.
 *
 * <p>DuckDB takes what an instance connects with once, so another instance is opened, as soon as
 * the database lets the new ones in: a Secret may change before the database does.
 */
final class CatalogWatch implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(CatalogWatch.class);

  private static final Duration EVERY = Duration.ofSeconds(5);

  private final PostgresCatalog catalog;
  private final Engines engines;
  private final Points points;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(Thread.ofVirtual().name("catalog").factory());
  private volatile Optional<String> trouble = Optional.empty();

  // The thread's own.
  private String told = "";

  private CatalogWatch(PostgresCatalog catalog, Engines engines, Points points) {
    this.catalog = catalog;
    this.engines = engines;
    this.points = points;
  }

  static CatalogWatch start(PostgresCatalog catalog, Engines engines, Points points) {
    CatalogWatch watch = new CatalogWatch(catalog, engines, points);
    watch.thread.scheduleWithFixedDelay(
        watch::look, EVERY.toMillis(), EVERY.toMillis(), TimeUnit.MILLISECONDS);
    return watch;
  }

  /** Why the database could not be reached when it was last looked at; empty when it could. */
  Optional<String> trouble() {
    return trouble;
  }

  private void look() {
    // Whatever it is, the next look follows: one that throws would be the last.
    try {
      PostgresSettings used = catalog.settings();
      PostgresSettings declared = catalog.declared();
      if (!declared.equals(used)) {
        follow(used, declared);
      }
    } catch (RuntimeException | IOException e) {
      tell("the Secret of the catalog's database cannot be followed: " + e.getMessage());
    }
    trouble = PostgresLock.trouble(catalog.settings());
  }

  private void follow(PostgresSettings used, PostgresSettings declared) throws IOException {
    if (!declared.isSameDatabase(used)) {
      tell(
          "the Secret of the catalog's database names %s now; %s stays in use until the next start"
              .formatted(declared, used));
      return;
    }
    Optional<String> refused = PostgresLock.trouble(declared);
    if (refused.isPresent()) {
      tell("the Secret of the catalog's database has changed, and " + refused.get());
      return;
    }
    engines.reopen(points::awaitQuiet, () -> catalog.use(declared));
    LOG.info("the Secret of the catalog's database has changed: {} is used by it now", declared);
  }

  /** Once as long as it is the same. */
  private void tell(String sentence) {
    if (!sentence.equals(told)) {
      told = sentence;
      LOG.warn("{}", sentence);
    }
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
