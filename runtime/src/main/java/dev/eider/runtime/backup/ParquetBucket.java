package dev.eider.runtime.backup;

import dev.eider.runtime.config.BackupSettings;
import dev.eider.runtime.lake.Steps;
import dev.eider.runtime.store.Bucket;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Bare Parquet files of events in a bucket, below its prefix. They are brought to a folder first,
 * so a store that goes away is noticed before anything is built.
 */
public final class ParquetBucket implements AutoCloseable {

  private final String name;
  private final Bucket bucket;
  private final Map<String, Long> files = new TreeMap<>();
  private Optional<Path> brought = Optional.empty();

  private ParquetBucket(String name, Bucket bucket) {
    this.name = name;
    this.bucket = bucket;
  }

  /**
   * Looks for them.
   *
   * @throws BackupException when there are none
   */
  public static ParquetBucket in(BackupSettings.Bucket place) throws IOException {
    ParquetBucket found = new ParquetBucket(place.name(), new Bucket(place.s3()));
    boolean done = false;
    try {
      found
          .bucket
          .list("")
          .forEach(
              (file, bytes) -> {
                if (ParquetTree.isOfEvents(Path.of(file))) {
                  found.files.put(file, bytes);
                }
              });
      if (found.files.isEmpty()) {
        throw new BackupException("%s has no Parquet files of events in it".formatted(found.name));
      }
      done = true;
      return found;
    } finally {
      if (!done) {
        found.close();
      }
    }
  }

  /** What people know it by. */
  public String name() {
    return name;
  }

  /** How many files there are. */
  public int files() {
    return files.size();
  }

  /** What they have in all. */
  public long bytes() {
    return files.values().stream().mapToLong(Long::longValue).sum();
  }

  /**
   * Brings them, under their names.
   *
   * @param folder what is in it is removed, now and when this is closed
   */
  public ParquetTree bring(Path folder, Steps steps) throws IOException {
    Path whole = folder.toAbsolutePath().normalize();
    Aside.remove(whole);
    brought = Optional.of(whole);
    Files.createDirectories(whole);
    List<Map.Entry<String, Long>> all = List.copyOf(files.entrySet());
    Abreast.all(
        all.size(),
        i -> {
          synchronized (steps) {
            steps.begin("bring file %d of %d".formatted(i + 1, all.size()));
          }
          bring(all.get(i).getKey(), all.get(i).getValue(), whole);
        });
    return ParquetTree.in(whole).named(name);
  }

  private void bring(String file, long bytes, Path folder) throws IOException {
    Path target = folder.resolve(file).normalize();
    if (!target.startsWith(folder)) {
      throw new BackupException(
          "%s has an object '%s', which would lie outside of the folder that it is brought to"
              .formatted(name, file));
    }
    Files.createDirectories(target.getParent());
    try (InputStream in = bucket.read(file)) {
      long copied = Files.copy(in, target, StandardCopyOption.REPLACE_EXISTING);
      if (copied != bytes) {
        throw new BackupException(
            "%s/%s changed while it was read: it has %d bytes, and %d were listed. Nothing was touched"
                .formatted(name, file, copied, bytes));
      }
    }
  }

  @Override
  public void close() throws IOException {
    bucket.close();
    if (brought.isPresent()) {
      Aside.remove(brought.get());
    }
  }
}
