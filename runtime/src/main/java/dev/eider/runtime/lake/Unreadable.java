package dev.eider.runtime.lake;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.eider.runtime.disk.Disk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The list of {@link UnreadableFile}s, durable, so that a restart does not make one forget. */
final class Unreadable {

  /** Made when it is needed, which it hardly ever is: a start has no time for it. */
  private static final class Json {
    static final ObjectMapper MAPPER =
        JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .build();
  }

  private final Path file;
  private final Disk disk;
  private volatile List<UnreadableFile> files = List.of();

  Unreadable(Path file, Disk disk) {
    this.file = file;
    this.disk = disk;
  }

  /** Reads the list; at the start. */
  void load() {
    if (!Files.exists(file)) {
      return;
    }
    try {
      files = List.copyOf(Json.MAPPER.readValue(disk.read(file), new TypeReference<>() {}));
    } catch (IOException e) {
      throw new LakeException(
          "%s cannot be read (%s). It lists files whose rows are missing; delete it to go on without the list"
              .formatted(file, e.getMessage()),
          e);
    }
  }

  List<UnreadableFile> files() {
    return files;
  }

  /** Adds one, in the place of what was said of the same file before. */
  void add(UnreadableFile unreadable) {
    List<UnreadableFile> next = without(unreadable);
    next.add(unreadable);
    write(next);
  }

  void remove(UnreadableFile unreadable) {
    write(without(unreadable));
  }

  private List<UnreadableFile> without(UnreadableFile unreadable) {
    List<UnreadableFile> next = new ArrayList<>(files);
    next.removeIf(known -> known.path().equals(unreadable.path()));
    return next;
  }

  private void write(List<UnreadableFile> next) {
    try {
      disk.replace(file, Json.MAPPER.writeValueAsBytes(next));
      files = List.copyOf(next);
    } catch (IOException e) {
      throw new LakeException("%s could not be written: %s".formatted(file, e), e);
    }
  }
}
