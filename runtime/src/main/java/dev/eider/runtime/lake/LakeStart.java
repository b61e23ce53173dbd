package dev.eider.runtime.lake;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is done to a lake before anybody may ask: its tables are made or those of an earlier release
 * migrated, files that cannot be read are set aside, and all of it is shown at its newest version.
 */
final class LakeStart {

  private static final Logger LOG = LoggerFactory.getLogger(LakeStart.class);

  private final LakeParts parts;
  private final Commits commits;
  private final Migrations migrations;

  LakeStart(LakeParts parts, Migrations migrations) {
    this.parts = parts;
    this.commits = parts.commits;
    this.migrations = migrations;
  }

  /**
   * Does it.
   *
   * @throws LakeException when a later release wrote the lake, or it cannot be read
   */
  void run() {
    // It makes no version, so it need not wait for what came of the last one, nor for a bucket.
    try {
      commits.read(
          "configuring the lake",
          connection -> {
            Schema.configure(connection, parts.settings);
            return true;
          });
    } catch (LakeException e) {
      // The first to read much of the catalog.
      throw parts
          .catalog
          .explainDamage(String.valueOf(e.getMessage()))
          .map(why -> new LakeException(why, e))
          .orElse(e);
    }
    if (commits.read("looking into the lake", Schema::isNew)) {
      makeTables();
    }
    boolean migrated = migrate();
    Tiering.requireReachable(commits, parts.files, parts.store);
    parts.aside.begin();
    show();
    new CatalogAge(parts).tellWhatItDoesNotKnow();
    if (migrated) {
      // The columns of older versions are not those that are asked for now.
      parts.cleaner.expire(Instant.now().plus(Duration.ofDays(1)), false, Steps.UNOBSERVED);
    }
  }

  private void makeTables() {
    BucketClaim.take(parts.store, parts.settings);
    requireNoRows();
    commits.commit(
        "making the lake's tables",
        transaction -> {
          Schema.create(transaction);
          migrations.takeAll(transaction);
          transaction.message("making the lake's tables");
          return true;
        },
        (made, connection, snapshot) -> LOG.info("made a new lake in {}", parts.store.root()));
  }

  /** A lake that has lost its catalog is not to begin anew as if it had never had an event. */
  private void requireNoRows() {
    // Days may have moved to a bucket, and sums outlive their events.
    List<String> withRows =
        Stream.of(Schema.EVENTS, Schema.RECENT, Schema.SESSIONS, Schema.ROLLUPS)
            .map(table -> "/main/" + table + "/")
            .toList();
    try {
      for (String name : parts.store.names()) {
        if (withRows.stream().anyMatch(name::contains)) {
          throw new LakeException(
              "there are files with rows in %s, and no catalog that names them: %s is not there, or it is empty. Bring it back as it was, or bring back a backup (eider restore --from PLACE), or build a lake in a new data directory from these files (eider restore --parquet %1$s); nothing was changed"
                  .formatted(name.substring(0, name.indexOf("/main/") + 1), parts.catalog.where()));
        }
      }
    } catch (IOException e) {
      throw new LakeException("the lake's files cannot be looked at: " + e.getMessage(), e);
    }
  }

  /** Answers whether there was anything to do. */
  private boolean migrate() {
    List<Migrations.Step> missing = commits.read("checking the lake", migrations::missing);
    for (Migrations.Step step : missing) {
      commits.commit(
          "migrating the lake to version " + step.version(),
          transaction -> Migrations.take(step, transaction),
          (taken, connection, snapshot) ->
              LOG.info("the lake has version {} now: {}", taken.version(), taken.what()));
    }
    return !missing.isEmpty();
  }

  private void show() {
    commits.read(
        "showing the lake",
        connection -> {
          long snapshot = Commits.snapshot(connection);
          parts.points.reset(snapshot, 0);
          parts.published.mend(connection, snapshot);
          parts.snapshots.all(connection);
          parts.figures.look(connection);
          return true;
        });
    parts.closedDays.look();
  }
}
