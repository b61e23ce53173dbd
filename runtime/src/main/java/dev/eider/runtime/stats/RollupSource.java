package dev.eider.runtime.stats;

import dev.eider.runtime.lake.RolledUp;
import java.sql.SQLException;

/**
 * Where a site's rollups are found.
 *
 * @param days reads how it stands with them, as of the events' point
 * @param settings what days must have been summed up by to be used; see {@link
 *     dev.eider.runtime.lake.Rollups.Site}
 */
public record RollupSource(Reading days, String settings) {

  /** There are none. */
  public static final RollupSource NONE = new RollupSource(() -> RolledUp.NOTHING, "");

  /**
   * Reads how it stands.
   *
   * @throws StatsUnavailable when that cannot be read
   */
  RolledUp read() {
    try {
      return days.read();
    } catch (SQLException e) {
      throw new StatsUnavailable("the rollups could not be read; the log says more", e);
    }
  }

  /** Reads from the lake. */
  @FunctionalInterface
  public interface Reading {
    /**
     * Does it.
     *
     * @throws SQLException when they cannot be read
     */
    RolledUp read() throws SQLException;
  }
}
