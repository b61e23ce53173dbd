package dev.eider.runtime.audit;

import dev.eider.runtime.disk.Disk;
import dev.eider.runtime.disk.DiskFile;
import dev.eider.runtime.state.StateDirectory;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What was done, a JSON object a line, in a file for each month (of UTC): {@code 2026-11.ndjson}.
 * Lines are only appended, each forced before {@link #add} returns, and go as a whole when they are
 * older than their site's {@code auditLogDays}. Any thread.
 */
public final class AuditLog {

  private static final Logger LOG = LoggerFactory.getLogger(AuditLog.class);
  private static final String ENDING = ".ndjson";

  private final Path folder;
  private final StateDirectory state;
  private final Disk disk;
  private final ReentrantLock writing = new ReentrantLock();
  private final AtomicLong lost = new AtomicLong();

  private AuditLog(Path folder, StateDirectory state, Disk disk) {
    this.folder = folder;
    this.state = state;
    this.disk = disk;
  }

  /** The one of a data directory: {@code state/audit} in it. */
  public static AuditLog open(Path data, Disk disk) throws IOException {
    Path folder = data.resolve("state/audit");
    return new AuditLog(folder, StateDirectory.open(folder, disk), disk);
  }

  /**
   * Writes down what was done. Where that is impossible what was done stays done: it is said in the
   * process's log, and counted.
   */
  public void add(AuditEntry entry) {
    writing.lock();
    try {
      append(YearMonth.from(entry.at().atOffset(ZoneOffset.UTC)) + ENDING, AuditJson.line(entry));
    } catch (IOException e) {
      lost.incrementAndGet();
      LOG.error(
          "the audit log could not be written ({}), so only this says: {}", e.getMessage(), entry);
    } finally {
      writing.unlock();
    }
  }

  /** How many entries could not be written. */
  public long lost() {
    return lost.get();
  }

  private void append(String name, byte[] line) throws IOException {
    Path path = folder.resolve(name);
    if (!Files.exists(path)) {
      state.write(name, line);
      return;
    }
    try (DiskFile file = disk.open(path)) {
      if (!endsWhole(path, file.size())) {
        // What a power failure has left of a line is no line, and must not spoil the next one.
        file.append(ByteBuffer.wrap(new byte[] {'\n'}));
      }
      file.append(ByteBuffer.wrap(line));
      file.force();
    }
  }

  private boolean endsWhole(Path path, long size) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      return size == 0 || disk.read(path, size - 1, 1, arena).get(0) == '\n';
    }
  }

  /**
   * Entries, the newest first.
   *
   * @param wanted which
   * @param from none that is older
   * @throws IOException when a file cannot be read
   */
  public List<AuditEntry> entries(Predicate<AuditEntry> wanted, Instant from) throws IOException {
    YearMonth first = YearMonth.from(from.atOffset(ZoneOffset.UTC));
    List<AuditEntry> found = new ArrayList<>();
    for (String name : names()) {
      if (!monthOf(name).isBefore(first)) {
        for (AuditEntry entry : read(name)) {
          if (!entry.at().isBefore(from) && wanted.test(entry)) {
            found.add(entry);
          }
        }
      }
    }
    return found.reversed();
  }

  /**
   * Takes entries out.
   *
   * @return how many
   * @throws IOException when a file cannot be read or written; each is whole, as it was or without
   *     them
   */
  public long remove(Predicate<AuditEntry> old) throws IOException {
    writing.lock();
    try {
      long removed = 0;
      for (String name : names()) {
        List<AuditEntry> all = read(name);
        List<AuditEntry> kept = all.stream().filter(old.negate()).toList();
        if (kept.size() < all.size()) {
          removed += all.size() - kept.size();
          replace(name, kept);
        }
      }
      return removed;
    } finally {
      writing.unlock();
    }
  }

  private void replace(String name, List<AuditEntry> entries) throws IOException {
    if (entries.isEmpty()) {
      disk.delete(folder.resolve(name));
      disk.forceDirectory(folder);
      return;
    }
    ByteArrayOutputStream lines = new ByteArrayOutputStream();
    for (AuditEntry entry : entries) {
      lines.write(AuditJson.line(entry));
    }
    state.write(name, lines.toByteArray());
  }

  private List<AuditEntry> read(String name) throws IOException {
    List<AuditEntry> entries = new ArrayList<>();
    String content = new String(state.read(name).orElse(new byte[0]), AuditJson.CHARSET);
    for (String line : content.split("\n")) {
      Optional<AuditEntry> entry = AuditJson.read(line);
      if (entry.isPresent()) {
        entries.add(entry.get());
      } else if (!line.isBlank()) {
        LOG.warn("{} has a line that is no entry; it is left out", folder.resolve(name));
      }
    }
    return entries;
  }

  /** Of the files, the oldest first. */
  private List<String> names() throws IOException {
    return disk.list(folder).stream()
        .map(file -> file.getFileName().toString())
        .filter(name -> name.matches("\\d{4}-\\d{2}" + ENDING.replace(".", "\\.")))
        .sorted()
        .toList();
  }

  private static YearMonth monthOf(String name) {
    return YearMonth.parse(name.substring(0, name.length() - ENDING.length()));
  }
}
