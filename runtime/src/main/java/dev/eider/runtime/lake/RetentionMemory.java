package dev.eider.runtime.lake;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.eider.runtime.disk.Disk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What retention last did to each site, so that the guard can tell a day that passed from a policy
 * that was shortened or a clock that jumped.
 */
final class RetentionMemory {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** Clocks are corrected a little all the time. */
  private static final Duration SLACK = Duration.ofHours(1);

  private final Path file;
  private final Disk disk;

  /** Each site's last run by this process, on the clock and on a watch that nobody sets. */
  private final Map<String, Watched> watched = new HashMap<>();

  private record Watched(Instant at, long nanos) {}

  RetentionMemory(Path file, Disk disk) {
    this.file = file;
    this.disk = disk;
  }

  /**
   * A site's last good run.
   *
   * @param keepFrom the first day of which events were kept
   * @param sessionsFrom the same of sessions
   * @param hoursFrom the same of sums of hours; empty: they were kept with those of days
   * @param sumsFrom the same of sums of days; empty: all were kept
   */
  record Run(
      LocalDate keepFrom,
      LocalDate sessionsFrom,
      Optional<LocalDate> hoursFrom,
      Optional<LocalDate> sumsFrom,
      Instant at) {

    /** Whether a first kept day moved further since than time did, a day's slack granted. */
    boolean isOvertaken(LocalDate was, LocalDate is, Instant now) {
      long daysMoved = ChronoUnit.DAYS.between(was, is);
      long daysPassed = Math.max(0, ChronoUnit.DAYS.between(at, now)) + 1;
      return daysMoved > daysPassed;
    }
  }

  /**
   * What time it is, as far as it can be believed: a clock that went further since a site's last
   * run than this process lived through was set forward.
   */
  Instant believed(String siteId, Instant now) {
    Watched last = watched.get(siteId);
    if (last == null) {
      return now;
    }
    Instant atMost = last.at().plusNanos(System.nanoTime() - last.nanos()).plus(SLACK);
    return now.isAfter(atMost) ? atMost : now;
  }

  /** A site's run is being done now. */
  void watch(String siteId, Instant now) {
    watched.put(siteId, new Watched(now, System.nanoTime()));
  }

  Map<String, Run> read() {
    Map<String, Run> runs = new TreeMap<>();
    if (!Files.exists(file)) {
      return runs;
    }
    try {
      for (Map.Entry<String, JsonNode> site : JSON.readTree(disk.read(file)).properties()) {
        JsonNode run = site.getValue();
        LocalDate keepFrom = LocalDate.parse(run.path("keepFrom").asText());
        runs.put(
            site.getKey(),
            new Run(
                keepFrom,
                day(run, "sessionsFrom").orElse(keepFrom),
                day(run, "hoursFrom"),
                day(run, "sumsFrom"),
                Instant.parse(run.path("at").asText())));
      }
      return runs;
    } catch (IOException | RuntimeException e) {
      throw new LakeException(
          "%s cannot be read (%s). Delete it: retention then takes its next run for its first"
              .formatted(file, e.getMessage()),
          e);
    }
  }

  private static Optional<LocalDate> day(JsonNode run, String name) {
    return Optional.of(run.path(name).asText())
        .filter(text -> !text.isEmpty())
        .map(LocalDate::parse);
  }

  void write(Map<String, Run> runs) {
    ObjectNode all = JSON.createObjectNode();
    runs.forEach(
        (siteId, run) -> {
          ObjectNode site =
              all.putObject(siteId)
                  .put("keepFrom", run.keepFrom().toString())
                  .put("sessionsFrom", run.sessionsFrom().toString())
                  .put("at", run.at().toString());
          run.hoursFrom().ifPresent(day -> site.put("hoursFrom", day.toString()));
          run.sumsFrom().ifPresent(day -> site.put("sumsFrom", day.toString()));
        });
    try {
      disk.replace(file, JSON.writeValueAsBytes(all));
    } catch (IOException e) {
      throw new LakeException("%s could not be written: %s".formatted(file, e), e);
    }
  }

  static Optional<Run> of(Map<String, Run> runs, String siteId) {
    return Optional.ofNullable(runs.get(siteId));
  }
}
