package dev.eider.runtime.lake;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads what HitKeep's backups are, which is DuckDB's EXPORT DATABASE as Parquet: page views in
 * {@code hits}, other events in {@code events}, and the names of sites in {@code sites}, which
 * newer releases write to {@code shared} alone, and the rest to each tenant's folder
 * (https://github.com/PascaleBeier/hitkeep, worker/backup.go).
 *
 * <p>A session there is the nearest to a visitor here. User agents are not taken over, so browsers
 * and systems stay unknown.
 */
public final class HitKeepExport {

  private static final Logger LOG = LoggerFactory.getLogger(HitKeepExport.class);

  private static final String HITS = "hits.parquet";
  private static final String EVENTS = "events.parquet";
  private static final String SITES = "sites.parquet";

  private final List<Path> snapshots;
  private final List<Path> siteFiles;

  /** The host name in a page's address, without {@code www}. */
  private static final String HOST = "^[a-z]+://(?:www\\.)?([^/:?#]+)";

  private HitKeepExport(List<Path> folders) {
    this.snapshots = folders.stream().filter(folder -> Files.exists(folder.resolve(HITS))).toList();
    this.siteFiles =
        folders.stream().map(folder -> folder.resolve(SITES)).filter(Files::exists).toList();
  }

  /**
   * Looks for one: a snapshot's folder, or a whole folder of backups, of which the newest of {@code
   * shared} and of each tenant are taken.
   */
  public static Optional<HitKeepExport> in(Path folder) throws IOException {
    if (Files.exists(folder.resolve(HITS)) && Files.exists(folder.resolve(SITES))) {
      return Optional.of(new HitKeepExport(List.of(folder)));
    }
    Stream<Path> tenants =
        Files.isDirectory(folder.resolve("tenants"))
            ? folders(folder.resolve("tenants")).stream()
            : Stream.empty();
    HitKeepExport all =
        new HitKeepExport(
            Stream.concat(Stream.of(folder.resolve("shared")), tenants)
                .map(HitKeepExport::newest)
                .flatMap(Optional::stream)
                .toList());
    return Optional.of(all).filter(it -> !it.snapshots.isEmpty() && !it.siteFiles.isEmpty());
  }

  /** Their names are times, so the last is the newest. */
  private static Optional<Path> newest(Path folder) {
    if (!Files.isDirectory(folder)) {
      return Optional.empty();
    }
    return folders(folder).stream()
        .filter(
            snapshot ->
                Files.exists(snapshot.resolve(HITS)) || Files.exists(snapshot.resolve(SITES)))
        .reduce((one, other) -> other);
  }

  private static List<Path> folders(Path folder) {
    try (Stream<Path> all = Files.list(folder)) {
      return all.filter(Files::isDirectory).sorted().toList();
    } catch (IOException e) {
      throw new LakeException("%s could not be read: %s".formatted(folder, e), e);
    }
  }

  /** What is read. */
  public List<Path> snapshots() {
    return snapshots;
  }

  /**
   * Writes its events as files that {@link Lake#bringIn(List, Steps)} takes.
   *
   * @param to a folder that is there
   * @throws LakeException when it cannot be read
   */
  public List<Path> convert(Path to) {
    // A site that was renamed may be in several with other domains: the first is of all tenants.
    String sites =
        Stream.iterate(0, i -> i < siteFiles.size(), i -> i + 1)
            .map(
                i ->
                    "SELECT id::VARCHAR AS id, lower(domain) AS domain, %d AS place FROM read_parquet(%s)"
                        .formatted(i, Sql.text(siteFiles.get(i).toString())))
            .collect(Collectors.joining(" UNION ALL "));
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:")) {
      Sql.run(connection, "SET memory_limit = '512MB'");
      Sql.run(connection, "SET temp_directory = " + Sql.text(to.resolve("spill").toString()));
      Sql.run(
          connection,
          "CREATE TEMP TABLE names AS SELECT id, arg_min(domain, place) AS domain FROM (%s) GROUP BY id"
              .formatted(sites));
      return Stream.iterate(0, i -> i < snapshots.size(), i -> i + 1)
          .map(i -> convert(connection, snapshots.get(i), to.resolve("hitkeep-" + i + ".parquet")))
          .toList();
    } catch (SQLException e) {
      throw new LakeException("HitKeep's backup could not be read: " + e.getMessage(), e);
    }
  }

  private static Path convert(Connection connection, Path snapshot, Path target) {
    String hits = "read_parquet(%s)".formatted(Sql.text(snapshot.resolve(HITS).toString()));
    Path eventFile = snapshot.resolve(EVENTS);
    try {
      long unknown =
          Sql.number(
              connection,
              "SELECT count(*) FROM %s h ANTI JOIN names n ON n.id = h.site_id::VARCHAR"
                  .formatted(hits));
      if (unknown > 0) {
        LOG.warn(
            "{} page views of {} are left out: they are of sites that {} does not name",
            unknown,
            snapshot,
            SITES);
      }
      Set<String> columns =
          new HashSet<>(Sql.rows(connection, "DESCRIBE FROM " + hits, row -> row.getString(1)));
      String more =
          Stream.of(
                  "hostname",
                  "referrer",
                  "language",
                  "country_code",
                  "region",
                  "city",
                  "utm_source",
                  "utm_medium",
                  "utm_campaign",
                  "utm_term",
                  "utm_content")
              .filter(columns::contains)
              .map(name -> ", h.%s::VARCHAR AS %1$s".formatted(name))
              .collect(Collectors.joining());
      if (columns.contains("referrer")) {
        more +=
            ", nullif(regexp_extract(lower(h.referrer), '%s', 1), '') AS referrer_source"
                .formatted(HOST);
      }
      if (columns.contains("screen_width")) {
        more += ", h.screen_width::VARCHAR AS screen_size";
      }
      String pageviews =
          """
          SELECT n.domain AS site_id, h.session_id::VARCHAR AS visitor_id,
            make_timestamp(epoch_us(h."timestamp")) AS "timestamp", 'pageview' AS event_name,
            h.path AS pathname, h.id::UUID AS event_id, NULL::VARCHAR AS props%s
          FROM %s h JOIN names n ON n.id = h.site_id::VARCHAR\
          """
              .formatted(more, hits);
      String others =
          """
          SELECT n.domain AS site_id, e.session_id::VARCHAR AS visitor_id,
            make_timestamp(epoch_us(e."timestamp")) AS "timestamp", e.name AS event_name,
            coalesce(h.path, '/') AS pathname, e.id::UUID AS event_id, e.properties::VARCHAR AS props%s
          FROM read_parquet(%s) e JOIN names n ON n.id = e.site_id::VARCHAR
          ASOF LEFT JOIN %s h ON h.session_id = e.session_id AND h."timestamp" <= e."timestamp"\
          """
              .formatted(more, Sql.text(eventFile.toString()), hits);
      Sql.run(
          connection,
          "COPY (%s%s) TO %s (FORMAT parquet, COMPRESSION zstd)"
              .formatted(
                  pageviews,
                  Files.exists(eventFile) ? " UNION ALL " + others : "",
                  Sql.text(target.toString())));
      return target;
    } catch (SQLException e) {
      throw new LakeException(
          "%s is no backup of HitKeep that can be read: %s".formatted(snapshot, e.getMessage()), e);
    }
  }
}
