package dev.eider.e2e.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.eider.runtime.lake.EraseReport;
import dev.eider.runtime.lake.ErasureSubject;
import dev.eider.runtime.lake.LakeView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** What erasing one visitor of a year rewrites: no file of events but those that hold it. */
final class ErasurePart implements LifePart {

  private static final int DAYS_AGO = 180;

  private static final ObjectMapper JSON = new ObjectMapper();

  @Override
  public void run(Bed bed, Table table) throws Exception {
    String visitor;
    long events;
    Set<String> holding = new HashSet<>();
    try (LakeView view = bed.lake().lake().view(LifeBench.SITE);
        Statement statement = view.connection().createStatement()) {
      String day = "date = DATE '%s'".formatted(LocalDate.now(ZoneOffset.UTC).minusDays(DAYS_AGO));
      try (ResultSet row =
          statement.executeQuery(
              "SELECT visitor_id, count(*) FROM %s WHERE %s GROUP BY visitor_id ORDER BY 2 DESC, 1 LIMIT 1"
                  .formatted(view.events(), day))) {
        row.next();
        visitor = row.getString(1);
        events = row.getLong(2);
      }
      try (ResultSet row =
          statement.executeQuery(
              "SELECT DISTINCT filename FROM lake.events WHERE visitor_id = '%s'"
                  .formatted(visitor))) {
        while (row.next()) {
          holding.add(name(row.getString(1)));
        }
      }
    }
    Map<String, Long> before = files(bed.home());

    EraseReport report =
        bed.lake()
            .lake()
            .erase(
                new ErasureSubject(
                    List.of(new ErasureSubject.Site(LifeBench.SITE, OptionalInt.empty())),
                    Set.of(visitor),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Map.of()),
                false,
                step -> {});

    if (report.events() != events || left(bed, visitor) != 0) {
      throw new BenchException("not what was to go went: " + report);
    }
    Map<String, Long> after = files(bed.home());
    Set<String> rewritten = new HashSet<>(before.keySet());
    rewritten.removeAll(after.keySet());
    table.row(
        "erasure of one visitor",
        "%,d ms".formatted(report.millis()),
        "%,d events; %,d of %,d bytes of events lay in its files"
            .formatted(
                events,
                rewritten.stream().mapToLong(before::get).sum(),
                before.values().stream().mapToLong(Long::longValue).sum()));
    table.bar(
        "files of events rewritten for it",
        "%d of %d".formatted(rewritten.size(), before.size()),
        "those that hold the visitor: %d".formatted(holding.size()),
        rewritten.equals(holding));
    table.figure(
        "life: files rewritten to erase one visitor", rewritten.size(), "files", holding.size());
  }

  private static long left(Bed bed, String visitor) throws SQLException {
    try (LakeView view = bed.lake().lake().view(LifeBench.SITE);
        Statement statement = view.connection().createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT count(*) FROM %s WHERE visitor_id = '%s'"
                    .formatted(view.events(), visitor))) {
      row.next();
      return row.getLong(1);
    }
  }

  /** The live files of events and their sizes, as everybody sees them. */
  private static Map<String, Long> files(Path home) throws IOException {
    JsonNode current = JSON.readTree(Files.readAllBytes(home.resolve("lake/current.json")));
    Map<String, Long> files = new HashMap<>();
    current
        .at("/tables/events/files")
        .forEach(file -> files.put(name(file.get("path").asText()), file.get("bytes").asLong()));
    return files;
  }

  private static String name(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }
}
