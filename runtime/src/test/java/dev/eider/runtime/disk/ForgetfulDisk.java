package dev.eider.runtime.disk;

import static java.util.Objects.requireNonNull;

import java.io.Closeable;
import java.io.IOException;
import java.lang.StackWalker.StackFrame;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One process's view of a disk that forgets. It writes through to a real directory, so that readers
 * and other programs see the files, but remembers what was forced; when the power fails, the
 * directory is put back to that.
 *
 * <pre>
 * ForgetfulDisk disk = ForgetfulDisk.over(directory);
 * disk.failAt(17);                  // the 17th operation from now on dies half done, as do all later
 * ... work until PowerFailedException ...
 * disk = disk.failPower();          // what was not forced is gone; a new process's disk
 * disk = disk.kill();               // or: only the process dies, nothing is forgotten
 * </pre>
 *
 * <p>Everything below the directory is watched, also what others write there (the database engine):
 * such a file is empty after a power failure unless it was forced through this disk, and its name
 * is gone unless its directory was. Files whose owner forces them by himself are left alone by
 * {@link #leavingAlone}.
 *
 * <p>Names are forgotten one by one, as if the file system kept no order between them: a file that
 * was renamed over another is the other one again, a deleted file is back. {@link
 * #failPower(Random)} lets anything that was not forced survive or not, file contents cut or with
 * holes, which is what real disks do.
 *
 * <p>Each force has a kind: its operation and the first method outside this package that asked for
 * it, such as {@code force by Segments.append}. {@link #ignoring} makes a kind do nothing, as if
 * the call had been removed from the code.
 */
public final class ForgetfulDisk implements Disk {

  private final Medium medium;
  private final Predicate<Path> leftAlone;
  private final Set<String> ignored;
  private final Set<String> kinds;

  private boolean dead;
  private long operations;
  private long dieAt = Long.MAX_VALUE;
  private Fault fault = (operation, file) -> {};
  private LongSupplier freeBytes = () -> Long.MAX_VALUE;

  private ForgetfulDisk(
      Medium medium, Predicate<Path> leftAlone, Set<String> ignored, Set<String> kinds) {
    this.medium = medium;
    this.leftAlone = leftAlone;
    this.ignored = ignored;
    this.kinds = kinds;
  }

  /** Something else that goes wrong: called before each operation, which it can fail. */
  @FunctionalInterface
  public interface Fault {
    /** Throws to make the operation (create, append, force, replace, delete, ...) fail. */
    void before(String operation, Path file) throws IOException;
  }

  /**
   * A disk over a directory, which is made if it is not there; what is in it now counts as forced.
   * Give it a directory inside a temporary one: it keeps a shadow beside it.
   */
  public static ForgetfulDisk over(Path directory) throws IOException {
    Files.createDirectories(directory);
    return new ForgetfulDisk(
        new Medium(directory.toAbsolutePath()), path -> false, new TreeSet<>(), new TreeSet<>());
  }

  /** The same medium, whose files of this kind their owner forces, and no power failure touches. */
  public ForgetfulDisk leavingAlone(Predicate<Path> files) {
    return new ForgetfulDisk(medium, leftAlone.or(files), ignored, kinds);
  }

  /** From now on forces of this kind do nothing. */
  public void ignoring(String kind) {
    ignored.add(kind);
  }

  /** The kinds of force that were asked for so far, by this process and those before it. */
  public synchronized Set<String> kinds() {
    return new TreeSet<>(kinds);
  }

  /** Operations that this process has done: everything that changes or forces something. */
  public synchronized long operations() {
    return operations;
  }

  /** The n-th operation from now, counted from 1, dies; an append dies half done. */
  public synchronized void failAt(long n) {
    dieAt = operations + n;
  }

  /** Lets operations go wrong in other ways. */
  public synchronized void setFault(Fault fault) {
    this.fault = fault;
  }

  /** What is said to be free; without end unless set. */
  public synchronized void setFreeBytes(LongSupplier bytes) {
    freeBytes = bytes;
  }

  /**
   * The power fails: all that was not forced is forgotten. Returns the disk of the next process.
   */
  public ForgetfulDisk failPower() throws IOException {
    return next(new Chance(null));
  }

  /**
   * The power fails, and of what was not forced anything may have reached the medium all the same.
   */
  public ForgetfulDisk failPower(Random random) throws IOException {
    return next(new Chance(random));
  }

  /** Only the process dies (kill -9): nothing is forgotten, nothing more becomes forced either. */
  public synchronized ForgetfulDisk kill() {
    dead = true;
    medium.dropLocks(this);
    return new ForgetfulDisk(medium, leftAlone, ignored, kinds);
  }

  private ForgetfulDisk next(Chance chance) throws IOException {
    ForgetfulDisk next = kill();
    medium.forget(chance, leftAlone);
    return next;
  }

  /** What survives of the things that were not forced: nothing, or whatever the dice say. */
  record Chance(@Nullable Random random) {

    boolean survives() {
      return random != null && random.nextBoolean();
    }

    /** File content that was forced as one thing and is another now. */
    byte[] of(byte[] forced, byte[] now) {
      if (random == null) {
        return forced;
      }
      return switch (random.nextInt(4)) {
        case 0 -> forced;
        case 1 -> now;
        case 2 -> Arrays.copyOf(now, between(forced.length, now.length));
        default -> withHole(forced, now);
      };
    }

    private byte[] withHole(byte[] forced, byte[] now) {
      byte[] content = now.clone();
      int from = between(forced.length, now.length);
      int to = between(from, now.length);
      Arrays.fill(content, from, to, (byte) 0);
      return content;
    }

    private int between(int from, int to) {
      return from >= to ? to : from + requireNonNull(random).nextInt(to - from + 1);
    }
  }

  @Override
  public DiskFile create(Path file) throws IOException {
    operation("create", file);
    DiskFile real = Disk.real().create(file);
    return new ForgetfulFile(file, real);
  }

  @Override
  public DiskFile open(Path file) throws IOException {
    alive("open", file);
    return new ForgetfulFile(file, Disk.real().open(file));
  }

  @Override
  public void createDirectories(Path directory) throws IOException {
    Path absolute = directory.toAbsolutePath();
    List<Path> missing = medium.missing(absolute);
    Path there = missing.isEmpty() ? absolute : missing.getFirst().getParent();
    forceNames("createDirectories", there.getParent());
    for (Path at : missing) {
      operation("create directory", at);
      Files.createDirectory(at);
      forceNames("createDirectories", at.getParent());
    }
  }

  @Override
  public void replace(Path file, byte[] content) throws IOException {
    Path aside = file.resolveSibling(file.getFileName() + ".new");
    Files.deleteIfExists(aside);
    try (DiskFile out = create(aside)) {
      out.append(ByteBuffer.wrap(content));
      forceContent("replace, its content,", aside);
    }
    operation("rename", file);
    medium.rename(aside, file);
    forceNames("replace, its name,", file.toAbsolutePath().getParent());
  }

  @Override
  public void delete(Path file) throws IOException {
    operation("delete", file);
    Files.deleteIfExists(file);
  }

  @Override
  public void link(Path name, Path existing) throws IOException {
    operation("link", name);
    Disk.real().link(name, existing);
  }

  @Override
  public List<Path> list(Path directory) throws IOException {
    alive("list", directory);
    return Disk.real().list(directory);
  }

  @Override
  public byte[] read(Path file) throws IOException {
    alive("read", file);
    return Disk.real().read(file);
  }

  @Override
  public ByteBuffer read(Path file, Arena arena) throws IOException {
    alive("read", file);
    return Disk.real().read(file, arena);
  }

  @Override
  public void force(Path file) throws IOException {
    if (Files.isDirectory(file)) {
      throw new IOException(file + " is a directory: forceDirectory is meant");
    }
    if (!Files.exists(file)) {
      throw new NoSuchFileException(file.toString());
    }
    forceContent("force", file);
  }

  @Override
  public void forceDirectory(Path directory) throws IOException {
    forceNames("forceDirectory", directory.toAbsolutePath());
  }

  @Override
  public synchronized long freeBytes(Path directory) throws IOException {
    alive("free bytes", directory);
    return freeBytes.getAsLong();
  }

  @Override
  public synchronized Optional<Closeable> tryLock(Path file) throws IOException {
    alive("lock", file);
    return medium.lock(file.toAbsolutePath(), this);
  }

  private void forceContent(String operation, Path file) throws IOException {
    operation(operation, file);
    if (!isIgnored(operation)) {
      medium.forced(file.toAbsolutePath());
    }
  }

  private void forceNames(String operation, Path directory) throws IOException {
    operation(operation, directory);
    if (!isIgnored(operation)) {
      medium.forcedNames(directory);
    }
  }

  private synchronized boolean isIgnored(String operation) {
    String kind = operation + " by " + asker();
    kinds.add(kind);
    return ignored.contains(kind);
  }

  private synchronized void alive(String operation, Path file) throws IOException {
    if (dead) {
      throw new PowerFailedException(operation + " " + file);
    }
  }

  private synchronized void operation(String operation, Path file) throws IOException {
    alive(operation, file);
    operations++;
    if (operations >= dieAt) {
      dead = true;
      throw new PowerFailedException(operation + " " + file);
    }
    fault.before(operation, file);
  }

  private static String asker() {
    String here = ForgetfulDisk.class.getPackageName();
    StackFrame asker =
        StackWalker.getInstance()
            .walk(
                frames ->
                    frames
                        .filter(frame -> !frame.getClassName().startsWith(here + "."))
                        .findFirst())
            .orElseThrow();
    String owner = asker.getClassName();
    return owner.substring(owner.lastIndexOf('.') + 1) + "." + asker.getMethodName();
  }

  private final class ForgetfulFile implements DiskFile {

    private final Path path;
    private final DiskFile real;

    ForgetfulFile(Path path, DiskFile real) throws IOException {
      this.path = path;
      this.real = real;
      medium.know(path.toAbsolutePath());
    }

    @Override
    public void append(ByteBuffer... buffers) throws IOException {
      try {
        operation("append", path);
      } catch (PowerFailedException e) {
        // The last thing that a dying machine does is half of what it was told to.
        ByteBuffer first = buffers[0];
        synchronized (ForgetfulDisk.this) {
          if (operations == dieAt) {
            operations++;
            real.append(first.slice(first.position(), first.remaining() / 2));
          }
        }
        throw e;
      } catch (DiskFullException e) {
        ByteBuffer first = buffers[0];
        real.append(first.slice(first.position(), first.remaining() / 2));
        throw e;
      }
      real.append(buffers);
    }

    @Override
    public void force() throws IOException {
      forceContent("force", path);
    }

    @Override
    public void truncate(long size) throws IOException {
      operation("truncate", path);
      real.truncate(size);
    }

    @Override
    public long size() throws IOException {
      alive("size", path);
      return real.size();
    }

    @Override
    public void close() throws IOException {
      real.close();
    }
  }
}
