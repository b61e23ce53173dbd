package dev.eider.runtime.lake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eider.runtime.disk.Disk;
import dev.eider.runtime.event.Engagement;
import dev.eider.runtime.event.Event;
import dev.eider.runtime.event.EventType;
import dev.eider.runtime.event.Revenue;
import dev.eider.runtime.event.Visitor;
import dev.eider.runtime.journal.Accepted;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Random verbs against a plain model: after each, everything that can be counted is equal. */
class RandomWalkTest {

  private static final Instant START = Instant.parse("2026-05-04T10:00:00Z");
  private static final List<String> SITES = List.of("a", "b.example", "c-shop");

  @TempDir Path temporary;

  @ParameterizedTest
  @MethodSource("seeds")
  void everyStepAgreesWithTheModel(long seed) throws Exception {
    try (Walk walk = new Walk(seed, temporary)) {
      for (int step = 0; step < Integer.getInteger("eider.walk.steps", 40); step++) {
        walk.step();
      }
      walk.settle();
      walk.compact();
      walk.check("the end");
    }
  }

  /** More of them by -Deider.walk.seeds, and longer walks by -Deider.walk.steps. */
  static LongStream seeds() {
    return LongStream.rangeClosed(1, Long.getLong("eider.walk.seeds", 3));
  }

  private static final class Walk implements AutoCloseable {

    private final long seed;
    private final Random random;
    private final Path temporary;
    private final Model model = new Model();
    private final List<String> history = new ArrayList<>();
    private final Map<LakeView, String> views = new HashMap<>();
    private Path data;
    private Lake lake;
    private long epoch;
    private long seq;
    private Instant now = START;

    Walk(long seed, Path temporary) {
      this.seed = seed;
      this.random = new Random(seed);
      this.temporary = temporary;
      this.data = temporary.resolve("data");
      open();
    }

    void step() throws Exception {
      int dice = random.nextInt(100);
      if (dice < 35 || seq == 0) {
        accept();
      } else if (dice < 52) {
        flush();
      } else if (dice < 66) {
        settle();
      } else if (dice < 73) {
        compact();
      } else if (dice < 82) {
        retain();
      } else if (dice < 88) {
        openView();
      } else if (dice < 92) {
        reopen();
      } else if (dice < 95) {
        crash();
      } else if (dice < 98) {
        damage();
      } else {
        loseEngine();
      }
      check(history.getLast());
    }

    private void accept() {
      List<Event> events = new ArrayList<>();
      int count = 1 + random.nextInt(40);
      if (random.nextInt(4) == 0) {
        // Often around midnight, where visits go on under another id.
        now =
            LocalDate.ofInstant(now, ZoneOffset.UTC)
                .plusDays(1)
                .atStartOfDay()
                .minusMinutes(random.nextInt(40))
                .toInstant(ZoneOffset.UTC);
      }
      for (int i = 0; i < count; i++) {
        now = now.plusMillis(random.nextInt(8 * 60 * 1000));
        events.add(event());
      }
      lake.accept(Samples.numbered(seq + 1, events));
      seq += count;
      model.accept(events);
      history.add("accept " + count + " until " + now);
    }

    private Event event() {
      // Some come late, up to half a day.
      Instant at = random.nextInt(8) == 0 ? now.minusSeconds(random.nextInt(12 * 3600)) : now;
      LocalDate date = LocalDate.ofInstant(at, ZoneOffset.UTC);
      int who = random.nextInt(2);
      // An id a day; in the first half hour of a day also yesterday's.
      String id = "v" + who + "-" + date;
      boolean early =
          Duration.between(date.atStartOfDay().toInstant(ZoneOffset.UTC), at)
                  .compareTo(Duration.ofMinutes(30))
              < 0;
      String before = early ? "v" + who + "-" + date.minusDays(1) : "";
      EventType type = EventType.values()[random.nextInt(4)];
      UUID uuid = new UUID(random.nextLong(), random.nextLong());
      Event like = Samples.full(SITES.get(random.nextInt(SITES.size())), id, at);
      return new Event(
          uuid,
          like.siteId(),
          new Visitor(id, before),
          at,
          now,
          date,
          type,
          type.word(),
          random.nextBoolean(),
          like.page(),
          like.source(),
          like.device(),
          like.place(),
          random.nextBoolean() ? "{\"n\":" + random.nextInt(5) + "}" : "",
          type == EventType.TRANSACTION
              ? Optional.of(new Revenue(BigDecimal.valueOf(random.nextInt(100_000), 2), "EUR"))
              : Optional.empty(),
          type == EventType.ENGAGEMENT ? new Engagement(50, 1000) : Engagement.NONE,
          random.nextInt(15) == 0 ? "crawler" : "",
          random.nextInt(15) == 0,
          1.0);
    }

    private void flush() {
      FlushReport report = lake.flush();
      assertThat(report.rows()).isEqualTo(model.unflushed().size());
      model.flush();
      history.add("flush " + report.rows());
    }

