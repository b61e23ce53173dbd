package dev.eider.e2e.bench;

import dev.eider.runtime.journal.Accepted;
import dev.eider.runtime.lake.CompactReport;
import dev.eider.runtime.lake.SettleReport;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;

/**
 * Rows a second that a compaction brings from a day's flushes into one sorted file, beside plain
 * DuckDB that reads the same files, sorts them and writes one with an fsync. The compaction also
 * computes sessions and checks what it wrote.
 */
final class CompactBench {

  private static final LocalDate DAY = LocalDate.of(2026, 5, 4);
  private static final String SITE = "bench.example.com";
  private static final int FLUSHES = 8;
  private static final int ROWS = 50_000;
  private static final int QUIET_SITES = 2_000;
  private static final int SITES_AT_ONCE = 100;

  /** Events of a quiet site. */
  private static final int AN_HOUR = 60;

  private final Path root;
  private final BenchOptions options;
  private final Table table = new Table();

  CompactBench(Path root, BenchOptions options) {
    this.root = root;
    this.options = options;
  }

  void run() throws IOException, SQLException {
    table.row("events", "", TrafficModel.CARDINALITIES);
    int rows = FLUSHES * ROWS;
    List<Double> settles = new ArrayList<>();
    List<Double> merges = new ArrayList<>();
    List<Double> limits = new ArrayList<>();
    for (int round = 0; round < options.rounds(); round++) {
      try (BenchLake lake = BenchLake.in(options.data(), root)) {
        TrafficModel traffic = new TrafficModel();
        for (int part = 0; part < FLUSHES; part++) {
          lake.load(traffic.part(SITE, DAY, part, FLUSHES, ROWS));
          lake.lake().flush();
        }
        limits.add(
            perSecond(rows, lake.copyFromFiles(lake.filesOf("recent"), "\"timestamp\", event_id")));
        long begun = System.nanoTime();
        SettleReport settled = lake.lake().settle(step -> {});
        settles.add(perSecond(settled.rows(), since(begun)));
        begun = System.nanoTime();
        CompactReport merged = lake.lake().compact(step -> {});
        merges.add(perSecond(merged.rows(), since(begun)));
        if (settled.rows() != rows || merged.rows() < rows) {
          throw new BenchException("not all rows were compacted: " + settled + ", " + merged);
        }
      }
    }
    double limit = median(limits);
    double settle = median(settles);
    double merge = median(merges);
    table.row("DuckDB: read, sort, COPY, fsync", "%,.0f rows/s".formatted(limit), "");
    table.row(
        "settle, with sessions",
        "%,.0f rows/s".formatted(settle),
        "ratio %.2f".formatted(settle / limit));
    table.bar(
        "compaction of settled files: ratio",
        "%.2f".formatted(merge / limit),
        ">= 0.4",
        merge / limit >= 0.4);
    quietSites();
    table.print();
    Figure.print("compact", merge, "rows/s", merge / limit, limit);
  }

  /** An hour of many quiet sites: how long, and how many files a site and day then has. */
  private void quietSites() throws IOException {
    try (BenchLake lake = BenchLake.in(options.data(), root)) {
      TrafficModel traffic = new TrafficModel();
      for (int hour = 0; hour < 3; hour++) {
        for (int from = 0; from < QUIET_SITES; from += SITES_AT_ONCE) {
          List<Accepted> events = new ArrayList<>();
          for (int site = from; site < from + SITES_AT_ONCE; site++) {
            events.addAll(
                traffic.part("site-%d.example.com".formatted(site), DAY, hour, 24, AN_HOUR));
          }
          lake.load(events);
        }
        lake.lake().flush();
        long begun = System.nanoTime();
        CompactReport report = lake.lake().compact(step -> {});
        if (report.settle().rows() != QUIET_SITES * AN_HOUR) {
          throw new BenchException("not all rows of an hour were settled: " + report);
        }
        table.row(
            "%,d sites, hour %d".formatted(QUIET_SITES, hour + 1),
            "%,d ms".formatted(since(begun).toMillis()),
            "%,d rows settled; %.2f files a site and day"
                .formatted(
                    report.settle().rows(),
                    (double) lake.lake().figures().events().files()
                        / lake.lake().figures().partitions()));
      }
    }
  }

  private static Duration since(long begun) {
    return Duration.ofNanos(System.nanoTime() - begun);
  }

  private static double median(List<Double> all) {
    return all.stream().sorted().toList().get(all.size() / 2);
  }

  private static double perSecond(long rows, Duration took) {
    return rows * 1e9 / took.toNanos();
  }
}
