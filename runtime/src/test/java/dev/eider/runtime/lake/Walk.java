package dev.eider.runtime.lake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eider.runtime.config.LakePlace;
import dev.eider.runtime.disk.Disk;
import dev.eider.runtime.event.Details;
import dev.eider.runtime.event.Engagement;
import dev.eider.runtime.event.Event;
import dev.eider.runtime.event.EventType;
import dev.eider.runtime.event.Revenue;
import dev.eider.runtime.event.Visitor;
import dev.eider.runtime.journal.Accepted;
import dev.eider.runtime.server.S3Server;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
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
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A lake and the model of it, side by side: each verb is done to both. */
final class Walk implements AutoCloseable {

  static final List<String> SITES = List.of("a", "b.example", "c-shop");
  private static final Instant START = Instant.parse("2026-05-04T10:00:00Z");

  private final Path temporary;
  private final S3Server server = S3Server.shared();
  private final String bucket;
  private final LakePlace place;
  private final Model model = new Model();
  private final List<String> history = new ArrayList<>();
  private final Map<LakeView, String> views = new HashMap<>();
  private Path data;
  private Lake lake;

  /** How many events of each site have an id that others have, too. */
  private final Map<String, Integer> shared = new HashMap<>();

  private int lives;
  private long epoch;
  private Instant now = START;

  private Walk(Path temporary) throws IOException {
    this.temporary = temporary;
    this.bucket = server.bucket();
    Path keys = temporary.resolve("keys");
    server.keys().write(keys);
    this.place =
        LakePlace.VOLUME.withTier(
            Optional.of(ServerPlaces.bucket(bucket, server.endpoint(), keys, Optional.empty())));
    this.data = temporary.resolve("data");
    open();
  }