    void settle() {
      SettleReport report = lake.settle(Steps.UNOBSERVED);
      assertThat(report.rows()).isEqualTo(model.recent().size());
      model.settle();
      history.add("settle " + report);
    }

    void compact() throws Exception {
      CompactReport report = lake.compact(Steps.UNOBSERVED);
      model.settle();
      history.add("compact " + report);
      if (views.isEmpty()) {
        filesOnDiskAreTheOnesInTheCatalog();
      }
      Map<LakeFile.Partition, Long> files = new TreeMap<>();
      lake.liveFiles(Schema.EVENTS).forEach(file -> files.merge(file.partition(), 1L, Long::sum));
      assertThat(files.values()).allSatisfy(count -> assertThat(count).isLessThanOrEqualTo(2));
    }

    private void retain() throws Exception {
      // A view would be waited for.
      closeViews();
      String site = SITES.get(random.nextInt(SITES.size()));
      LocalDate keepFrom = LocalDate.ofInstant(now, ZoneOffset.UTC).minusDays(random.nextInt(3));
      List<RetainPlan.Site> sites = List.of(new RetainPlan.Site(site, keepFrom, 100, false));
      RetainReport dry = lake.retain(new RetainPlan(sites, true), Steps.UNOBSERVED);
      assertThat(dry.filesDeleted()).isZero();
      RetainReport report = lake.retain(new RetainPlan(sites, false), Steps.UNOBSERVED);
      assertThat(report.rows()).isGreaterThanOrEqualTo(dry.rows());
      model.settle();
      int before = model.settled().size();
      model.retain(site, keepFrom);
      assertThat(report.rows()).isEqualTo(before - model.settled().size());
      history.add("retain " + site + " from " + keepFrom + ": " + report);
      assertThat(datesOnDisk(site)).allSatisfy(date -> assertThat(date).isAfterOrEqualTo(keepFrom));
      if (report.rows() > 0) {
        filesOnDiskAreTheOnesInTheCatalog();
      }
    }

    private void openView() throws Exception {
      if (views.size() > 2) {
        closeViews();
      }
      String site = SITES.get(random.nextInt(SITES.size()));
      LakeView view = lake.view(site);
      views.put(view, Model.sums(model.all(site)));
      history.add("view " + site);
    }

    private void reopen() throws Exception {
      closeViews();
      lake.close();
      open();
      history.add("reopen");
    }

    /** What kill -9 leaves: the files as they are at this moment. */
    private void crash() throws Exception {
      closeViews();
      Path copy = temporary.resolve("data-" + history.size());
      copyTree(data, copy);
      lake.close();
      data = copy;
      open();
      history.add("crash");
    }

    private void loseEngine() throws Exception {
      closeViews();
      lake.condemnEngine();
      history.add("lose engine");
    }

    /** A file is empty, is set aside, and a good copy of it comes back. */
    private void damage() throws Exception {
      closeViews();
      List<String> tables = List.of(Schema.EVENTS, Schema.RECENT, Schema.SESSIONS, Schema.MARKS);
      String table = tables.get(random.nextInt(tables.size()));
      List<LakeFile> files = lake.liveFiles(table);
      if (files.isEmpty()) {
        history.add("nothing to damage in " + table);
        return;
      }
      LakeFile file = files.get(random.nextInt(files.size()));
      byte[] good = Files.readAllBytes(file.path());
      Files.write(file.path(), new byte[0]);
      lake.condemnEngine();
      assertThat(lake.mend(new LakeException("somebody noticed"))).isTrue();
      boolean rowsAreMissing = table.equals(Schema.EVENTS) || table.equals(Schema.RECENT);
      assertThat(lake.unreadable()).hasSize(rowsAreMissing ? 1 : 0);
      if (rowsAreMissing) {
        Files.write(data.resolve(lake.unreadable().getFirst().copy()), good);
      }
      settle();
      assertThat(lake.unreadable()).isEmpty();
      history.add("damage " + file.name());
    }

    private void open() {
      lake =
          Lake.open(
              Samples.settings(data)
                  .withSnapshotsKept(Duration.ZERO)
                  .withClock(() -> Instant.now().isAfter(now) ? Instant.now() : now),
              Disk.real());
      long mark =
          lake.own(
              Samples.JOURNAL,
              ++epoch,
              (after, through, into) ->
                  into.accept(
                      numbered().stream()
                          .filter(row -> row.seq() > after && row.seq() <= through)
                          .toList()));
      List<Accepted> kept = numbered().stream().filter(row -> row.seq() > mark).toList();
      assertThat(kept).hasSize(model.unflushed().size());
      if (!kept.isEmpty()) {
        lake.accept(kept);
      }
    }

    private List<Accepted> numbered() {
      return Samples.numbered(1, model.accepted);
    }

