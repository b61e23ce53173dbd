package dev.eider.runtime.lake;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Brings one site's rows into a lake from files of another one, as they were there, in one
 * transaction. Files that hold rows of other sites too are read for this one's only.
 */
final class SiteImport {

  /** Whose rows belong to a site. */
  static final List<String> TABLES =
      List.of(
          Schema.EVENTS,
          Schema.RECENT,
          Schema.SESSIONS,
          Schema.SUPERSEDED,
          Schema.ROLLUPS,
          Schema.ROLLUP_DAYS);

  private final Commits commits;
  private final Commits.Committed<Object> committed;

  SiteImport(Commits commits, Commits.Committed<Object> committed) {
    this.commits = commits;
    this.committed = committed;
  }

  /**
   * Does it; where exactly these rows are, nothing.
   *
   * @param files Parquet files by table
   * @param expected what the site has in them
   * @throws LakeException when the lake has other rows of the site, or the files have others than
   *     expected; the lake is as it was
   */
  void run(SiteSums expected, Map<String, List<Path>> files, Steps steps) {
    String site = Sql.text(expected.siteId());
    if (commits.read("looking for the site", connection -> isThere(connection, expected))) {
      return;
    }
    commits.commit(
        "bringing in a site",
        transaction -> {
          for (String table : TABLES) {
            List<Path> all = files.getOrDefault(table, List.of());
            for (int i = 0; i < all.size(); i++) {
              steps.begin("bring in file %d of %d of %s".formatted(i + 1, all.size(), table));
              insert(transaction.connection(), table, all.get(i), site);
            }
            if (!all.isEmpty()) {
              transaction.forceFiles(table, "site_id = " + site);
            }
          }
          List<SiteSums> there = sums(transaction.connection(), expected.siteId());
          if (!there.equals(expected.rows() == 0 ? List.of() : List.of(expected))) {
            throw new LakeException(
                "the files do not have what they should of site %s: %s, and not %s. The lake is as it was"
                    .formatted(expected.siteId(), there, expected));
          }
          return true;
        },
        committed::publish);
  }

  private static boolean isThere(Connection connection, SiteSums expected) throws SQLException {
    if (sums(connection, expected.siteId()).equals(List.of(expected))) {
      return true;
    }
    for (String table : TABLES) {
      long rows =
          Sql.number(
              connection,
              "SELECT count(*) FROM lake.%s WHERE site_id = %s"
                  .formatted(table, Sql.text(expected.siteId())));
      if (rows > 0) {
        throw new LakeException(
            "the lake has %d rows of site %s in %s already; a site is brought in only where there is nothing of it. The lake is as it was"
                .formatted(rows, expected.siteId(), table));
      }
    }
    return false;
  }

  private static List<SiteSums> sums(Connection connection, String siteId) throws SQLException {
    String rows =
        "SELECT site_id, event_id, visitor_id, \"timestamp\", revenue_amount FROM lake.%s WHERE"
            + " site_id = "
            + Sql.text(siteId);
    return Exporter.sumsOf(
        connection,
        "(%s UNION ALL %s)"
            .formatted(rows.formatted(Schema.EVENTS), rows.formatted(Schema.RECENT)));
  }

  private static void insert(Connection connection, String table, Path file, String site)
      throws SQLException {
    String from =
        "read_parquet(%s, hive_partitioning = false)".formatted(Sql.text(file.toString()));
    // An older file lacks columns, and one that was rewritten has DuckLake's own beside them.
    Set<String> columns = new TreeSet<>(columns(connection, "lake." + table));
    columns.retainAll(columns(connection, from));
    columns.remove("journal_seq");
    String names =
        columns.stream().map(name -> "\"" + name + "\"").collect(Collectors.joining(", "));
    boolean numbered = table.equals(Schema.RECENT);
    Sql.run(
        connection,
        // Numbers of another journal may be there twice; they tell rows of a file apart.
        "INSERT INTO lake.%s (%s%s) SELECT %s%s FROM %s WHERE site_id = %s"
            .formatted(
                table,
                names,
                numbered ? ", journal_seq" : "",
                names,
                numbered ? ", row_number() OVER ()" : "",
                from,
                site));
  }

  private static List<String> columns(Connection connection, String relation) throws SQLException {
    return Sql.rows(connection, "DESCRIBE FROM " + relation, row -> row.getString(1));
  }
}
