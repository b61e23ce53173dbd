package dev.eider.e2e.bench;

import dev.eider.runtime.journal.Accepted;
import dev.eider.runtime.lake.LakeView;
import dev.eider.runtime.stats.EventsView;
import dev.eider.runtime.stats.Query;
import dev.eider.runtime.stats.Scope;
import dev.eider.runtime.stats.Stats;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * How long a dashboard takes: thirteen panels of thirty days, asked at once, nothing remembered
 * between them. All but the last day's events are settled. Beside it what plain DuckDB takes to
 * count one panel's visitors over the same files, by hand-written SQL.
 */
final class QueryBench {

  private static final String SITE = "bench.example.com";
  private static final LocalDate LAST = LocalDate.of(2026, 5, 30);
  private static final int DAYS = 30;
  private static final int EVENTS = 1_000_000;
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private static final List<String> BY =
      List.of(
          "visit:source",
          "visit:referrer",
          "event:page",
          "visit:entry_page",
          "visit:exit_page",
          "visit:country",
          "visit:region_name",
          "visit:city_name",
          "visit:browser",
          "visit:os",
          "visit:device");

  private final Path root;
  private final BenchOptions options;
  private final Table table = new Table();
  private final Stats stats =
      new Stats(Clock.fixed(LAST.atTime(18, 0).toInstant(ZoneOffset.UTC), ZoneOffset.UTC), LIMIT);

  QueryBench(Path root, BenchOptions options) {
    this.root = root;
    this.options = options;
  }

  void run() throws IOException, SQLException, InterruptedException, ExecutionException {
    table.row("events", "%,d".formatted(EVENTS), TrafficModel.CARDINALITIES);
    try (BenchLake lake = BenchLake.in(options.data(), root)) {
      fill(lake);
      Map<String, List<Double>> alone = new LinkedHashMap<>();
      List<Double> together = new ArrayList<>();
      List<Double> limits = new ArrayList<>();
      for (int round = 0; round <= options.rounds(); round++) {
        limits.add(bare(lake));
        for (Map.Entry<String, Query> panel : panels().entrySet()) {
          long begun = System.nanoTime();
          ask(lake, panel.getValue());
          alone.computeIfAbsent(panel.getKey(), name -> new ArrayList<>()).add(since(begun));
        }
        together.add(atOnce(lake));
      }
      // The first round warms up.
      alone.forEach((name, times) -> table.row(name, "%.1f ms".formatted(median(times)), ""));
      double dashboard = median(together);
      double limit = median(limits);
      table.row("DuckDB: visitors by source", "%.1f ms".formatted(limit), "hand-written");
      table.bar("13 panels at once", "%.0f ms".formatted(dashboard), "< 120 ms", dashboard < 120);
      table.print();
      Figure.print("query", dashboard, "ms", dashboard / limit, limit);
    }
  }

  private static void fill(BenchLake lake) {
    TrafficModel traffic = new TrafficModel();
    int perDay = EVENTS / DAYS;
    for (int day = 0; day < DAYS; day++) {
      List<Accepted> events = traffic.day(SITE, LAST.minusDays(DAYS - 1L - day), perDay);
      if (day == DAYS - 1) {
        lake.lake().compact(step -> {});
      }
      lake.lake().accept(events);
      lake.lake().flush();
    }
  }

  private static Map<String, Query> panels() {
    Map<String, Query> panels = new LinkedHashMap<>();
    panels.put(
        "figures",
        query(
            "[\"visitors\",\"visits\",\"pageviews\",\"views_per_visit\",\"bounce_rate\",\"visit_duration\"]",
            "[]"));
    panels.put("days", query("[\"visitors\",\"visits\",\"pageviews\"]", "[\"time:day\"]"));
    for (String dimension : BY) {
      panels.put(dimension, query("[\"visitors\"]", "[\"" + dimension + "\"]"));
    }
    return panels;
  }

  private static Query query(String metrics, String dimensions) {
    return Query.parse(
        """
        {"site_id": "%s", "metrics": %s, "dimensions": %s, "date_range": "30d",
         "pagination": {"limit": 10}}\
        """
            .formatted(SITE, metrics, dimensions)
            .getBytes(StandardCharsets.UTF_8));
  }

  private void ask(BenchLake lake, Query query) {
    try (LakeView view = lake.lake().view(SITE)) {
      int results =
          stats
              .answer(
                  query,
                  Scope.of(ZoneOffset.UTC),
                  new EventsView(view.connection(), view.events(), view.asOf()))
              .get("results")
              .size();
      if (results == 0) {
        throw new BenchException("a panel was empty: " + query);
      }
    }
  }

  private double atOnce(BenchLake lake) throws InterruptedException, ExecutionException {
    try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> answers = new ArrayList<>();
      long begun = System.nanoTime();
      for (Query query : panels().values()) {
        answers.add(clients.submit(() -> ask(lake, query)));
      }
      for (Future<?> answer : answers) {
        answer.get();
      }
      return since(begun);
    }
  }

  /** Visitors by source as somebody who knows DuckDB and our columns would count them. */
  private static double bare(BenchLake lake) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement()) {
      long begun = System.nanoTime();
      statement.execute(
          """
          WITH visits AS (
            SELECT session_id, any_value(referrer_source) FILTER (event_id = session_id) AS source
            FROM %1$s GROUP BY session_id)
          SELECT source, count(DISTINCT (date, visitor_id)) AS visitors
          FROM %1$s JOIN visits USING (session_id) GROUP BY source ORDER BY visitors DESC LIMIT 10\
          """
              .formatted(lake.filesOf("events")));
      return since(begun);
    }
  }

  private static double since(long begun) {
    return (System.nanoTime() - begun) / 1e6;
  }

  private static double median(List<Double> all) {
    List<Double> warm = all.subList(1, all.size()).stream().sorted().toList();
    return warm.get(warm.size() / 2);
  }
}
