package dev.eider.e2e.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.Map;

/** What the life of data costs: each {@link LifePart} on the same year of events. */
final class LifeBench {

  static final String SITE = "bench.example.com";
  private static final int DAYS = 365;
  private static final int BATCH = 50_000;

  private final Path root;
  private final BenchOptions options;
  private final Table table = new Table();

  LifeBench(Path root, BenchOptions options) {
    this.root = root;
    this.options = options;
  }

  /** In their order; those that remove something come last. */
  private Map<String, LifePart> parts() {
    Map<String, LifePart> parts = new LinkedHashMap<>();
    parts.put("backup", new BackupPart(options));
    parts.put("erasure", new ErasurePart());
    parts.put("retention", new RetentionPart(options));
    return parts;
  }

  void run() throws Exception {
    Files.createDirectories(options.data());
    Path home = Files.createTempDirectory(options.data(), "life");
    try (BenchLake lake = BenchLake.staying(home.resolve("data"), root)) {
      table.row("events", "%,d".formatted(options.events()), VisitModel.CARDINALITIES);
      VisitModel visits = new VisitModel();
      fill(lake, visits);
      for (Map.Entry<String, LifePart> part : parts().entrySet()) {
        Path scratch = Files.createDirectory(home.resolve(part.getKey()));
        part.getValue()
            .run(
                new LifePart.Bed(
                    lake,
                    visits,
                    home.resolve("data"),
                    root.resolve("runtime/target/extensions"),
                    scratch),
                table);
        LifePart.remove(scratch);
      }
    }
    LifePart.remove(home);
    table.print();
    table.figures();
  }

  private void fill(BenchLake lake, VisitModel visits) {
    LocalDate today = LocalDate.now(ZoneOffset.UTC);
    int perDay = Math.max(1, options.events() / DAYS);
    for (int day = DAYS; day > 0; day--) {
      for (int left = perDay; left > 0; left -= BATCH) {
        lake.load(visits.day(SITE, today.minusDays(day), Math.min(BATCH, left)));
        lake.lake().flush();
      }
    }
    lake.lake().compact(step -> {});
  }
}
