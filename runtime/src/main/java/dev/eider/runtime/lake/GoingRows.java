package dev.eider.runtime.lake;

import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Settled rows of a site's days that retention is about to delete. They do not change while they
 * are looked at: whatever changes settled rows waits for the verb that holds these.
 */
public final class GoingRows {

  private final Engines engines;
  private final LakeSettings settings;
  private final String siteId;
  private final Map<LocalDate, Long> bytes = new TreeMap<>();
  private final Set<LocalDate> late;

  /**
   * @param files the files that hold them
   * @param late see {@link #isLate}
   */
  GoingRows(
      Engines engines,
      LakeSettings settings,
      String siteId,
      List<LakeFile> files,
      Set<LocalDate> late) {
    this.engines = engines;
    this.settings = settings;
    this.siteId = siteId;
    this.late = Set.copyOf(late);
    files.forEach(file -> bytes.merge(file.partition().date(), file.bytes(), Long::sum));
  }

  public String siteId() {
    return siteId;
  }

  /** About how many bytes a day's rows take as Parquet. */
  public long bytes(LocalDate date) {
    return bytes.getOrDefault(date, 0L);
  }

  /** Whether a day's rows came after others of that day had been deleted. */
  public boolean isLate(LocalDate date) {
    return late.contains(date);
  }

  /** A folder for files on their way; nothing in it is needed after the verb. */
  public Path folder() {
    return new LakeLayout(settings.data()).tmp().resolve("archive");
  }

  /** What they come to, by day. */
  public List<DayRows> days() {
    return ask(
        "summing up days of " + siteId,
        connection -> DayRows.of(connection, "(FROM " + rows(bytes.keySet()) + ")"));
  }

  /** Writes the rows of some days, all columns of them, to a new file, in order of time. */
  public void write(Path file, Collection<LocalDate> days) {
    copy(file, rows(days));
  }

  /**
   * Writes those rows of some days that other files have not.
   *
   * @param others files that were written so
   */
  public void writeMissing(Path file, Collection<LocalDate> days, List<Path> others) {
    copy(file, "(" + missing(days, others) + ")");
  }

  /** How many rows of some days these files have not. */
  public long countMissing(Collection<LocalDate> days, List<Path> others) {
    return ask(
        "comparing days of " + siteId,
        connection ->
            Sql.number(connection, "SELECT count(*) FROM (" + missing(days, others) + ")"));
  }

  /** What rows in a file that was written so come to, by day. */
  public List<DayRows> read(Path file) {
    return ask("reading " + file, connection -> DayRows.of(connection, ArchivedRows.in(file)));
  }

  private String rows(Collection<LocalDate> days) {
    return "lake.events WHERE site_id = %s AND date IN (%s)"
        .formatted(Sql.text(siteId), Sql.texts(days));
  }

  private String missing(Collection<LocalDate> days, List<Path> others) {
    return ArchivedRows.missing(
        "(FROM " + rows(days) + ")", ArchivedRows.in(others, days), Columns.SETTLED);
  }

  private void copy(Path file, String relation) {
    ask(
        "writing " + file,
        connection -> {
          Sql.run(
              connection,
              """
              COPY (SELECT %s FROM %s ORDER BY date, "timestamp", event_id)
              TO %s (FORMAT parquet, COMPRESSION zstd, PARQUET_VERSION v2, ROW_GROUP_SIZE %d)\
              """
                  .formatted(
                      Columns.names(Columns.SETTLED),
                      relation,
                      Sql.text(file.toString()),
                      settings.rowGroupRows()));
          return true;
        });
  }

  private <T> T ask(String what, Engines.Call<T> call) {
    return engines.ask(what + " failed", call);
  }
}
