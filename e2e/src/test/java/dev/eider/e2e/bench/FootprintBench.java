package dev.eider.e2e.bench;

import dev.eider.runtime.lake.LakeFigures;
import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;

/** Bytes that an event takes on the disk once it is compacted. */
final class FootprintBench {

  private static final LocalDate DAY = LocalDate.of(2026, 5, 4);
  private static final int DAYS = 4;
  private static final int PARTS = 4;
  private static final int ROWS = 62_500;
  private static final double BAR = 25;

  private final Path root;
  private final BenchOptions options;

  FootprintBench(Path root, BenchOptions options) {
    this.root = root;
    this.options = options;
  }

  void run() throws IOException {
    Table table = new Table();
    table.row("events", "%,d".formatted(DAYS * PARTS * ROWS), TrafficModel.CARDINALITIES);
    try (BenchLake lake = BenchLake.in(options.data(), root)) {
      TrafficModel traffic = new TrafficModel();
      for (int day = 0; day < DAYS; day++) {
        for (int part = 0; part < PARTS; part++) {
          lake.load(traffic.part("bench.example.com", DAY.plusDays(day), part, PARTS, ROWS));
          lake.lake().flush();
        }
        lake.lake().compact(step -> {});
      }
      LakeFigures figures = lake.lake().figures();
      double events = (double) figures.events().bytes() / figures.events().rows();
      double sessions = (double) figures.sessions().bytes() / figures.events().rows();
      table.row("files", "%d".formatted(figures.events().files()), "");
      table.bar("bytes an event", "%.1f".formatted(events), "<= 25", events <= BAR);
      table.row(
          "bytes of sessions an event",
          "%.1f".formatted(sessions),
          "%,d sessions".formatted(figures.sessions().rows()));
      table.print();
      Figure.print("footprint", events, "bytes/event", events / BAR, BAR);
    }
  }
}
