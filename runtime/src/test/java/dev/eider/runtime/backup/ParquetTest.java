package dev.eider.runtime.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eider.runtime.command.Eider;
import dev.eider.runtime.config.FlushSettings;
import dev.eider.runtime.disk.Disk;
import dev.eider.runtime.event.Event;
import dev.eider.runtime.journal.Journal;
import dev.eider.runtime.journal.JournalSettings;
import dev.eider.runtime.lake.Flusher;
import dev.eider.runtime.lake.Lake;
import dev.eider.runtime.lake.LakeView;
import dev.eider.runtime.lake.Samples;
import dev.eider.runtime.lake.SiteSums;
import dev.eider.runtime.lake.Steps;
import dev.eider.runtime.server.S3Server;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.DriverManager;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ParquetTest {

  private static final Instant NOON = Instant.parse("2026-05-04T12:00:00Z");
  private static final Path EXTENSIONS = Path.of("target/extensions").toAbsolutePath();

  @TempDir private Path temporary;

  /** Superseded files lie beside those that live, and recent ones beside what they became. */
  @Test
  void aLakeWhoseCatalogIsLostIsBuiltAnewFromItsFiles() throws Exception {
    Path data = temporary.resolve("data");
    Path kept = temporary.resolve("kept");
    List<SiteSums> sums;
    List<String> sessions;
    try (Lake lake = Lake.open(Samples.settings(data), Disk.real())) {
      lake.own(Samples.JOURNAL, 1, Samples.NO_REPLAY);
      lake.accept(Samples.numbered(1, views("a", 30, NOON)));
      lake.flush();
      copy(data.resolve("lake/data"), kept);
      lake.compact(Steps.UNOBSERVED);
      copy(data.resolve("lake/data"), kept);
      lake.accept(Samples.numbered(31, views("a", 5, NOON.plusSeconds(60))));
      lake.accept(Samples.numbered(36, views("b", 7, NOON)));
      lake.flush();
      lake.compact(Steps.UNOBSERVED);
      lake.accept(Samples.numbered(43, views("b", 2, NOON.plusSeconds(90))));
      lake.flush();
      copy(data.resolve("lake/data"), kept);
      sums = lake.sums();
      lake.compact(Steps.UNOBSERVED);
      sessions = texts(lake, "a");
    }
    Files.delete(data.resolve("lake/catalog.ducklake"));

    Restorer.Restored built = restorer(data).fromParquet(ParquetTree.in(kept), Steps.UNOBSERVED);

    assertThat(built.rows()).isEqualTo(44);
    assertThat(built.setAside()).isPresent();
    try (Lake lake = Lake.open(Samples.settings(data), Disk.real())) {
      assertThat(lake.sums()).isEqualTo(sums);
      assertThat(texts(lake, "a")).isEqualTo(sessions);
    }
  }

  /** What the journal has of it comes once, and what it alone has comes, too. */
  @Test
  void whatTheJournalStillHasIsCountedOnce() throws Exception {
    Path running = temporary.resolve("running");
    Path data = temporary.resolve("data");
    JournalSettings journals = JournalSettings.DEFAULT.withMinFreeBytes(0);
    FlushSettings never = new FlushSettings(1000, Duration.ofHours(1), Duration.ofSeconds(1));
    List<Event> events = views("a", 30, NOON);
    try (Lake lake = Lake.open(Samples.settings(running), Disk.real());
        Journal journal = Journal.open(running.resolve("journal"), journals, Disk.real());
        Flusher flusher = Flusher.start(lake, journal, never)) {
      journal.append(events.subList(0, 10));
      flusher.flush();
      journal.append(events.subList(10, 20));
      lake.flush();
      lake.settle(Steps.UNOBSERVED);
      journal.append(events.subList(20, 25));
      lake.flush();
      journal.append(events.subList(25, 30));
      // As a crash leaves it that takes the catalog along.
      copy(running, data);
    }
    Path files = temporary.resolve("files");
    copy(data.resolve("lake/data"), files);
    Files.delete(data.resolve("lake/catalog.ducklake"));

    assertThat(restorer(data).fromParquet(ParquetTree.in(files), Steps.UNOBSERVED).rows())
        .isEqualTo(30);
    try (Lake lake = Lake.open(Samples.settings(data), Disk.real());
        Journal journal = Journal.open(data.resolve("journal"), journals, Disk.real());
        Flusher flusher = Flusher.start(lake, journal, never)) {
      journal.append(views("a", 1, NOON.plusSeconds(600)));
      flusher.flush();
      assertThat(lake.sums()).extracting(SiteSums::rows).containsExactly(31L);
      assertThat(Samples.count(lake, "a")).isEqualTo(31);
    }
  }

  /** As its documentation has them: 25 columns, by site and day. */
  @Test
  void whatMallardMetricsKeptIsTakenIn() throws Exception {
    Path tree = temporary.resolve("mallard/events");
    for (int day = 1; day <= 2; day++) {
      Path folder =
          Files.createDirectories(tree.resolve("site_id=example.com/date=2026-05-0" + day));
      try (var connection = DriverManager.getConnection("jdbc:duckdb:");
          var statement = connection.createStatement()) {
        statement.execute(
            """
            COPY (SELECT 'example.com' AS site_id, 'v' || (i %% 3) AS visitor_id,
              TIMESTAMP '2026-05-0%d 10:00:00' + to_seconds(i) AS "timestamp",
              CASE WHEN i = 5 THEN 'purchase' ELSE 'pageview' END AS event_name,
              '/p' AS pathname, 'example.com' AS hostname, NULL::VARCHAR AS referrer,
              'Google' AS referrer_source, NULL::VARCHAR AS utm_source, 'Firefox' AS browser,
              'DE' AS country_code, '{"plan": "pro"}' AS props,
              CASE WHEN i = 5 THEN 9.50 END::DECIMAL(12,2) AS revenue_amount, 'EUR' AS revenue_currency
              FROM range(10) r(i)) TO '%s' (FORMAT parquet)\
            """
                .formatted(day, folder.resolve("0001.parquet")));
      }
    }
    Path data = temporary.resolve("data");
    assertThat(restorer(data).fromParquet(ParquetTree.in(tree), Steps.UNOBSERVED).rows())
        .isEqualTo(20);
    try (Lake lake = Lake.open(Samples.settings(data), Disk.real())) {
      assertThat(lake.sums())
          .singleElement()
          .satisfies(
              site -> {
                assertThat(site.rows()).isEqualTo(20);
                assertThat(site.revenue()).isEqualByComparingTo("19.00");
              });
      assertThat(texts(lake, "example.com")).as("three visitors on two days").hasSize(6);
    }
  }

  /** A copy of a lake's files that was kept in a bucket, by the command line. */
  @Test
  void filesInABucketAreBroughtFirst() throws Exception {
    Path old = temporary.resolve("old");
    List<SiteSums> sums;
    try (Lake lake = Lake.open(Samples.settings(old), Disk.real())) {
      lake.own(Samples.JOURNAL, 1, Samples.NO_REPLAY);
      lake.accept(Samples.numbered(1, views("a", 30, NOON)));
      lake.flush();
      lake.compact(Steps.UNOBSERVED);
      lake.accept(Samples.numbered(31, views("b", 7, NOON)));
      lake.flush();
      sums = lake.sums();
    }
    S3Server server = S3Server.shared();
    String bucket = server.bucket();
    server.keys().write(temporary.resolve("keys"));
    copy(old.resolve("lake/data"), server.file(bucket, "kept/2026/data"));
    Path data = temporary.resolve("data");
    String[] restore = {
      "restore",
      "--parquet=s3://%s/kept/2026".formatted(bucket),
      "--data=" + data,
      "--extensions=" + EXTENSIONS,
      "--s3-endpoint=" + server.endpoint(),
      "--s3-region=" + S3Server.REGION,
      "--s3-path-style",
      "--s3-credentials=" + temporary.resolve("keys")
    };
    Eider.Run asked = Eider.run(restore);
    assertThat(asked.out()).contains("s3://%s/kept/2026, 3 ".formatted(bucket), "nothing was done");
    assertThat(data.resolve(".restore-parquet")).doesNotExist();

    Eider.Run done = Eider.run(with(restore, "--yes"));
    assertThat(done.code()).as(done.err()).isZero();
    assertThat(done.out()).contains("bring file 1 of 3", "built a lake of 37 rows");
    assertThat(data.resolve(".restore-parquet")).doesNotExist();
    assertThat(data.resolve("lake/restored"))
        .content()
        .startsWith("s3://%s/kept/2026 restored".formatted(bucket));
    try (Lake lake = Lake.open(Samples.settings(data), Disk.real())) {
      assertThat(lake.sums()).isEqualTo(sums);
    }

    restore[1] = "--parquet=s3://%s/nothing".formatted(bucket);
    Eider.Run none = Eider.run(with(restore, "--yes"));
    assertThat(none.code()).isEqualTo(1);
    assertThat(none.err()).contains("has no Parquet files of events");
    try (Lake lake = Lake.open(Samples.settings(data), Disk.real())) {
      assertThat(lake.sums()).as("the lake of before").isEqualTo(sums);
    }
  }

  private static String[] with(String[] some, String more) {
    return Stream.concat(Stream.of(some), Stream.of(more)).toArray(String[]::new);
  }

  /** As EXPORT DATABASE writes them; of shared and of each tenant the newest is taken. */
  @Test
  void aBackupOfHitKeepIsTakenIn() throws Exception {
    Path backups = temporary.resolve("backups");
    export(backups.resolve("shared/2026-03-02T120000Z"), 1);
    export(backups.resolve("shared/2026-03-02T130000Z"), 10);
    export(backups.resolve("tenants/t1/2026-03-02T120000Z"), 5);
    Path data = temporary.resolve("data");
    ParquetTree tree = ParquetTree.in(backups);
    assertThat(tree.files())
        .extracting(folder -> backups.relativize(folder).toString())
        .containsExactly("shared/2026-03-02T130000Z", "tenants/t1/2026-03-02T120000Z");
    // Ten views and one event, five and one; all in one session a snapshot.
    assertThat(restorer(data).fromParquet(tree, Steps.UNOBSERVED).rows()).isEqualTo(17);
    try (Lake lake = Lake.open(Samples.settings(data), Disk.real());
        LakeView view = lake.view("blog.example.com");
        var statement = view.connection().createStatement();
        var rows =
            statement.executeQuery(
                "SELECT pathname, hostname, country_code, props->>'plan' FROM %s WHERE event_name = 'signup' LIMIT 1"
                    .formatted(view.events()))) {
      assertThat(rows.next()).isTrue();
      assertThat(List.of(rows.getString(1), rows.getString(2), rows.getString(3)))
          .isEqualTo(List.of("/p2", "blog.example.com", "DE"));
      assertThat(rows.getString(4)).isEqualTo("pro");
      assertThat(lake.sums())
          .singleElement()
          .satisfies(site -> assertThat(site.siteId()).isEqualTo("blog.example.com"));
    }
  }

  private static void export(Path folder, int hits) throws Exception {
    Files.createDirectories(folder.getParent());
    try (var connection = DriverManager.getConnection("jdbc:duckdb:");
        var statement = connection.createStatement()) {
      for (String sql :
          List.of(
              "CREATE TABLE sites AS SELECT '11111111-2222-3333-4444-555555555555'::UUID AS id,"
                  + " 'Blog.example.com' AS domain",
              """
              CREATE TABLE hits AS SELECT uuid() AS id, (FROM (SELECT id FROM sites)) AS site_id,
                '21111111-2222-3333-4444-555555555555'::UUID AS session_id, uuid() AS page_id,
                TIMESTAMPTZ '2026-03-01 10:00:00+00' + to_seconds(i) AS "timestamp", '/p' || i AS path,
                'blog.example.com' AS hostname, 'Mozilla' AS user_agent, 1920 AS screen_width,
                'DE' AS country_code, NULL::VARCHAR AS utm_source, i = 0 AS is_unique
              FROM range(%d) r(i)\
              """
                  .formatted(hits),
              """
              CREATE TABLE events AS SELECT uuid() AS id, (FROM (SELECT id FROM sites)) AS site_id,
                '21111111-2222-3333-4444-555555555555'::UUID AS session_id, 'signup' AS name,
                '{"plan": "pro"}'::JSON AS properties, TIMESTAMPTZ '2026-03-01 10:00:02.5+00' AS "timestamp"\
              """,
              "EXPORT DATABASE '%s' (FORMAT parquet)".formatted(folder))) {
        statement.execute(sql);
      }
    }
  }

  /** As its newer releases write them: sites in shared alone, the rest with each tenant. */
  @Test
  void aBackupOfHitKeepWhoseSitesLieApartIsTakenIn() throws Exception {
    Path backups = temporary.resolve("backups");
    Path shared = backups.resolve("shared/2026-03-02T120000Z");
    Path tenant = backups.resolve("tenants/t1/2026-03-02T120000Z");
    export(shared, 1);
    export(tenant, 5);
    Files.delete(shared.resolve("hits.parquet"));
    Files.delete(shared.resolve("events.parquet"));
    Files.delete(tenant.resolve("sites.parquet"));
    ParquetTree tree = ParquetTree.in(backups);
    assertThat(tree.files()).containsExactly(tenant);
    assertThat(restorer(temporary.resolve("data")).fromParquet(tree, Steps.UNOBSERVED).rows())
        .isEqualTo(6);
  }

  private static final String ROW =
      "SELECT '%s' AS site_id, 'v' AS visitor_id, TIMESTAMP '2026-10-01 23:30:00' AS timestamp,"
          + " 'pageview' AS event_name, '/' AS pathname";

  @Test
  void eachRowHasAnIdOfItsOwnAndIdsAreOfOneSite() throws Exception {
    Path tree = Files.createDirectories(temporary.resolve("tree/more")).getParent();
    write(tree.resolve("a.parquet"), ROW.formatted("b") + " FROM range(3)");
    write(tree.resolve("more/a.parquet"), ROW.formatted("b") + " FROM range(3)");
    String id = ", '3fbd8e1c-0f2a-4a53-9d5e-6a2a3c1f7b10' AS event_id";
    write(
        tree.resolve("c.parquet"),
        "%s%s UNION ALL %s%2$s".formatted(ROW.formatted("x"), id, ROW.formatted("y")));
    Path data = temporary.resolve("data");
    assertThat(restorer(data).fromParquet(ParquetTree.in(tree), Steps.UNOBSERVED).rows())
        .isEqualTo(8);
    try (Lake lake = Lake.open(Samples.settings(data), Disk.real());
        LakeView view = lake.view("b");
        var statement = view.connection().createStatement();
        var rows =
            statement.executeQuery(
                "SELECT count(DISTINCT event_id), (SELECT sum(pageviews)::BIGINT FROM %s WHERE site_id = 'b') FROM %s"
                    .formatted(view.sessions(), view.events()))) {
      assertThat(rows.next()).isTrue();
      assertThat(List.of(rows.getLong(1), rows.getLong(2))).isEqualTo(List.of(6L, 6L));
      assertThat(lake.sums())
          .extracting(site -> site.siteId() + " " + site.rows())
          .containsExactlyInAnyOrder("b 6", "x 1", "y 1");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "1700000000 AS timestamp | have 1 values of timestamp (INTEGER) that are no TIMESTAMP",
        "'soon' AS timestamp | have 1 values of timestamp (VARCHAR) that are no TIMESTAMP",
        "'x1' AS event_id | have 1 values of event_id (VARCHAR) that are no UUID",
        "'dear' AS revenue_amount | have 1 values of revenue_amount (VARCHAR) that are no DECIMAL",
        "'NaN'::DOUBLE AS sample_weight | have 1 values of sample_weight below 1",
        "0.5 AS sample_weight | have 1 values of sample_weight below 1",
        "'' AS site_id | have 1 rows without one of"
      })
  void whatAColumnCannotHoldIsNamed(String column, String sentence) throws Exception {
    Path tree = Files.createDirectories(temporary.resolve("tree"));
    String name = column.substring(column.indexOf(" AS ") + 4);
    write(
        tree.resolve("a.parquet"),
        ROW.contains("AS " + name)
            ? "SELECT * REPLACE (%s) FROM (%s)".formatted(column, ROW.formatted("b"))
            : ROW.formatted("b") + ", " + column);
    assertThatThrownBy(
            () ->
                restorer(temporary.resolve("data"))
                    .fromParquet(ParquetTree.in(tree), Steps.UNOBSERVED))
        .isInstanceOf(BackupException.class)
        .hasMessageContaining("a.parquet")
        .hasMessageContaining(sentence)
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("LINE 1"));
  }

  private static void write(Path file, String rows) throws Exception {
    try (var connection = DriverManager.getConnection("jdbc:duckdb:");
        var statement = connection.createStatement()) {
      statement.execute("COPY (%s) TO '%s' (FORMAT parquet)".formatted(rows, file));
    }
  }

  @Test
  void whatIsNoFileOfEventsIsRefusedAndNothingIsTouched() throws Exception {
    Path data = temporary.resolve("data");
    try (Lake lake = Lake.open(Samples.settings(data), Disk.real())) {
      lake.own(Samples.JOURNAL, 1, Samples.NO_REPLAY);
      lake.accept(Samples.numbered(1, views("a", 3, NOON)));
      lake.flush();
    }
    Path tree = Files.createDirectories(temporary.resolve("tree"));
    assertThatThrownBy(() -> ParquetTree.in(tree)).hasMessageContaining("has no Parquet files");
    try (var connection = DriverManager.getConnection("jdbc:duckdb:");
        var statement = connection.createStatement()) {
      statement.execute(
          "COPY (SELECT 1 AS number) TO '%s' (FORMAT parquet)"
              .formatted(tree.resolve("x.parquet")));
    }
    assertThatThrownBy(() -> restorer(data).fromParquet(ParquetTree.in(tree), Steps.UNOBSERVED))
        .isInstanceOf(BackupException.class)
        .hasMessageContaining("is no file of events: it has the columns [number]");
    Files.writeString(tree.resolve("x.parquet"), "no Parquet");
    assertThatThrownBy(() -> restorer(data).fromParquet(ParquetTree.in(tree), Steps.UNOBSERVED))
        .isInstanceOf(BackupException.class)
        .hasMessageContaining("Nothing was touched");
    try (Lake lake = Lake.open(Samples.settings(data), Disk.real())) {
      assertThat(lake.sums()).extracting(SiteSums::rows).containsExactly(3L);
      assertThat(data.resolve(Aside.NAME)).doesNotExist();
    }
  }

  private static Restorer restorer(Path data) {
    return new Restorer(
        new Backups(new FolderPlace(data, Disk.real())),
        data,
        EXTENSIONS,
        Disk.real(),
        Instant::now);
  }

  private static List<String> texts(Lake lake, String site) throws Exception {
    try (LakeView view = lake.view(site);
        var statement = view.connection().createStatement();
        var rows =
            statement.executeQuery(
                "SELECT session_id FROM %s WHERE site_id = '%s' ORDER BY 1"
                    .formatted(view.sessions(), site))) {
      List<String> found = new ArrayList<>();
      while (rows.next()) {
        found.add(rows.getString(1));
      }
      return found;
    }
  }

  private static List<Event> views(String site, int count, Instant from) {
    List<Event> events = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      events.add(Samples.view(site, "v" + i, from.plusSeconds(i), "/" + i % 7));
    }
    return events;
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> all = Files.walk(from)) {
      for (Path path : all.toList()) {
        Path target = to.resolve(from.relativize(path));
        if (Files.isDirectory(path)) {
          Files.createDirectories(target);
        } else {
          Files.copy(path, target, StandardCopyOption.REPLACE_EXISTING);
        }
      }
    }
  }
}