  /** A new lake in a folder of its own, which goes with it. */
  static Walk begin() {
    try {
      return new Walk(Files.createTempDirectory("eider-walk"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * An event as it is sent, while its time is not known yet.
   *
   * @param after time since the event before it
   * @param late some come late, up to half a day
   * @param id its id, where it is not shared
   * @param shared whether its id is one of other sites' events, too, as senders may give one
   */
  record Sent(
      Duration after,
      Duration late,
      String site,
      int who,
      EventType type,
      UUID id,
      boolean shared,
      boolean interactive,
      String properties,
      BigDecimal amount,
      boolean bot,
      boolean duplicate) {

    static Sent any(Random random) {
      return new Sent(
          Duration.ofMillis(random.nextInt(8 * 60 * 1000)),
          Duration.ofSeconds(random.nextInt(8) == 0 ? random.nextInt(12 * 3600) : 0),
          SITES.get(random.nextInt(SITES.size())),
          random.nextInt(2),
          EventType.values()[random.nextInt(4)],
          new UUID(random.nextLong(), random.nextLong()),
          random.nextInt(3) == 0,
          random.nextBoolean(),
          random.nextBoolean() ? "{\"n\":" + random.nextInt(5) + "}" : "",
          BigDecimal.valueOf(random.nextInt(100_000), 2),
          random.nextInt(15) == 0,
          random.nextInt(15) == 0);
    }

    private Event at(Instant now, UUID id) {
      Instant at = now.minus(late);
      LocalDate date = LocalDate.ofInstant(at, ZoneOffset.UTC);
      // An id a day; in the first half hour of a day also yesterday's.
      String visitor = "v" + who + "-" + date;
      boolean early =
          Duration.between(date.atStartOfDay().toInstant(ZoneOffset.UTC), at)
                  .compareTo(Duration.ofMinutes(30))
              < 0;
      String before = early ? "v" + who + "-" + date.minusDays(1) : "";
      Event like = Samples.full(site, visitor, at);
      return new Event(
          id,
          site,
          new Visitor(visitor, before),
          at,
          now,
          date,
          type,
          type.word(),
          interactive,
          like.page(),
          like.source(),
          like.device(),
          like.place(),
          properties,
          type == EventType.TRANSACTION
              ? Optional.of(new Revenue(amount, "EUR"))
              : Optional.empty(),
          type == EventType.ENGAGEMENT ? new Engagement(50, 1000) : Engagement.NONE,
          Details.NONE,
          bot ? "crawler" : "",
          duplicate,
          1.0);
    }
  }

  /**
   * Accepts events.
   *
   * @param minutesBeforeMidnight when the first comes, if not right after the last
   */
  void accept(OptionalInt minutesBeforeMidnight, List<Sent> sent) {
    minutesBeforeMidnight.ifPresent(
        minutes ->
            now =
                LocalDate.ofInstant(now, ZoneOffset.UTC)
                    .plusDays(1)
                    .atStartOfDay()
                    .minusMinutes(minutes)
                    .toInstant(ZoneOffset.UTC));
    List<Event> events = new ArrayList<>();
    for (Sent each : sent) {
      now = now.plus(each.after());
      events.add(each.at(now, id(each)));
    }
    lake.accept(Samples.numbered(model.accepted.size() + 1, events));
    model.accept(events);
    history.add("accept " + events.size() + " until " + now);
  }

  private UUID id(Sent event) {
    return event.shared()
        ? UUID.nameUUIDFromBytes(
            Integer.toString(shared.merge(event.site(), 1, Integer::sum))
                .getBytes(StandardCharsets.UTF_8))
        : event.id();
  }

  void flush() {
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
    lake.liveFiles(Schema.EVENTS).stream()
        .filter(file -> !isMoved(file))
        .forEach(file -> files.merge(file.partition(), 1L, Long::sum));
    assertThat(files.values()).allSatisfy(count -> assertThat(count).isLessThanOrEqualTo(2));
  }

  /** Moves old days to the bucket. */
  void tier(String site, int days) throws Exception {
    LocalDate stayFrom = LocalDate.ofInstant(now, ZoneOffset.UTC).minusDays(days);
    List<TierPlan.Site> sites = List.of(new TierPlan.Site(site, stayFrom, Optional.empty()));
    TierReport report = lake.tier(new TierPlan(sites, false), Steps.UNOBSERVED);
    model.settle();
    assertThat(lake.liveFiles(Schema.EVENTS))
        .filteredOn(
            file ->
                file.partition().siteId().equals(site)
                    && file.partition().date().isBefore(stayFrom))
        .allSatisfy(file -> assertThat(isMoved(file)).isTrue());
    history.add("tier " + site + " before " + stayFrom + ": " + report);
  }

  private static boolean isMoved(LakeFile file) {
    return file.name().startsWith("s3://");
  }

  /** Where a file is, wherever that is. */
  private Path found(String name) {
    String inBucket = "s3://" + bucket + "/";
    return name.startsWith(inBucket)
        ? server.file(bucket, name.substring(inBucket.length()))
        : data.resolve(name);
  }

  /**
   * Lets old days go.
   *
   * @param longer how many days more sessions are kept, sums of hours as many more than these, and
   *     sums of days than those
   */
  void retain(String site, int days, int longer) throws Exception {
    // A view would be waited for.
    closeViews();
    LocalDate keepFrom = LocalDate.ofInstant(now, ZoneOffset.UTC).minusDays(days);
    LocalDate sessionsFrom = keepFrom.minusDays(longer);
    LocalDate hoursFrom = sessionsFrom.minusDays(longer);
    LocalDate sumsFrom = hoursFrom.minusDays(longer);
    List<RetainPlan.Site> sites =
        List.of(
            new RetainPlan.Site(
                site,
                keepFrom,
                sessionsFrom,
                Optional.of(hoursFrom),
                Optional.of(sumsFrom),
                100,
                false,
                Optional.empty()));
    Set<LocalDate> hoursGone = daysWithoutHours(site);
    RetainReport dry = lake.retain(new RetainPlan(sites, true), Steps.UNOBSERVED);
    assertThat(dry.filesDeleted()).isZero();
    RetainReport report = lake.retain(new RetainPlan(sites, false), Steps.UNOBSERVED);
    assertThat(report.rows()).isGreaterThanOrEqualTo(dry.rows());
    model.settle();
    int before = model.settled().size();
    model.retain(site, keepFrom, sessionsFrom);
    assertThat(report.rows()).isEqualTo(before - model.settled().size());
    history.add("retain " + site + " from " + keepFrom + ": " + report);
    for (String tree : List.of("lake/data/main/events", "open")) {
      assertThat(datesOnDisk(tree, site))
          .allSatisfy(date -> assertThat(date).isAfterOrEqualTo(keepFrom));
    }
    assertThat(datesOnDisk("lake/data/main/sessions", site))
        .allSatisfy(date -> assertThat(date).isAfterOrEqualTo(sessionsFrom));
    try (LakeView view = lake.view(site)) {
      assertThat(view.rolledUp().days())
          .filteredOn(day -> day.date().isBefore(sumsFrom))
          .allSatisfy(day -> assertThat(day.state()).isEqualTo(RolledDay.State.GONE));
      assertThat(view.rolledUp().days())
          .filteredOn(RolledDay::isSummed)
          .allSatisfy(
              day ->
                  assertThat(DayCounts.hasHours(day.contents()))
                      .isEqualTo(
                          !day.date().isBefore(hoursFrom) && !hoursGone.contains(day.date())));
      DayCounts.check(view);
      assertThat(
              Sql.number(
                  view.connection(),
                  "SELECT count(*) FROM lake.rollups WHERE site_id = '%s' AND date < DATE '%s'"
                      .formatted(site, sumsFrom)))
          .isZero();
    }
    if (report.rows() > 0) {
      filesOnDiskAreTheOnesInTheCatalog();
    }
  }

  private Set<LocalDate> daysWithoutHours(String site) throws Exception {
    try (LakeView view = lake.view(site)) {
      return view.rolledUp().days().stream()
          .filter(day -> day.isSummed() && !DayCounts.hasHours(day.contents()))
          .map(RolledDay::date)
          .collect(Collectors.toSet());
    }
  }

  /** Whose rows are erased: one of a visitor's ids, a property's value, or days. */
  enum Whose {
    VISITOR,
    PROPERTY,
    DAYS
  }

  /** Erases; nothing of the visitor's id is left on the disk then. */
  void erase(String site, Whose whose, int which) throws Exception {
    closeViews();
    LocalDate day = LocalDate.ofInstant(now, ZoneOffset.UTC).minusDays(which / 2 % 3);
    String visitor = "v" + which % 2 + "-" + day;
    Optional<LocalDate> only = whose == Whose.VISITOR ? Optional.empty() : Optional.of(day);
    ErasureSubject subject =
        new ErasureSubject(
            List.of(new ErasureSubject.Site(site, OptionalInt.empty())),
            whose == Whose.VISITOR ? Set.of(visitor) : Set.of(),
            whose == Whose.PROPERTY
                ? Optional.of(new ErasureSubject.Property("n", Integer.toString(which % 5)))
                : Optional.empty(),
            only,
            only,
            Map.of());
    lake.flush();
    model.flush();
    EraseReport report = lake.erase(subject, false, Steps.UNOBSERVED);
    model.settle();
    int gone =
        model.erase(
            event ->
                event.siteId().equals(site)
                    && switch (whose) {
                      case VISITOR -> event.visitor().id().equals(visitor);
                      case PROPERTY ->
                          event.date().equals(day)
                              && event.props().equals("{\"n\":" + which % 5 + "}");
                      case DAYS -> event.date().equals(day);
                    });
    model.eraseOutlived(
        (session, ids) ->
            session.site().equals(site)
                && switch (whose) {
                  case VISITOR -> ids.contains(visitor);
                  case PROPERTY -> false;
                  case DAYS -> session.date().equals(day);
                });
    history.add("erase %s of %s on %s: %s".formatted(whose, site, day, report));
    assertThat(report.events()).isEqualTo(gone);
    filesOnDiskAreTheOnesInTheCatalog();
    try (LakeView view = lake.view(site)) {
      assertThat(
              Sql.number(
                  view.connection(),
                  "SELECT count(*) FROM lake.sessions WHERE site_id = '%s' AND (%s)"
                      .formatted(
                          site,
                          whose == Whose.VISITOR
                              ? "visitor_id = '%1$s' OR list_contains(visitor_ids, '%1$s')"
                                  .formatted(visitor)
                              : whose == Whose.DAYS ? "date = DATE '" + day + "'" : "false")))
          .as("sessions, also those that count no more")
          .isZero();
    }
  }

  /** Lets the past go, and the files that only it needs. */
  void expire() throws Exception {
    int before = lake.snapshots().size();
    ExpireReport dry = lake.expire(0, true, Steps.UNOBSERVED);
    assertThat(lake.snapshots()).hasSize(before);
    ExpireReport report = lake.expire(0, false, Steps.UNOBSERVED);
    CleanupReport cleanup = lake.cleanup(0, false, Steps.UNOBSERVED);
    history.add("expire " + dry + ", " + report + ", " + cleanup);
    if (views.isEmpty()) {
      // The one in force just now; and another where the marks were kept before the others went.
      assertThat(lake.snapshots()).hasSizeBetween(1, 2);
      filesOnDiskAreTheOnesInTheCatalog();
    }
  }

  void openView(String site) throws Exception {
    if (views.size() > 2) {
      closeViews();
    }
    LakeView view = views.size() == 1 ? lake.visitedView(site) : lake.view(site);
    views.put(view, Model.sums(model.all(site)));
    history.add("view " + site);
  }

  void restart() throws Exception {
    closeViews();
    lake.close();
    open();
    history.add("restart");
  }

  /** What kill -9 leaves: the files as they are at this moment. */
  void crash() throws Exception {
    closeViews();
    Path copy = temporary.resolve("data-" + lives++);
    copyTree(data, copy);
    lake.close();
    data = copy;
    open();
    history.add("crash");
  }

  void loseEngine() throws Exception {
    closeViews();
    lake.condemnEngine();
    history.add("lose engine");
  }

  /** A file is empty, is set aside, and a good copy of it comes back. */
  void damage(String table, int which) throws Exception {
    closeViews();
    List<LakeFile> files = new ArrayList<>(lake.liveFiles(table));
    if (table.equals(Schema.SESSIONS)) {
      // Nothing else knows of those.
      files.removeIf(file -> model.hasOutlived(file.partition().siteId(), file.partition().date()));
    }
    if (files.isEmpty()) {
      history.add("nothing to damage in " + table);
      return;
    }
    LakeFile file = files.get(which % files.size());
    byte[] good = Files.readAllBytes(found(file.name()));
    Files.write(found(file.name()), new byte[0]);
    lake.condemnEngine();
    assertThat(lake.mend(new LakeException("somebody noticed"))).isTrue();
    boolean rowsAreMissing = table.equals(Schema.EVENTS) || table.equals(Schema.RECENT);
    assertThat(lake.unreadable()).hasSize(rowsAreMissing ? 1 : 0);
    if (rowsAreMissing) {
      Files.write(found(lake.unreadable().getFirst().copy()), good);
    }
    settle();
    assertThat(lake.unreadable()).isEmpty();
    history.add("damage " + file.name());
  }

  private void open() {
    lake =
        Lake.open(
            Samples.settings(data)
                .withSettleRows(40)
                .withPlace(place)
                .withSnapshotsKept(Duration.ZERO)
                .withClock(() -> Instant.now().isAfter(now) ? Instant.now() : now),
            Disk.real());
    lake.rollUpAs(DayCounts.byHour(SITES));
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

  /** Whether the lake holds and shows what the model says. */
  void check() throws Exception {
    for (String site : SITES) {
      try (LakeView view = lake.view(site)) {
        assertThat(sums(view, view.events()))
            .as("site " + site)
            .isEqualTo(Model.sums(model.all(site)));
        DayCounts.check(view);
      }
      try (LakeView view = lake.visitedView(site)) {
        assertThat(sums(view, view.events()))
            .as("site %s with visits", site)
            .isEqualTo(Model.sums(model.all(site)));
        assertThat(visits(view)).as("visits of " + site).isEqualTo(model.visits(site));
        DayCounts.check(view);
      }
    }
    for (Map.Entry<LakeView, String> view : views.entrySet()) {
      assertThat(sums(view.getKey(), view.getKey().events()))
          .as("an open view")
          .isEqualTo(view.getValue());
    }
    Map<Model.Key, Model.Session> sessions = new HashMap<>();
    for (String site : SITES) {
      try (LakeView view = lake.view(site)) {
        sessions.putAll(sessions(view));
      }
    }
    assertThat(sessions).as("sessions").isEqualTo(model.sessions());
    try (LakeView view = lake.view("a")) {
      assertThat(sums(view, "lake.recent")).as("recent").isEqualTo(Model.sums(model.recent()));
      assertThat(sums(view, "lake.events")).as("events").isEqualTo(Model.sums(model.settled()));
      assertThat(globbed(view))
          .as("the open tree and what was moved")
          .isEqualTo(Model.sums(model.settled()));
      assertThat(stamps(view)).as("events' sessions").isEqualTo(model.stamps());
      assertThat(
              Sql.number(
                  view.connection(),
                  "SELECT count(*) FROM __ducklake_metadata_lake.ducklake_delete_file"))
          .as("delete files")
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

  private String globbed(LakeView view) throws SQLException, IOException {
    if (model.settled().isEmpty()) {
      return Model.sums(List.of());
    }
    List<String> there =
        new ArrayList<>(
            lake.liveFiles(Schema.EVENTS).stream()
                .filter(Walk::isMoved)
                .map(LakeFile::name)
                .toList());
    if (!parquet(data.resolve("open")).isEmpty()) {
      there.add(data + "/open/*/*/*.parquet");
    }
    return sums(view, "(SELECT * FROM read_parquet([%s]))".formatted(Sql.texts(there)));
  }

  private static Map<UUID, UUID> visits(LakeView view) throws SQLException {
    Map<UUID, UUID> visits = new HashMap<>();
    Sql.rows(
        view.connection(),
        "SELECT event_id, session_id FROM %s WHERE is_settled AND session_id IS NOT NULL"
            .formatted(view.events()),
        row -> visits.put(uuid(row.getString(1)), uuid(row.getString(2))));
    return visits;
  }

  private static Map<Model.Key, UUID> stamps(LakeView view) throws SQLException {
    Map<Model.Key, UUID> stamps = new HashMap<>();
    Sql.rows(
        view.connection(),
        "SELECT site_id, event_id, session_id FROM lake.events WHERE session_id IS NOT NULL",
        row ->
            stamps.put(
                new Model.Key(row.getString(1), uuid(row.getString(2))), uuid(row.getString(3))));
    return stamps;
  }

  private static Map<Model.Key, Model.Session> sessions(LakeView view) throws SQLException {
    return Sql.rows(
            view.connection(),
            """
            SELECT session_id, site_id, visitor_id, date, epoch_ms(start_time), epoch_ms(end_time),
              pageviews, events, coalesce(revenue, 0)::DECIMAL(18,2), is_bot
            FROM %s\
            """
                .formatted(view.sessions()),
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
        .collect(Collectors.toMap(Model.Session::key, session -> session));
  }

  private static UUID uuid(String text) {
    return UUID.fromString(text);
  }

  private void filesOnDiskAreTheOnesInTheCatalog() throws Exception {
    Set<Path> there = parquet(data.resolve("lake/data"));
    server.sizes(bucket).keySet().stream()
        .filter(key -> key.endsWith(".parquet"))
        .forEach(key -> there.add(Path.of("s3:", bucket, key)));
    assertThat(there).as("files").isEqualTo(lake.namedFiles());
  }

  private static Set<Path> parquet(Path root) throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      return files
          .filter(file -> file.toString().endsWith(".parquet"))
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }

  private List<LocalDate> datesOnDisk(String tree, String site) throws IOException {
    Path root = data.resolve(tree).resolve("site_id=" + site);
    if (!Files.isDirectory(root)) {
      return List.of();
    }
    try (Stream<Path> found = Files.list(root)) {
      return found
          .map(date -> LocalDate.parse(date.getFileName().toString().substring(5)))
          .toList();
    }
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

  /** What was done, and what came of it. */
  @Override
  public String toString() {
    return String.join("\n", history);
  }

  @Override
  public void close() throws IOException {
    closeViews();
    lake.close();
    try (Stream<Path> files = Files.walk(temporary)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
