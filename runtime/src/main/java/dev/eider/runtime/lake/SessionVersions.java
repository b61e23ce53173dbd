package dev.eider.runtime.lake;

import java.util.List;

/**
 * The step of {@link Migrations} that gives sessions versions, so that no row has to be replaced.
 */
final class SessionVersions {

  private SessionVersions() {}

  /**
   * The step.
   *
   * @param version what the lake has after it
   */
  static Migrations.Step step(int version) {
    return new Migrations.Step(
        version,
        "sessions have versions",
        transaction -> {
          // What was written before has NULL there, which is read as version 0.
          for (String sql :
              List.of(
                  "ALTER TABLE lake.sessions ADD COLUMN interactions BIGINT",
                  "ALTER TABLE lake.sessions ADD COLUMN version BIGINT",
                  "CREATE TABLE lake.superseded ("
                      + Columns.definitions(Superseded.COLUMNS)
                      + ")")) {
            Sql.run(transaction.connection(), sql);
          }
        });
  }
}
