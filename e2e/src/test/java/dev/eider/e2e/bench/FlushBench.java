package dev.eider.e2e.bench;

import dev.eider.runtime.journal.Accepted;
import dev.eider.runtime.lake.FlushReport;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/**
 * Rows a second that a flush brings into the lake, beside plain DuckDB that copies the same rows to
 * one file with an fsync; and how a flush does with many sites and many files.
 */
final class FlushBench {

  private static final LocalDate DAY = LocalDate.of(2026, 5, 4);
  private static final int[] SIZES = {10_000, 75_000};
  private static final int[] FILES = {10, 1_000, 10_000};
  private static final int SITES = 2_000;

  private final Path root;
  private final BenchOptions options;
  private final Table table = new Table();

  FlushBench(Path root, BenchOptions options) {
    this.root = root;
    this.options = options;
  }

  void run() throws IOException, SQLException {
    table.row("events", "", TrafficModel.CARDINALITIES);
    Figures last = null;
    for (int rows : SIZES) {
      last = compare(rows);
    }
    sites();
    files();
    table.print();
    Figure.print("flush", last.eider, "rows/s", last.eider / last.limit, last.limit);
  }

  private record Figures(double eider, double limit) {}

  private Figures compare(int rows) throws IOException, SQLException {
    TrafficModel traffic = new TrafficModel();
    List<Duration> flushes = new ArrayList<>();
    List<Duration> loads = new ArrayList<>();
    List<Duration> copies = new ArrayList<>();
    try (BenchLake lake = BenchLake.in(options.data(), root)) {
      for (int round = 0; round < options.rounds() * 6; round++) {
        List<Accepted> events = traffic.day("bench.example.com", DAY, rows);
        loads.add(timed(() -> lake.load(events)));
        flushes.add(timed(() -> flush(lake, rows)));
        copies.add(lake.copyFromMemory("read_parquet('" + lake.newestRecent() + "')"));
      }
    }
    // The first rounds are Java's and DuckDB's warm-up.
    Figures figures = new Figures(perSecond(rows, tail(flushes)), perSecond(rows, tail(copies)));
    table.row(
        "%,d rows: DuckDB COPY + fsync".formatted(rows),
        "%,.0f rows/s".formatted(figures.limit),
        "%d ms".formatted(median(tail(copies)).toMillis()));
    table.row(
        "%,d rows: flush".formatted(rows),
        "%,.0f rows/s".formatted(figures.eider),
        "%d ms; loading them before took %d ms"
            .formatted(median(tail(flushes)).toMillis(), median(tail(loads)).toMillis()));
    double ratio = figures.eider / figures.limit;
    table.bar("%,d rows: ratio".formatted(rows), "%.2f".formatted(ratio), ">= 0.5", ratio >= 0.5);
    return figures;
  }

  /** As many rows of one site and of many: a flush writes one file, whatever they are of. */
  private void sites() throws IOException {
    table.row(
        "10,000 rows of 1 site", "%d ms".formatted(flushOf(round -> one(round)).toMillis()), "");
    table.row(
        "10,000 rows of %,d sites".formatted(SITES),
        "%d ms".formatted(flushOf(round -> many(round)).toMillis()),
        "");
  }

  private final TrafficModel traffic = new TrafficModel();

  private List<Accepted> one(int round) {
    return traffic.day("site-0.example.com", DAY.plusDays(round), 10_000);
  }

  private List<Accepted> many(int round) {
    List<Accepted> events = new ArrayList<>();
    for (int site = 0; site < SITES; site++) {
      events.addAll(traffic.day("site-%d.example.com".formatted(site), DAY.plusDays(round), 5));
    }
    return events;
  }

  private Duration flushOf(IntFunction<List<Accepted>> events) throws IOException {
    List<Duration> flushes = new ArrayList<>();
    try (BenchLake lake = BenchLake.in(options.data(), root)) {
      for (int round = 0; round < options.rounds() * 3; round++) {
        lake.load(events.apply(round));
        flushes.add(timed(() -> flush(lake, 10_000)));
      }
    }
    return median(tail(flushes));
  }

  /** The same flush while there are more and more files in the lake. */
  private void files() throws IOException {
    TrafficModel events = new TrafficModel();
    try (BenchLake lake = BenchLake.in(options.data(), root)) {
      int day = 0;
      for (int files : FILES) {
        System.out.printf("making %,d files…%n", files);
        while (lake.lake().figures().events().files() < files) {
          int sites = Math.min(files / 10, SITES);
          for (int i = 0; i < files / sites && i < 10; i++) {
            List<Accepted> all = new ArrayList<>();
            for (int site = 0; site < sites; site++) {
              all.addAll(events.day("site-%d.example.com".formatted(site), DAY.plusDays(day), 1));
            }
            day++;
            lake.load(all);
            flush(lake, all.size());
          }
          lake.lake().settle(step -> {});
        }
        List<Duration> flushes = new ArrayList<>();
        for (int round = 0; round < options.rounds() * 3; round++) {
          lake.load(events.day("bench.example.com", DAY, 10_000));
          flushes.add(timed(() -> flush(lake, 10_000)));
        }
        table.row(
            "10,000 rows beside %,d files".formatted(lake.lake().figures().events().files()),
            "%d ms".formatted(median(tail(flushes)).toMillis()),
            "");
      }
    }
  }

  private static void flush(BenchLake lake, long rows) {
    FlushReport report = lake.lake().flush();
    if (report.rows() != rows) {
      throw new BenchException("a flush of %d rows reported %s".formatted(rows, report));
    }
  }

  private static Duration timed(Runnable what) {
    long begun = System.nanoTime();
    what.run();
    return Duration.ofNanos(System.nanoTime() - begun);
  }

  private static List<Duration> tail(List<Duration> all) {
    return all.subList(all.size() / 3, all.size());
  }

  private static Duration median(List<Duration> all) {
    return all.stream().sorted().toList().get(all.size() / 2);
  }

  private static double perSecond(int rows, List<Duration> took) {
    return rows * 1e9 / median(took).toNanos();
  }
}
