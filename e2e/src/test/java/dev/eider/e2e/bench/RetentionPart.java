package dev.eider.e2e.bench;

import dev.eider.runtime.lake.RetainPlan;
import dev.eider.runtime.lake.RetainReport;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

/**
 * How long retention takes to remove a month, at two sizes of the same days: it is to follow the
 * number of files and not that of rows. Measured on lakes of its own, since each can be pruned
 * once.
 */
final class RetentionPart implements LifePart {

  private static final int DAYS = 60;
  private static final int GOING = 30;
  private static final int TIMES = 10;
  private static final int BATCH = 50_000;

  private final BenchOptions options;

  RetentionPart(BenchOptions options) {
    this.options = options;
  }

  @Override
  public void run(Bed bed, Table table) throws Exception {
    int rows = Math.max(DAYS * 100, options.events() / 50);
    List<Double> few = new ArrayList<>();
    List<Double> many = new ArrayList<>();
    for (int round = 0; round < options.rounds(); round++) {
      few.add(prune(bed, rows));
      many.add(prune(bed, rows * TIMES));
    }
    double small = median(few);
    double large = median(many);
    table.row(
        "retention of a month",
        "%,.0f ms".formatted(small),
        "of %,d rows in %d days".formatted(rows, DAYS));
    table.bar(
        "the same of %d times the rows".formatted(TIMES),
        "%,.0f ms".formatted(large),
        "<= 2 times as long: %.2f".formatted(large / small),
        large / small <= 2);
    table.figure("life: retention of a month, ten times the rows", large / small, "times", 2);
  }

  private static double prune(Bed bed, int rows) throws Exception {
    Path home = bed.scratch().resolve("pruned");
    LocalDate today = LocalDate.now(ZoneOffset.UTC);
    try (BenchLake lake = BenchLake.staying(home, bed.extensions().resolve("../../.."))) {
      VisitModel visits = new VisitModel();
      for (int day = DAYS; day > 0; day--) {
        for (int left = rows / DAYS; left > 0; left -= BATCH) {
          lake.load(visits.day(LifeBench.SITE, today.minusDays(day), Math.min(BATCH, left)));
          lake.lake().flush();
        }
      }
      lake.lake().compact(step -> {});
      LocalDate keepFrom = today.minusDays(DAYS - GOING);
      RetainReport report =
          lake.lake()
              .retain(
                  new RetainPlan(
                      List.of(new RetainPlan.Site(LifeBench.SITE, keepFrom, 100, true)), false),
                  step -> {});
      if (report.partitions() != GOING || !report.status().equals("ok")) {
        throw new BenchException("not what was to go went: " + report);
      }
      return report.millis();
    } finally {
      LifePart.remove(home);
    }
  }

  private static double median(List<Double> all) {
    return all.stream().sorted().toList().get(all.size() / 2);
  }
}
