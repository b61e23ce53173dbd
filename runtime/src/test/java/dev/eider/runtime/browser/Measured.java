package dev.eider.runtime.browser;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.eider.runtime.ARuntime;
import dev.eider.runtime.config.FlushSettings;
import dev.eider.runtime.disk.Disk;
import dev.eider.runtime.event.Event;
import dev.eider.runtime.journal.Journal;
import dev.eider.runtime.journal.JournalSettings;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** A runtime with a site for each host name, and what it has of them. */
final class Measured implements AutoCloseable {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path folder;
  private final ARuntime runtime;

  /**
   * Starts one.
   *
   * @param sites host names, each with what its {@code spec} has besides, in YAML's flow form
   */
  Measured(Path folder, Map<String, String> sites) throws IOException {
    this.folder = folder;
    StringBuilder manifests = new StringBuilder();
    for (Map.Entry<String, String> site : sites.entrySet()) {
      manifests.append(
          """
          ---
          apiVersion: eider.dev/v1alpha1
          kind: AnalyticsSite
          metadata: {name: %s}
          spec: {domains: [%s], runtime: {}%s}
          """
              .formatted(site.getKey().split("\\.", 2)[0], site.getKey(), site.getValue()));
    }
    ARuntime.declare(folder, manifests.toString());
    runtime =
        ARuntime.in(
            folder,
            // Nothing leaves the journal, where it is looked at.
            settings ->
                settings.withFlush(
                    new FlushSettings(1_000_000, Duration.ofHours(1), Duration.ofSeconds(30))));
  }

  /** Where pages reach it; any name of {@code example.com} leads here. */
  String origin() {
    return "http://stats.example.com:" + runtime.port();
  }

  /** Page views by page, as statistics have them. */
  Map<String, Integer> pageviews(String site) throws Exception {
    return byPage(site, "pageviews");
  }

  /** Events by page, page views among them, as statistics have them. */
  Map<String, Integer> events(String site) throws Exception {
    return byPage(site, "events");
  }

  private Map<String, Integer> byPage(String site, String metric) throws Exception {
    String query =
        """
        {"site_id":"%s","metrics":["%s"],"date_range":"7d","dimensions":["event:page"]}\
        """
            .formatted(site, metric);
    HttpResponse<String> response = runtime.post("/api/v2/query", query);
    if (response.statusCode() != 200) {
      throw new IOException("statistics of %s: %s".formatted(site, response.body()));
    }
    Map<String, Integer> pages = new TreeMap<>();
    for (JsonNode row : JSON.readTree(response.body()).path("results")) {
      int count = row.path("metrics").get(0).asInt();
      if (count > 0) {
        pages.put(row.path("dimensions").get(0).asText(), count);
      }
    }
    return pages;
  }

  /** The rows of a site as they are on the medium, oldest first. */
  List<Event> rows(String site) throws IOException {
    Path copy = Files.createTempDirectory(folder, "journal");
    try (Stream<Path> files = Files.list(folder.resolve("data/journal"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.copy(file, copy.resolve(file.getFileName()));
      }
    }
    List<Event> rows = new ArrayList<>();
    try (Journal journal = Journal.open(copy, JournalSettings.DEFAULT, Disk.real())) {
      journal.start(0, batch -> batch.forEach(accepted -> rows.add(accepted.event())));
    }
    return rows.stream().filter(row -> row.siteId().equals(site)).toList();
  }

  @Override
  public void close() {
    runtime.close();
  }
}
