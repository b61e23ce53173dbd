package dev.eider.runtime.lake;

import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.duckdb.DuckDBConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens views, of now and of the past, and frees what only they had kept. */
final class Views {

  private static final Logger LOG = LoggerFactory.getLogger(Views.class);

  /** How often a view is tried while DuckDB's instance is being replaced. */
  private static final int ATTEMPTS = 3;

  private final Engines engines;
  private final HotRows hot;
  private final Points points;
  private final Snapshots snapshots;
  private final Supplier<List<UnreadableFile>> unreadable;
  private final Supplier<ViewedSums> sums;
  private final FreshVisits visits;
  private final InstantSource clock;

  Views(
      Engines engines,
      HotRows hot,
      Points points,
      Snapshots snapshots,
      Supplier<List<UnreadableFile>> unreadable,
      Supplier<ViewedSums> sums,
      FreshVisits visits,
      InstantSource clock) {
    this.engines = engines;
    this.hot = hot;
    this.points = points;
    this.snapshots = snapshots;
    this.unreadable = unreadable;
    this.sums = sums;
    this.visits = visits;
    this.clock = clock;
  }

  /** How a point is pinned on one engine and shown; empty to try it once more. */
  @FunctionalInterface
  private interface Opening<T> {
    Optional<T> on(Engine engine) throws SQLException;
  }

  /** What is made of a pinned point; whoever has it lets the point go by {@code onClose}. */
  @FunctionalInterface
  private interface Showing<T> {
    T of(Engine engine, Points.Pin pin, Instant asOf, Runnable onClose) throws SQLException;
  }

  /** What whoever asks now has to be shown. */
  Freshness freshness() {
    Instant at = clock.instant();
    return new Freshness(at, hot.lastSeq());
  }

  LakeView now(String siteId) {
    return open(engine -> now(engine, freshness(), view(siteId, PinnedView.NO_SHORTCUT)));
  }

  /** Whether a site has events now, settled or not. */
  boolean hasRows(String siteId) {
    try (LakeView view = now(siteId)) {
      return Sql.number(
              view.connection(),
              "SELECT count(*) FROM (SELECT 1 FROM %s LIMIT 1)".formatted(view.events()))
          > 0;
    } catch (SQLException e) {
      throw new LakeException("the lake could not be read: " + e.getMessage(), e);
    }
  }

  /**
   * The same, with the visits of all rows if they are known or not too many.
   *
   * @param oldest what is newer than this will do, too, where it is at hand
   */
  LakeView visited(String siteId, Freshness wanted, Instant oldest) {
    return open(
        engine ->
            now(
                engine,
                wanted,
                view(
                    siteId,
                    (point, connection) ->
                        visits.show(engine, point, wanted, oldest, siteId, connection))));
  }

  LakeView past(String siteId, AsOf asOf) {
    return open(engine -> past(engine, asOf, view(siteId, PinnedView.NO_SHORTCUT)));
  }

  /** What some sites have now, as files. */
  Excerpt excerpt(List<String> siteIds, LakeFiles files, Path folder) {
    return open(engine -> now(engine, freshness(), files(siteIds, files, folder)));
  }

  /** The same of a point in the past. */
  Excerpt excerpt(List<String> siteIds, AsOf asOf, LakeFiles files, Path folder) {
    return open(engine -> past(engine, asOf, files(siteIds, files, folder)));
  }

  private Showing<Excerpt> files(List<String> siteIds, LakeFiles files, Path folder) {
    return (on, pin, asOf, onClose) ->
        new Excerpt(on, pin, asOf, siteIds, files, unreadable.get(), folder, onClose);
  }

  private Showing<LakeView> view(String siteId, PinnedView.Shortcut shortcut) {
    return (engine, pin, asOf, onClose) ->
        PinnedView.open(engine, pin, asOf, siteId, unreadable.get(), sums.get(), shortcut, onClose);
  }

  private <T> T open(Opening<T> opening) {
    for (int attempt = 1; ; attempt++) {
      Engine engine = engines.usable();
      try {
        Optional<T> view = opening.on(engine);
        if (view.isPresent()) {
          return view.get();
        }
      } catch (SQLException e) {
        engine.examine(e);
        if (!engine.broken() || attempt == ATTEMPTS) {
          throw new LakeException("the lake could not be read: " + e.getMessage(), e);
        }
      }
    }
  }

  private <T> Optional<T> now(Engine engine, Freshness wanted, Showing<T> showing)
      throws SQLException {
    hot.load(engine, wanted.through());
    Points.Pin pin = points.pin();
    if (pin.point().generations().stream().anyMatch(table -> table.engine() != engine)) {
      // Replaced between the two steps.
      points.unpin(pin);
      return Optional.empty();
    }
    return Optional.of(show(engine, pin, wanted.at(), showing));
  }

  private <T> Optional<T> past(Engine engine, AsOf asOf, Showing<T> showing) throws SQLException {
    DuckDBConnection connection = engine.connect();
    try {
      Snapshots.Found found = snapshots.find(connection, asOf);
      Points.Pin pin = points.pinPast(found.id());
      boolean still = false;
      try {
        // It may have been let go before it was pinned.
        still = snapshots.isThere(connection, found.id());
      } finally {
        if (!still) {
          points.unpin(pin);
        }
      }
      return still ? Optional.of(show(engine, pin, found.asOf(), showing)) : Optional.empty();
    } finally {
      engine.release(connection);
    }
  }

  private <T> T show(Engine engine, Points.Pin pin, Instant asOf, Showing<T> showing)
      throws SQLException {
    boolean done = false;
    try {
      T shown =
          showing.of(
              engine,
              pin,
              asOf,
              () -> {
                points.unpin(pin);
                dropUnused();
              });
      done = true;
      return shown;
    } finally {
      if (!done) {
        points.unpin(pin);
      }
    }
  }

  /** Frees all that no view is going to look at any more. */
  void tidy() {
    dropUnused();
    visits.dropBefore(points.now());
  }

  /** Frees hot rows that were flushed and that no view looks at any more. */
  private void dropUnused() {
    for (Generation generation : points.takeUnused()) {
      Engine engine = generation.engine();
      if (engine.broken()) {
        continue;
      }
      try {
        DuckDBConnection connection = engine.connect();
        try {
          Sql.run(connection, "DROP TABLE IF EXISTS memory.main." + generation.table());
        } finally {
          engine.release(connection);
        }
      } catch (SQLException e) {
        engine.examine(e);
        LOG.warn("flushed rows could not be freed: {}", e.getMessage());
      }
    }
  }
}
