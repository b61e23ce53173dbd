package dev.eider.runtime.lake;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Stream;

/**
 * How a lake of an earlier release becomes one of this release: steps forward, each one
 * transaction, so that a lake is always of one version. There is no way back; an earlier release
 * refuses a later lake.
 *
 * <p>A step only adds. It leaves all files of {@code events} with the same columns, as the open
 * tree promises: what gets a column is written anew. What was before a step cannot be read as of
 * then any more, since queries name the columns of now.
 */
final class Migrations {

  /** Those of this release, by rising version: 2, 3 and so on. Version 1 needs none. */
  static final Migrations OF_THIS_RELEASE =
      new Migrations(
          List.of(
              new Step(2, WiderEvents.WHAT, WiderEvents::apply),
              SessionVersions.step(3),
              // No table is another, but a release that looks for marks in journal_marks alone
              // would bring events twice.
              new Step(4, "flushes tell their mark in their commit", transaction -> {}),
              RollupDays.step(5),
              RollupDays.widerStep(6)));

  private final List<Step> steps;

  Migrations(List<Step> steps) {
    this.steps = List.copyOf(steps);
    for (int i = 0; i < steps.size(); i++) {
      if (steps.get(i).version() != Schema.FIRST + 1 + i) {
        throw new IllegalArgumentException("migrations are not in order: " + steps);
      }
    }
  }

  /**
   * One step.
   *
   * @param version what the lake has after it
   * @param what it does, in words
   * @param change makes the change and forces the files that it writes
   */
  record Step(int version, String what, Change change) {}

  /** What a step does inside its transaction. */
  @FunctionalInterface
  interface Change {
    void apply(Transaction transaction) throws SQLException;
  }

  /** For tests: these and one more. */
  Migrations and(Step next) {
    return new Migrations(Stream.concat(steps.stream(), Stream.of(next)).toList());
  }

  /** The version that this release writes. */
  int newest() {
    return Schema.FIRST + steps.size();
  }

  /**
   * What a lake still lacks.
   *
   * @throws LakeException when a later release wrote it
   */
  List<Step> missing(Connection connection) throws SQLException {
    int version = Schema.version(connection);
    if (version > newest()) {
      throw new LakeException(
          "the lake has schema version %d, and this Eider knows versions up to %d: start a release that is at least as new as the one that ran last"
              .formatted(version, newest()));
    }
    return steps.stream().filter(step -> step.version() > version).toList();
  }

  /** Takes all steps, of a lake that is being made. */
  void takeAll(Transaction transaction) throws SQLException {
    for (Step step : steps) {
      take(step, transaction);
    }
  }

  /** Takes one step, in its transaction. */
  static Step take(Step step, Transaction transaction) throws SQLException {
    step.change().apply(transaction);
    Schema.record(transaction, step.version());
    transaction.message("migrating to version %d: %s".formatted(step.version(), step.what()));
    return step;
  }
}
