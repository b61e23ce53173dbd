package dev.eider.runtime.lake;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the lake says of itself, from memory: asking costs no query. */
final class LakeStatus {

  private static final Logger LOG = LoggerFactory.getLogger(LakeStatus.class);

  private final InstantSource clock;
  private final Points points;
  private final Published published;
  private final Snapshots snapshots;
  private final LakeFiles files;
  private final Path cleanedFile;
  private final Instant opened;
  private volatile Optional<Instant> cleaned;
  private volatile long supersededBytes;

  /** Rows of sessions that count no more, by site. */
  private volatile Map<String, Long> supersededSessions = Map.of();

  LakeStatus(
      InstantSource clock,
      Points points,
      Published published,
      Snapshots snapshots,
      LakeFiles files,
      LakeLayout layout) {
    this.clock = clock;
    this.points = points;
    this.published = published;
    this.snapshots = snapshots;
    this.files = files;
    this.cleanedFile = layout.cleaned();
    this.opened = clock.instant();
    this.cleaned = lastCleaned();
  }

  private Optional<Instant> lastCleaned() {
    try {
      return Files.exists(cleanedFile)
          ? Optional.of(Instant.parse(Files.readString(cleanedFile).strip()))
          : Optional.empty();
    } catch (IOException | DateTimeParseException e) {
      LOG.warn(
          "{} cannot be read, as if nothing had been cleaned up yet: {}",
          cleanedFile,
          e.toString());
      return Optional.empty();
    }
  }

  /** Files have been cleaned up. */
  void cleaned() {
    cleaned = Optional.of(clock.instant());
    try {
      Files.writeString(cleanedFile, clock.instant() + "\n");
    } catch (IOException e) {
      LOG.warn("{} could not be written: {}", cleanedFile, e.toString());
    }
  }

  /** Looks at what only the catalog knows. */
  boolean look(Connection connection) throws SQLException {
    supersededBytes = files.supersededBytes(connection);
    supersededSessions = Superseded.bySite(connection);
    snapshots.all(connection);
    return true;
  }

  LakeFigures lake(
      StorageFigures storage,
      long hotRows,
      int engineReplacements,
      Optional<Instant> lastSettle,
      Optional<Instant> lastCompaction,
      String lastError) {
    Point now = points.now();
    return new LakeFigures(
        storage,
        now.snapshot(),
        now.mark(),
        hotRows,
        table(Schema.RECENT),
        table(Schema.EVENTS),
        moved(),
        sessions(),
        published.live(Schema.EVENTS).stream().map(LakeFile::partition).distinct().count(),
        snapshots.kept().count(),
        snapshots.kept().oldest().map(Snapshot::snapshotTime),
        points.openViews(),
        points.oldestView(),
        engineReplacements,
        lastSettle,
        lastCompaction,
        supersededBytes,
        cleaned,
        health(lastError),
        lastError);
  }

  SiteFigures site(String siteId) {
    List<LakeFile> events = files(Schema.EVENTS, siteId);
    List<LakeFile> sessions = files(Schema.SESSIONS, siteId);
    List<LocalDate> days =
        events.stream().map(file -> file.partition().date()).distinct().sorted().toList();
    return new SiteFigures(
        events.stream().mapToLong(LakeFile::rows).sum(),
        sessions.stream().mapToLong(LakeFile::rows).sum()
            - supersededSessions.getOrDefault(siteId, 0L),
        Stream.concat(events.stream(), sessions.stream()).mapToLong(LakeFile::bytes).sum(),
        events.size() + sessions.size(),
        days.size(),
        days.stream().findFirst(),
        days.isEmpty() ? Optional.empty() : Optional.of(days.getLast()));
  }

  private List<LakeFile> files(String table, String siteId) {
    return published.live(table).stream()
        .filter(file -> file.partition().siteId().equals(siteId))
        .toList();
  }

  private LakeFigures.Table table(String name) {
    return table(published.live(name));
  }

  private LakeFigures.Table moved() {
    return table(published.moved());
  }

  private static LakeFigures.Table table(List<LakeFile> live) {
    return new LakeFigures.Table(
        live.size(),
        live.stream().mapToLong(LakeFile::rows).sum(),
        live.stream().mapToLong(LakeFile::bytes).sum());
  }

  private LakeFigures.Table sessions() {
    LakeFigures.Table all = table(Schema.SESSIONS);
    long gone = supersededSessions.values().stream().mapToLong(Long::longValue).sum();
    return new LakeFigures.Table(all.files(), all.rows() - gone, all.bytes());
  }

  private LakeHealth health(String lastError) {
    List<LakeFile> settled =
        Stream.of(Schema.EVENTS, Schema.SESSIONS)
            .flatMap(table -> published.live(table).stream())
            .toList();
    LocalDate yesterday = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC).minusDays(1);
    record Day(String table, LakeFile.Partition partition) {}
    List<Day> days =
        settled.stream().map(file -> new Day(file.table(), file.partition())).distinct().toList();
    return LakeHealth.of(
        new LakeHealth.State(
            settled.size(),
            days.size(),
            days.stream().filter(day -> !day.partition().date().isBefore(yesterday)).count(),
            settled.stream().mapToLong(LakeFile::bytes).sum(),
            published.live(Schema.RECENT).size(),
            supersededBytes,
            cleaned.orElse(opened),
            clock.instant(),
            lastError));
  }
}
