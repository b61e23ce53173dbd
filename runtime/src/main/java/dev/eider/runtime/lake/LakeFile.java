package dev.eider.runtime.lake;

import java.nio.file.Path;
import java.time.LocalDate;

/**
 * A live Parquet file of the lake.
 *
 * @param table the table it belongs to
 * @param id DuckLake's number for it, never used twice
 * @param name its name as DuckLake's virtual column {@code filename} spells it
 * @param rows rows in it
 * @param bytes its size
 * @param partition its partition; {@link Partition#NONE} in a table without any
 */
record LakeFile(String table, long id, String name, long rows, long bytes, Partition partition) {

  /** Where it is, when it is on the volume. */
  Path path() {
    return Path.of(name);
  }

  /** The last part of its name, which no other file has. */
  String lastPart() {
    return name.substring(name.lastIndexOf('/') + 1);
  }

  /**
   * One site's day.
   *
   * @param siteId the site
   * @param date the day in the site's calendar
   */
  record Partition(String siteId, LocalDate date) implements Comparable<Partition> {

    static final Partition NONE = new Partition("", LocalDate.MIN);

    @Override
    public int compareTo(Partition other) {
      int bySite = siteId.compareTo(other.siteId);
      return bySite != 0 ? bySite : date.compareTo(other.date);
    }
  }
}
