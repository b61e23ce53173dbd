package dev.eider.runtime.lake;

import dev.eider.runtime.disk.Disk;
import dev.eider.runtime.disk.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The list of files that our own transactions write, by which cleanup knows what a crash or a
 * rollback left behind. Nothing else is ever deleted as an orphan: neither what somebody else put
 * there, nor what was committed and an older catalog, brought back by a person, does not name.
 *
 * <p>Lines of text: {@code since MILLIS}, {@code wrote NAME …} before a transaction's COMMIT,
 * {@code committed NAME …} after it, {@code deleting NAME …} before a cleanup, {@code moving NAME
 * …} before copies go to a bucket. Of the first three only {@code since} is forced, when the list
 * is begun or shortened, so a flush pays nothing for it. A power failure takes at most later lines,
 * and then a file whose name says that it was made after {@code since} is still known as ours:
 * DuckLake names a file when an INSERT begins, by a UUID with the time in it, and nobody can ask
 * for the name before the INSERT's end. So it is the time that is written ahead.
 *
 * <p>Names are last parts of paths, so the list holds for files anywhere. It always lies on a
 * volume of the process that writes the files: each owner of a shared lake has one. Guarded by the
 * turn to change the lake.
 */
final class WriteAhead implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(WriteAhead.class);
  private static final Pattern NAME =
      Pattern.compile(
          "ducklake-([0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12})"
              + "(-delete)?\\.parquet");

  private final Path file;
  private final Disk disk;
  private DiskFile out;

  private WriteAhead(Path file, Disk disk) throws IOException {
    this.file = file;
    this.disk = disk;
    this.out = disk.open(file);
  }

  /**
   * Opens the list, or begins one.
   *
   * @param now what a new list begins with: files made before are not ours to delete
   */
  static WriteAhead open(Path file, Disk disk, Instant now) throws IOException {
    if (!Files.exists(file)) {
      disk.replace(file, text(new Listed(now, Set.of(), Set.of(), Set.of(), Set.of())));
    }
    return new WriteAhead(file, disk);
  }

  /**
   * Says which files a transaction has made, before they are forced and before its COMMIT.
   *
   * @param paths as DuckDB spells them
   */
  void wrote(Collection<String> paths) throws IOException {
    append("wrote", paths);
  }

  /** Says that the transaction that made some files was committed. */
  void committed(Collection<String> paths) {
    try {
      append("committed", paths);
    } catch (IOException e) {
      // The catalog names them, which is enough as long as nobody brings back an older one.
      LOG.warn("{} could not be gone on with: {}", file, e.toString());
    }
  }

  /**
   * Says which files of the volume are copied to a bucket next, durably: a copy that no commit came
   * to name is known by this alone, since its name does not say when it was copied.
   */
  void moving(Collection<String> paths) throws IOException {
    if (!paths.isEmpty()) {
      append("moving", paths);
      out.force();
    }
  }

  /**
   * Says which files are deleted next, durably: their names may come back with a power failure when
   * the catalog has already forgotten them.
   */
  void deleting(Collection<String> paths) throws IOException {
    if (!paths.isEmpty()) {
      append("deleting", paths);
      out.force();
    }
  }

  private void append(String word, Collection<String> paths) throws IOException {
    if (!paths.isEmpty()) {
      List<String> names = paths.stream().map(WriteAhead::name).toList();
      out.append(ByteBuffer.wrap(line(word, names).getBytes(StandardCharsets.UTF_8)));
    }
  }

  /**
   * What is listed.
   *
   * @param since when the list was begun
   * @param written files of transactions before their COMMIT
   * @param committed those of them whose transaction was committed
   * @param deleting files that were superseded and whose deletion had begun
   * @param moving files that were to be copied to a bucket
   */
  record Listed(
      Instant since,
      Set<String> written,
      Set<String> committed,
      Set<String> deleting,
      Set<String> moving) {

    /**
     * Files that were committed, and that nothing of ours has deleted since.
     *
     * @return last parts of their names
     */
    Set<String> kept() {
      Set<String> kept = new TreeSet<>(committed);
      kept.removeAll(deleting);
      return kept;
    }

    /** Whether a copy in a bucket, which no snapshot names, was left by a move of ours. */
    boolean isHalfMoved(String path) {
      String name = name(path);
      return deleting.contains(name) || moving.contains(name) && !committed.contains(name);
    }

    /**
     * Whether a file is what a transaction or a cleanup of ours left behind. Only for files that no
     * snapshot names, while no transaction of ours is running.
     *
     * @param path of the file, or its name
     * @param oldEnough files of which only the time is known must have been made before this; so
     *     old that no other process's transaction may still be writing them
     */
    boolean isOrphan(String path, Instant oldEnough) {
      String name = name(path);
      if (deleting.contains(name)) {
        return true;
      }
      if (committed.contains(name)) {
        return false;
      }
      return written.contains(name)
          || made(name).filter(at -> !at.isBefore(since) && !at.isAfter(oldEnough)).isPresent();
    }

    /** What is left when all orphans made until a time are gone for good. */
    Listed after(Instant time) {
      Instant from = time.isAfter(since) ? time.truncatedTo(ChronoUnit.MILLIS) : since;
      return new Listed(
          from, madeSince(from, written), madeSince(from, committed), Set.of(), Set.of());
    }

    private static Set<String> madeSince(Instant time, Set<String> names) {
      Set<String> left = new TreeSet<>(names);
      left.removeIf(name -> made(name).filter(at -> !at.isBefore(time)).isEmpty());
      return left;
    }
  }

  /** Reads the list; cleanup asks it about files. */
  Listed read() throws IOException {
    String text = new String(disk.read(file), StandardCharsets.UTF_8);
    // What follows the last line end was being written when the process died.
    List<String> lines = text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
    if (lines.isEmpty() || !lines.getFirst().matches("since \\d{1,18}")) {
      throw new LakeException(
          "%s is no list of written files. Delete it: files that crashes left before now then stay until somebody removes them"
              .formatted(file));
    }
    Set<String> written = new TreeSet<>();
    Set<String> committed = new TreeSet<>();
    Set<String> deleting = new TreeSet<>();
    Set<String> moving = new TreeSet<>();
    for (String line : lines) {
      List<String> words = List.of(line.split(" "));
      // A power failure may leave holes in lines that were not forced.
      List<String> names = words.stream().filter(word -> NAME.matcher(word).matches()).toList();
      switch (words.getFirst()) {
        case "wrote" -> written.addAll(names);
        case "committed" -> committed.addAll(names);
        case "deleting" -> deleting.addAll(names);
        case "moving" -> moving.addAll(names);
        default -> {}
      }
    }
    String since = lines.getFirst().substring("since ".length());
    return new Listed(
        Instant.ofEpochMilli(Long.parseLong(since)), written, committed, deleting, moving);
  }

  /** Shortens the list to what is left of it. */
  void write(Listed left) throws IOException {
    disk.replace(file, text(left));
    DiskFile before = out;
    out = disk.open(file);
    before.close();
  }

  private static byte[] text(Listed listed) {
    String text =
        "since %d\n".formatted(listed.since().toEpochMilli())
            + line("wrote", listed.written())
            + line("committed", listed.committed())
            + line("deleting", listed.deleting())
            + line("moving", listed.moving());
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String line(String word, Collection<String> names) {
    return names.isEmpty() ? "" : word + ' ' + String.join(" ", names) + '\n';
  }

  private static String name(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  /** When DuckLake made a name; empty for what is none of its names. */
  static Optional<Instant> made(String name) {
    Matcher match = NAME.matcher(name);
    return match.matches()
        ? Optional.of(
            Instant.ofEpochMilli(UUID.fromString(match.group(1)).getMostSignificantBits() >>> 16))
        : Optional.empty();
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}
