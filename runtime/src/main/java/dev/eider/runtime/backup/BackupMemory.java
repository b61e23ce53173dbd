package dev.eider.runtime.backup;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.eider.runtime.disk.Disk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Since when there is no good backup, over restarts: what alerts watch. */
final class BackupMemory {

  private static final Logger LOG = LoggerFactory.getLogger(BackupMemory.class);
  private static final JsonMapper JSON = new JsonMapper();

  private final Path file;
  private final Disk disk;
  private Optional<Instant> known;

  BackupMemory(Path file, Disk disk) {
    this.file = file;
    this.disk = disk;
    this.known = read(file, disk);
  }

  private static Optional<Instant> read(Path file, Disk disk) {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      JsonNode json = JSON.readTree(disk.read(file));
      return Optional.of(Instant.parse(json.path("since").asText()));
    } catch (IOException | DateTimeException e) {
      LOG.warn("{} cannot be read, so the age of backups counts from now: {}", file, e.toString());
      return Optional.empty();
    }
  }

  /** When the last good one was begun; the first look, where there was none. */
  synchronized Instant since(Instant now) {
    if (known.isEmpty()) {
      succeeded(now);
    }
    return known.orElse(now);
  }

  /** Notes a good one. That it cannot be noted is no reason to call it bad. */
  synchronized void succeeded(Instant begun) {
    known = Optional.of(begun);
    try {
      disk.createDirectories(file.toAbsolutePath().getParent());
      disk.replace(file, JSON.writeValueAsBytes(Map.of("since", begun.toString())));
    } catch (IOException e) {
      LOG.warn("{} could not be written: {}", file, e.toString());
    }
  }
}
