package dev.eider.runtime.lake;

import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
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
  private final BooleanSupplier sumsAreWhole;

  Views(
      Engines engines,
      HotRows hot,
      Points points,
      Snapshots snapshots,
      Supplier<List<UnreadableFile>> unreadable,
      BooleanSupplier sumsAreWhole) {
    this.engines = engines;
    this.hot = hot;
    this.points = points;
    this.snapshots = snapshots;
    this.unreadable = unreadable;
    this.sumsAreWhole = sumsAreWhole;
  }

  /** How a view is opened on one engine; empty to try it once more. */
  @FunctionalInterface
  private interface Opening {
    Optional<LakeView> on(Engine engine) throws SQLException;
  }

  LakeView now(String siteId) {
    return open(engine -> now(engine, siteId));
  }

  LakeView past(String siteId, AsOf asOf) {
    return open(engine -> past(engine, siteId, asOf));
  }

  private LakeView open(Opening opening) {
    for (int attempt = 1; ; attempt++) {
      Engine engine = engines.usable();
      try {
        Optional<LakeView> view = opening.on(engine);
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

  private Optional<LakeView> now(Engine engine, String siteId) throws SQLException {
    hot.loadAll(engine);
    Points.Pin pin = points.pin();
    if (pin.point().generations().stream().anyMatch(table -> table.engine() != engine)) {
      // Replaced between the two steps.
      points.unpin(pin);
      return Optional.empty();
    }
    return Optional.of(open(engine, pin, pin.since(), siteId));
  }

  private Optional<LakeView> past(Engine engine, String siteId, AsOf asOf) throws SQLException {
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
      return still ? Optional.of(open(engine, pin, found.asOf(), siteId)) : Optional.empty();
    } finally {
      engine.release(connection);
    }
  }

  private LakeView open(Engine engine, Points.Pin pin, Instant asOf, String siteId)
      throws SQLException {
    boolean done = false;
    try {
      LakeView view =
          PinnedView.open(
              engine,
              pin,
              asOf,
              siteId,
              unreadable.get(),
              sumsAreWhole.getAsBoolean(),
              () -> {
                points.unpin(pin);
                dropUnused();
              });
      done = true;
      return view;
    } finally {
      if (!done) {
        points.unpin(pin);
      }
    }
  }

  /** Frees hot rows that were flushed and that no view looks at any more. */
  void dropUnused() {
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
