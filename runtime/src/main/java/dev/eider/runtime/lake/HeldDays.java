package dev.eider.runtime.lake;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.eider.runtime.disk.Disk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;

/**
 * Days that were brought back from an archive, and that retention leaves alone for a while: else it
 * would remove them again the next night.
 */
final class HeldDays {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path file;
  private final Disk disk;

  HeldDays(Path file, Disk disk) {
    this.file = file;
    this.disk = disk;
  }

  private record Entry(String siteId, Past.Held days, Instant until) {}

  /** Those of a site now. */
  List<Past.Held> of(String siteId, Instant now) {
    return read().stream()
        .filter(entry -> entry.siteId().equals(siteId) && entry.until().isAfter(now))
        .map(Entry::days)
        .toList();
  }

  /** Holds some until a time. */
  void hold(String siteId, Past.Held days, Instant until, Instant now) {
    List<Entry> entries = new ArrayList<>(read());
    entries.removeIf(entry -> !entry.until().isAfter(now));
    entries.removeIf(entry -> entry.siteId().equals(siteId) && entry.days().equals(days));
    entries.add(new Entry(siteId, days, until));
    ArrayNode all = JSON.createArrayNode();
    for (Entry entry : entries) {
      all.addObject()
          .put("siteId", entry.siteId())
          .put("first", entry.days().first().toString())
          .put("last", entry.days().last().toString())
          .put("until", entry.until().toString());
    }
    try {
      disk.replace(file, JSON.writeValueAsBytes(all));
    } catch (IOException e) {
      throw new LakeException("%s could not be written: %s".formatted(file, e), e);
    }
  }

  private List<Entry> read() {
    if (!Files.exists(file)) {
      return List.of();
    }
    try {
      List<Entry> entries = new ArrayList<>();
      for (JsonNode entry : JSON.readTree(disk.read(file))) {
        entries.add(
            new Entry(
                entry.path("siteId").asText(),
                new Past.Held(
                    LocalDate.parse(entry.path("first").asText()),
                    LocalDate.parse(entry.path("last").asText())),
                Instant.parse(entry.path("until").asText())));
      }
      return entries;
    } catch (IOException | RuntimeException e) {
      throw new LakeException(
          "%s cannot be read (%s). Delete it: retention then removes again what was brought back"
              .formatted(file, e.getMessage()),
          e);
    }
  }
}