    void check(String after) throws Exception {
      String where = "seed %d after %s%n%s".formatted(seed, after, String.join("\n", history));
      for (String site : SITES) {
        try (LakeView view = lake.view(site)) {
          assertThat(sums(view, view.events())).as(where).isEqualTo(Model.sums(model.all(site)));
        }
      }
      for (Map.Entry<LakeView, String> view : views.entrySet()) {
        assertThat(sums(view.getKey(), view.getKey().events()))
            .as("an open view, " + where)
            .isEqualTo(view.getValue());
      }
      try (LakeView view = lake.view("a")) {
        assertThat(sums(view, "lake.recent")).as(where).isEqualTo(Model.sums(model.recent()));
        assertThat(sums(view, "lake.events")).as(where).isEqualTo(Model.sums(model.settled()));
        assertThat(globbed(view)).as("glob, " + where).isEqualTo(Model.sums(model.settled()));
        assertThat(stamps(view)).as(where).isEqualTo(model.stamps());
        assertThat(sessions(view)).as(where).isEqualTo(model.sessions());
        assertThat(
                Sql.number(
                    view.connection(),
                    "SELECT count(*) FROM __ducklake_metadata_lake.ducklake_delete_file"))
            .isZero();
      }
    }

    private static String sums(LakeView view, String relation) throws SQLException {
      return Sql.row(
          view.connection(),
          "SELECT count(*), count(DISTINCT event_id), coalesce(sum(revenue_amount),"
              + " 0)::DECIMAL(18,2) FROM "
              + relation,
          row -> row.getLong(1) + " rows, " + row.getLong(2) + " ids, " + row.getString(3));
    }

    private String globbed(LakeView view) throws SQLException {
      if (model.settled().isEmpty()) {
        return Model.sums(List.of());
      }
      return sums(view, "(SELECT * FROM read_parquet('%s/open/*/*/*.parquet'))".formatted(data));
    }

    private static Map<UUID, UUID> stamps(LakeView view) throws SQLException {
      Map<UUID, UUID> stamps = new HashMap<>();
      Sql.rows(
          view.connection(),
          "SELECT event_id, session_id FROM lake.events WHERE session_id IS NOT NULL",
          row -> stamps.put(uuid(row.getString(1)), uuid(row.getString(2))));
      return stamps;
    }

    private static Map<UUID, Model.Session> sessions(LakeView view) throws SQLException {
      return Sql.rows(
              view.connection(),
              """
              SELECT session_id, site_id, visitor_id, date, epoch_ms(start_time), epoch_ms(end_time),
                pageviews, events, coalesce(revenue, 0)::DECIMAL(18,2), is_bot
              FROM lake.sessions\
              """,
              row ->
                  new Model.Session(
                      uuid(row.getString(1)),
                      row.getString(2),
                      row.getString(3),
                      LocalDate.parse(row.getString(4)),
                      Instant.ofEpochMilli(row.getLong(5)),
                      Instant.ofEpochMilli(row.getLong(6)),
                      row.getLong(7),
                      row.getLong(8),
                      row.getBigDecimal(9),
                      row.getBoolean(10)))
          .stream()
          .collect(Collectors.toMap(Model.Session::id, session -> session));
    }

    private static UUID uuid(String text) {
      return UUID.fromString(text);
    }

    private void filesOnDiskAreTheOnesInTheCatalog() throws Exception {
      assertThat(parquet(data.resolve("lake/data")))
          .as("seed %d: %s", seed, String.join("\n", history))
          .isEqualTo(lake.namedFiles());
    }

    private static Set<Path> parquet(Path root) throws IOException {
      try (Stream<Path> files = Files.walk(root)) {
        return files
            .filter(file -> file.toString().endsWith(".parquet"))
            .collect(Collectors.toCollection(TreeSet::new));
      }
    }

    private List<LocalDate> datesOnDisk(String site) throws IOException {
      List<LocalDate> dates = new ArrayList<>();
      for (String tree : List.of("lake/data/main/events", "lake/data/main/sessions", "open")) {
        Path root = data.resolve(tree).resolve("site_id=" + site);
        if (Files.isDirectory(root)) {
          try (Stream<Path> found = Files.list(root)) {
            found
                .map(date -> LocalDate.parse(date.getFileName().toString().substring(5)))
                .forEach(dates::add);
          }
        }
      }
      return dates;
    }

    private void closeViews() {
      views.keySet().forEach(LakeView::close);
      views.clear();
    }

    private static void copyTree(Path from, Path to) throws IOException {
      Files.walkFileTree(
          from,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes a)
                throws IOException {
              Files.createDirectories(to.resolve(from.relativize(directory).toString()));
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes a) throws IOException {
              Files.copy(file, to.resolve(from.relativize(file).toString()));
              return FileVisitResult.CONTINUE;
            }
          });
    }

    @Override
    public void close() {
      closeViews();
      lake.close();
    }
  }
}
