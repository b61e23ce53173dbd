package dev.eider.e2e.bench;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * How long a dashboard takes: thirteen panels of thirty days (or more), asked at once over HTTP,
 * each question new. The days before today are in the lake and compacted; today's events come in
 * before and meanwhile. Beside it a question with two filters and the same one in hand-written SQL
 * over the same files; sixteen clients at once; and what senders wait meanwhile.
 */
final class QueryBench {

  /** A day of a month comes in so many at a time, one of a year whole, or merging takes hours. */
  private static final int BATCH = 15_000;

  private static final int CLIENTS = 16;
  private static final int CONNECTIONS = 64;
  private static final Duration BETWEEN = Duration.ofNanos(200_000);

  /** From so many events, or days, on a dashboard may take longer. */
  private static final int LARGE = 5_000_000;

  private static final int MONTH = 31;

  private final Path root;
  private final BenchOptions options;
  private final Table table = new Table();
  private final Questions questions;
  private final String size;

  QueryBench(Path root, BenchOptions options) {
    this.root = root;
    this.options = options;
    this.questions = new Questions(IngestBed.DOMAIN, options.days());
    this.size = "%,d events of %d days".formatted(options.events(), options.days());
  }

  void run() throws IOException, SQLException, InterruptedException, ExecutionException {
    try (IngestBed bed = IngestBed.make(root, options, "query", table)) {
      table.row(
          "events",
          "%,d".formatted(options.events()),
          "%d days, %s".formatted(options.days(), VisitModel.CARDINALITIES));
      fill(bed.data());
      try (Served eider = bed.eider("query")) {
        bed.tidy(eider);
        try (LoadClient sender = sender(eider)) {
          double quiet = sender.run(options.round(), BETWEEN).latencies().millis(0.99);
          table.row("today's events sent, p99", "%.1f ms".formatted(quiet), "nobody asks");
        }
        dashboards(bed, eider);
        twoFilters(bed, eider);
        // Anew: a connection that nobody uses for a minute is closed.
        try (LoadClient sender = sender(eider)) {
          clients(bed, eider, sender);
        }
      } finally {
        // Also what was measured before something failed, which may have taken an hour.
        table.print();
        table.figures();
      }
    }
  }

  private static LoadClient sender(Served eider) throws IOException {
    return new LoadClient(eider.port(), CONNECTIONS, new Requests(IngestBed.DOMAIN));
  }

  /** Keeps a figure for the end, where programs look for it. */
  private void figure(String name, double value, String unit, double limit) {
    table.figure("query: %s, %s".formatted(name, size), value, unit, limit);
  }

  private void fill(Path data) throws IOException {
    VisitModel visits = new VisitModel();
    LocalDate today = LocalDate.now(ZoneOffset.UTC);
    int perDay = options.events() / (options.days() - 1);
    int batch = options.days() > MONTH ? perDay : BATCH;
    try (BenchLake lake = BenchLake.staying(data, root)) {
      for (int day = options.days() - 1; day > 0; day--) {
        for (int left = perDay; left > 0; left -= batch) {
          lake.load(visits.day(IngestBed.DOMAIN, today.minusDays(day), Math.min(batch, left)));
          lake.lake().flush();
        }
      }
    }
  }

  private void dashboards(IngestBed bed, Served eider)
      throws IOException, InterruptedException, ExecutionException {
    Map<String, List<Double>> alone = new LinkedHashMap<>();
    List<Double> together = new ArrayList<>();
    List<Double> processor = new ArrayList<>();
    for (int round = 0; round <= options.rounds(); round++) {
      for (Map.Entry<String, String> panel : questions.panels().entrySet()) {
        alone
            .computeIfAbsent(panel.getKey(), name -> new ArrayList<>())
            .add(ask(bed, eider, panel.getValue()));
      }
      Duration before = eider.cpu();
      together.add(atOnce(bed, eider));
      processor.add(eider.cpu().minus(before).toNanos() / 1e6);
    }
    alone.forEach((name, times) -> table.row(name, "%.1f ms".formatted(median(times)), "alone"));
    double bar = bar();
    double dashboard = median(together);
    table.bar(
        "13 panels at once",
        "%.0f ms".formatted(dashboard),
        "< %.0f ms, %.0f ms of processor".formatted(bar, median(processor)),
        dashboard < bar);
    figure("13 panels at once", dashboard, "ms", bar);
  }

  /** In ms. */
  private double bar() {
    if (options.days() > MONTH) {
      return 400;
    }
    return options.events() < LARGE ? 120 : 250;
  }

