package dev.eider.runtime.disk;

import java.io.Closeable;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The machine's file system, by NIO. */
enum RealDisk implements Disk {
  INSTANCE;

  @Override
  public DiskFile create(Path file) throws IOException {
    return new RealFile(
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE));
  }

  @Override
  public DiskFile open(Path file) throws IOException {
    FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
    channel.position(channel.size());
    return new RealFile(channel);
  }

  @Override
  public void createDirectories(Path directory) throws IOException {
    Deque<Path> missing = new ArrayDeque<>();
    Path at = directory.toAbsolutePath();
    while (!Files.isDirectory(at)) {
      missing.push(at);
      at = parent(at);
    }
    try {
      // Whoever made this one may have been killed before its name was forced.
      forceDirectory(parent(at));
    } catch (AccessDeniedException e) {
      // Not ours to write in, so not ours to have made either.
    }
    for (Path next : missing) {
      Files.createDirectories(next);
      forceDirectory(parent(next));
    }
  }

  /** The root's parent is the root. */
  private static Path parent(Path absolute) {
    @Nullable Path parent = absolute.getParent();
    return parent == null ? absolute : parent;
  }

  @Override
  public void replace(Path file, byte[] content) throws IOException {
    Path aside = file.resolveSibling(file.getFileName() + ".new");
    Files.deleteIfExists(aside);
    try (DiskFile out = create(aside)) {
      out.append(ByteBuffer.wrap(content));
      out.force();
    } catch (IOException e) {
      Files.deleteIfExists(aside);
      throw e;
    }
    Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE);
    forceDirectory(parent(file.toAbsolutePath()));
  }

  @Override
  public void delete(Path file) throws IOException {
    Files.deleteIfExists(file);
  }

  @Override
  public void link(Path name, Path existing) throws IOException {
    Files.createLink(name, existing);
  }

  @Override
  public List<Path> list(Path directory) throws IOException {
    try (Stream<Path> names = Files.list(directory)) {
      return names.sorted().toList();
    }
  }

  @Override
  public byte[] read(Path file) throws IOException {
    return Files.readAllBytes(file);
  }

  @Override
  public ByteBuffer read(Path file, Arena arena) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      long size = channel.size();
      if (size > Integer.MAX_VALUE) {
        throw new IOException(file + " is too large to be read at once: " + size + " bytes");
      }
      ByteBuffer content = arena.allocate(size).asByteBuffer();
      while (content.hasRemaining() && channel.read(content) >= 0) {
        // A read may bring less than was asked for.
      }
      return content.flip();
    }
  }

  @Override
  public ByteBuffer read(Path file, long from, long length, Arena arena) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      ByteBuffer content = arena.allocate(length).asByteBuffer();
      while (content.hasRemaining() && channel.read(content, from + content.position()) >= 0) {
        // A read may bring less than was asked for.
      }
      return content.flip();
    }
  }

  @Override
  public long freeBytes(Path directory) {
    // Not FileStore: that reads the table of mounts each time.
    return directory.toFile().getUsableSpace();
  }

  @Override
  public Optional<Closeable> tryLock(Path file) throws IOException {
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      @Nullable FileLock lock = channel.tryLock();
      if (lock != null) {
        return Optional.of(channel);
      }
    } catch (OverlappingFileLockException e) {
      // Held by this very process; the answer is the same.
    } catch (IOException e) {
      channel.close();
      throw e;
    }
    channel.close();
    return Optional.empty();
  }

  @Override
  public void force(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
  }

  @Override
  public void forceDirectory(Path directory) throws IOException {
    // Linux lets a directory be opened for reading and forced; that is what makes a name durable.
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  private static IOException orFull(IOException e) {
    return DiskFullException.isMeantBy(e)
        ? new DiskFullException(String.valueOf(e.getMessage()), e)
        : e;
  }

  private record RealFile(FileChannel channel) implements DiskFile {

    @Override
    public void append(ByteBuffer... buffers) throws IOException {
      long left = 0;
      for (ByteBuffer buffer : buffers) {
        left += buffer.remaining();
      }
      try {
        while (left > 0) {
          left -= buffers.length == 1 ? channel.write(buffers[0]) : channel.write(buffers);
        }
      } catch (IOException e) {
        throw orFull(e);
      }
    }

    @Override
    public void force() throws IOException {
      channel.force(false);
    }

    @Override
    public void truncate(long size) throws IOException {
      channel.truncate(size);
      channel.position(size);
    }

    @Override
    public long size() throws IOException {
      return channel.size();
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }
}
