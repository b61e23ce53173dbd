package dev.eider.runtime.archive;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eider.runtime.backup.BackupPlace;
import dev.eider.runtime.config.BackupSettings;
import dev.eider.runtime.disk.Disk;
import dev.eider.runtime.event.Event;
import dev.eider.runtime.lake.BroughtBack;
import dev.eider.runtime.lake.DayRows;
import dev.eider.runtime.lake.Lake;
import dev.eider.runtime.lake.LakeView;
import dev.eider.runtime.lake.RetainPlan;
import dev.eider.runtime.lake.RetainReport;
import dev.eider.runtime.lake.RowsArchive;
import dev.eider.runtime.lake.Samples;
import dev.eider.runtime.lake.Steps;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;

/** A lake of one site, "a", whose old days go to an archive in a folder. */
final class ArchivedLake implements AutoCloseable {

  private final Path data;
  final Path folder;
  private final List<Event> accepted = new ArrayList<>();
  private long epoch;
  Lake lake;
  Instant now;

  ArchivedLake(Path temporary, Instant now) {
    this.data = temporary.resolve("data");
    this.folder = temporary.resolve("elsewhere");
    this.now = now;
    open();
  }

  private void open() {
    lake = Lake.open(Samples.settings(data).withClock(() -> now), Disk.real());
    // All that was accepted is in the lake already.
    lake.own(Samples.JOURNAL, ++epoch, Samples.NO_REPLAY);
  }

  void reopen() {
    lake.close();
    open();
  }

  /** Page views and sales of a day, a minute each. */
  void accept(LocalDate day, int count) {
    List<Event> events = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Instant at = day.atTime(9, 0).plusMinutes(i).toInstant(ZoneOffset.UTC);
      events.add(
          i % 3 == 0
              ? Samples.full("a", "v" + i % 5, at)
              : Samples.view("a", "v" + i % 5, at, "/" + i));
    }
    accept(events);
  }

  void accept(List<Event> events) {
    lake.accept(Samples.numbered(accepted.size() + 1, events));
    accepted.addAll(events);
    lake.flush();
  }

  BackupSettings.Destination destination() {
    return new BackupSettings.Folder(folder);
  }

  SiteArchive archive() {
    return archive(OptionalInt.empty(), 1L << 30);
  }

  SiteArchive archive(OptionalInt keepDays, long fileBytes) {
    return new SiteArchive(destination(), keepDays, Disk.real(), () -> now, fileBytes);
  }

  RetainReport retain(LocalDate keepFrom) {
    return retain(keepFrom, archive(), Steps.UNOBSERVED);
  }

  RetainReport retain(LocalDate keepFrom, RowsArchive archive, Steps steps) {
    return lake.retain(
        new RetainPlan(
            List.of(
                new RetainPlan.Site(
                    "a",
                    keepFrom,
                    keepFrom,
                    Optional.empty(),
                    Optional.empty(),
                    100,
                    true,
                    Optional.of(archive))),
            false),
        steps);
  }

  /** Brings days back, to be left alone for a day. */
  BroughtBack bringBack(LocalDate first, LocalDate last) throws IOException {
    return new FromArchive(destination(), data.resolve("tmp/archive"), Disk.real())
        .run(lake, "a", first, last, now.plus(Duration.ofDays(1)), true, Steps.UNOBSERVED);
  }

  /** What sessions come to, one line each. */
  List<String> sessions() throws Exception {
    return rows(
        "SELECT concat_ws(' ', session_id, date, start_time, end_time, pageviews, events,"
            + " revenue) FROM %s ORDER BY 1",
        LakeView::sessions);
  }

  /** Settled rows, one line each: what they are and which session they are in. */
  List<String> rows() throws Exception {
    return rows(
        "SELECT concat_ws(' ', event_id, session_id, timestamp, props, items, revenue_amount,"
            + " pathname) FROM %s ORDER BY 1",
        LakeView::events);
  }

  private List<String> rows(String sql, Function<LakeView, String> of) throws Exception {
    try (LakeView view = lake.view("a");
        Statement statement = view.connection().createStatement();
        ResultSet found = statement.executeQuery(sql.formatted(of.apply(view)))) {
      List<String> rows = new ArrayList<>();
      while (found.next()) {
        rows.add(found.getString(1));
      }
      return rows;
    }
  }

  /** What the archive says that it has, by day. */
  Map<LocalDate, DayRows> archived() throws IOException {
    Map<LocalDate, DayRows> days = new TreeMap<>();
    try (BackupPlace place = BackupPlace.of(destination(), Disk.real())) {
      Archives.Found found = new Archives(place).find("a");
      assertThat(found.damaged()).isEmpty();
      for (ArchiveManifest manifest : found.whole()) {
        manifest.sums().forEach(day -> days.merge(day.date(), day, DayRows::plus));
      }
    }
    return days;
  }

  /** Ids of the events in the lake. */
  List<String> ids() throws Exception {
    return rows("SELECT event_id::VARCHAR FROM %s", LakeView::events);
  }

  /** Ids of the events in files that count. */
  List<String> archivedIds() throws Exception {
    List<String> ids = new ArrayList<>();
    for (Path manifest : files(".json")) {
      Path file = Path.of(manifest.toString().replace(".json", ".parquet"));
      try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
          Statement statement = connection.createStatement();
          ResultSet found =
              statement.executeQuery(
                  "SELECT event_id::VARCHAR FROM read_parquet('%s')".formatted(file))) {
        while (found.next()) {
          ids.add(found.getString(1));
        }
      }
    }
    return ids;
  }

  /** Rows in all its files, and how many different events: as any tool sees them. */
  String globbed() throws Exception {
    if (files(".parquet").isEmpty()) {
      return "0 0";
    }
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT count(*) || ' ' || count(DISTINCT event_id) FROM read_parquet('%s/archive/site_a_*.parquet', union_by_name = true)"
                    .formatted(folder))) {
      row.next();
      return row.getString(1);
    }
  }

  List<Path> files(String ending) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(file -> file.toString().endsWith(ending)).sorted().toList();
    }
  }

  long inLake() throws Exception {
    return Samples.count(lake, "a");
  }

  int accepted() {
    return accepted.size();
  }

  @Override
  public void close() {
    lake.close();
  }
}