  private double atOnce(IngestBed bed, Served eider)
      throws InterruptedException, ExecutionException {
    try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> answers = new ArrayList<>();
      long begun = System.nanoTime();
      for (String question : questions.panels().values()) {
        answers.add(clients.submit(() -> ask(bed, eider, question)));
      }
      for (Future<?> answer : answers) {
        answer.get();
      }
      return since(begun);
    }
  }

  private void twoFilters(IngestBed bed, Served eider)
      throws IOException, InterruptedException, SQLException {
    List<Double> ours = new ArrayList<>();
    List<Double> byHand = new ArrayList<>();
    String files =
        "read_parquet('%s/open/*/*/*.parquet', hive_partitioning = false)".formatted(bed.data());
    for (int round = 0; round <= options.rounds(); round++) {
      ours.add(ask(bed, eider, questions.twoFilters()));
      byHand.add(bare(Questions.twoFiltersByHand(files)));
    }
    double limit = median(byHand);
    double took = median(ours);
    table.row("DuckDB: two filters", "%.1f ms".formatted(limit), "hand-written");
    table.bar("two filters", "%.1f ms".formatted(took), "< 1.5 × hand-written", took < 1.5 * limit);
    figure("two filters", took, "ms", limit);
  }

  /**
   * One client and sixteen that ask one panel after another, while nobody sends and while events
   * come. What sixteen wait is compared with what one waits meanwhile.
   */
  private void clients(IngestBed bed, Served eider, LoadClient sender)
      throws IOException, InterruptedException, ExecutionException {
    double oneAlone = asking(bed, eider, 1).millis(0.99);
    compared("nobody sends", oneAlone, asking(bed, eider, CLIENTS).millis(0.99));
    double one = meanwhile(sender, () -> asking(bed, eider, 1)).asked().millis(0.99);
    Meanwhile all = meanwhile(sender, () -> asking(bed, eider, CLIENTS));
    compared("events come", one, all.asked().millis(0.99));
    double waited = all.sent().latencies().millis(0.99);
    table.bar(
        "events sent meanwhile, p99",
        "%.1f ms".formatted(waited),
        "< 50 ms at 5,000 a second; %,.0f were answered".formatted(all.sent().perSecond()),
        waited < 50 && all.sent().perSecond() > 0.95 * 5_000);
    figure("p99 of senders meanwhile", waited, "ms", 50);
  }

  private void compared(String when, double one, double many) {
    table.row("p99 of a panel, 1 client", "%.0f ms".formatted(one), when);
    table.bar(
        "p99 of a panel, %d clients".formatted(CLIENTS),
        "%.0f ms".formatted(many),
        "< 8 × one client's, %s; no error".formatted(when),
        many < 8 * one);
    figure("p99 of %d clients while %s".formatted(CLIENTS, when), many, "ms", 8 * one);
  }

  private record Meanwhile(Latencies asked, LoadClient.Round sent) {}

  /** Sends for as long as is asked. */
  private Meanwhile meanwhile(LoadClient sender, Callable<Latencies> asking)
      throws IOException, InterruptedException, ExecutionException {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Latencies> asked = threads.submit(asking);
      LoadClient.Round sent = sender.run(options.round(), BETWEEN);
      return new Meanwhile(asked.get(), sent);
    }
  }

  private Latencies asking(IngestBed bed, Served eider, int clients)
      throws InterruptedException, ExecutionException {
    Latencies all = new Latencies();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Latencies>> asking = new ArrayList<>();
      for (int i = 0; i < clients; i++) {
        asking.add(threads.submit(() -> asking(bed, eider)));
      }
      for (Future<Latencies> one : asking) {
        all.addAll(one.get());
      }
    }
    return all;
  }

  private Latencies asking(IngestBed bed, Served eider) throws IOException, InterruptedException {
    Latencies latencies = new Latencies();
    long end = System.nanoTime() + options.round().toNanos();
    while (System.nanoTime() < end) {
      for (String question : questions.panels().values()) {
        latencies.add((long) (ask(bed, eider, question) * 1e6));
      }
    }
    return latencies;
  }

  /** How long it took, in ms. */
  private static double ask(IngestBed bed, Served eider, String question)
      throws IOException, InterruptedException {
    long begun = System.nanoTime();
    HttpResponse<byte[]> response = bed.ask(eider, "/api/v2/query", question);
    double took = since(begun);
    String answer = new String(response.body(), StandardCharsets.UTF_8);
    if (response.statusCode() != 200 || answer.contains("\"results\":[]")) {
      throw new BenchException(
          "%s was answered with %d: %s".formatted(question, response.statusCode(), answer));
    }
    return took;
  }

  private static double bare(String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement()) {
      // Once for what it learns of the files, which Eider knows too.
      statement.execute(sql);
      long begun = System.nanoTime();
      statement.execute(sql);
      return since(begun);
    }
  }

  private static double since(long begun) {
    return (System.nanoTime() - begun) / 1e6;
  }

  /** Of all but the first, which warms up. */
  private static double median(List<Double> all) {
    List<Double> warm = all.subList(1, all.size()).stream().sorted().toList();
    return warm.get(warm.size() / 2);
  }
}
