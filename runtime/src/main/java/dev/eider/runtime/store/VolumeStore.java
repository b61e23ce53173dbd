package dev.eider.runtime.store;

import dev.eider.runtime.disk.Disk;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Files in a folder of the volume. */
public final class VolumeStore implements Store {

  private final Path data;
  private final Path lake;
  private final Path files;
  private final Path held;
  private final Disk disk;
  private final ForcedDirectories directories;

  /** Which folder it is, whatever lies in its place later. */
  private final Object key;

  /**
   * Files in {@code data/lake/data}; what is set aside and published goes to {@code data/lake}.
   *
   * @param data the data directory, absolute
   */
  public VolumeStore(Path data, Disk disk) throws IOException {
    this.data = data;
    this.lake = data.resolve("lake");
    this.files = lake.resolve("data");
    this.held = lake.resolve("held");
    this.disk = disk;
    disk.createDirectories(files);
    this.directories = new ForcedDirectories(disk, lake);
    this.key = key(files);
  }

  /** Device and number. */
  private static Object key(Path folder) throws IOException {
    return String.valueOf(Files.readAttributes(folder, BasicFileAttributes.class).fileKey());
  }

  /**
   * A volume that is unmounted leaves the folder that it was mounted on, in which DuckDB makes all
   * folders that it needs: what is written there is not seen again.
   */
  private void requireSameFolder() throws IOException {
    if (!key(files).equals(key)) {
      throw new IOException(
          "%s is not the folder any more that the lake was opened in: see whether its volume is mounted"
              .formatted(files));
    }
  }

  @Override
  public String root() {
    return files + "/";
  }

  @Override
  public void force(Collection<String> names) throws IOException {
    requireSameFolder();
    List<Path> parents = new ArrayList<>();
    for (String name : names) {
      Path file = Path.of(name);
      disk.force(file);
      parents.add(file.getParent());
    }
    directories.force(parents);
  }

  @Override
  public Map<String, Long> sizes(Collection<String> names) throws IOException {
    Map<String, Long> sizes = new HashMap<>();
    for (String name : names) {
      try {
        sizes.put(name, Files.size(Path.of(name)));
      } catch (NoSuchFileException e) {
        // It is not there, which is what the answer says.
        continue;
      }
    }
    return sizes;
  }

  @Override
  public boolean hasFolder(String folder) {
    return isSameFolder() && Files.isDirectory(files.resolve(folder));
  }

  private boolean isSameFolder() {
    try {
      requireSameFolder();
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  @Override
  public Set<String> inFolder(String folder) {
    Path path = files.resolve(folder);
    String[] names = path.toFile().list();
    Set<String> inside = new HashSet<>();
    if (names != null) {
      for (String name : names) {
        inside.add(path + "/" + name);
      }
    }
    return inside;
  }

  @Override
  public List<String> names() throws IOException {
    try (Stream<Path> all = Files.walk(files)) {
      return all.filter(Files::isRegularFile).map(Path::toString).toList();
    }
  }

  @Override
  public InputStream open(String name) throws IOException {
    return Files.newInputStream(Path.of(name));
  }

  @Override
  public void delete(String name) throws IOException {
    Path file = Path.of(name);
    if (Files.exists(file)) {
      disk.delete(file);
    }
  }

  @Override
  public long deleted(Collection<String> deleted) throws IOException {
    Set<Path> changed = new TreeSet<>();
    deleted.forEach(name -> changed.add(Path.of(name).getParent()));
    Empty empty = new Empty(changed);
    Files.walkFileTree(files, empty);
    for (Path directory : changed) {
      if (Files.isDirectory(directory)) {
        disk.forceDirectory(directory);
      }
    }
    return empty.gone;
  }

  /** Takes days away that have no files any more; the folders of sites stay. */
  private final class Empty extends SimpleFileVisitor<Path> {

    private final Set<Path> changed;
    private long gone;

    Empty(Set<Path> changed) {
      this.changed = changed;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException error)
        throws IOException {
      if (directory.getFileName().toString().startsWith("date=") && isEmpty(directory)) {
        disk.delete(directory);
        directories.forget(directory);
        changed.add(directory.getParent());
        gone++;
      }
      return FileVisitResult.CONTINUE;
    }

    private static boolean isEmpty(Path directory) throws IOException {
      try (Stream<Path> entries = Files.list(directory)) {
        return entries.findAny().isEmpty();
      }
    }
  }

  @Override
  public String setAside(String name, String folder) throws IOException {
    Path file = Path.of(name);
    Path copy = lake.resolve(folder).resolve(file.getFileName());
    disk.createDirectories(copy.getParent());
    if (Files.exists(file) && !Files.exists(copy)) {
      disk.link(copy, file);
      disk.forceDirectory(copy.getParent());
    }
    return copy.toString();
  }

  @Override
  public void hold(Collection<String> names) throws IOException {
    Files.createDirectories(held);
    for (String name : names) {
      disk.link(second(name), Path.of(name));
    }
  }

  @Override
  public void letGo(Collection<String> names) throws IOException {
    for (String name : names) {
      Files.deleteIfExists(second(name));
    }
  }

  @Override
  public List<String> held() throws IOException {
    if (!Files.isDirectory(held)) {
      return List.of();
    }
    return disk.list(held).stream().map(file -> file.getFileName().toString()).toList();
  }

  @Override
  public void bringBack(String name) throws IOException {
    Path file = Path.of(name);
    disk.createDirectories(file.getParent());
    disk.link(file, second(name));
    disk.forceDirectory(file.getParent());
  }

  /** Not forced: a power failure ends the process that would delete the first name. */
  private Path second(String name) {
    return held.resolve(name.substring(name.lastIndexOf('/') + 1));
  }

  @Override
  public String shown(String name) {
    return data.relativize(Path.of(name)).toString();
  }

  @Override
  public String named(String shown) {
    return data.resolve(shown).toString();
  }

  @Override
  public boolean hasEnds(String name, long bytes, int magic) throws IOException {
    try (FileChannel channel = FileChannel.open(Path.of(name))) {
      return isMagic(channel, 0, magic) && isMagic(channel, bytes - Integer.BYTES, magic);
    }
  }

  private static boolean isMagic(FileChannel channel, long at, int magic) throws IOException {
    ByteBuffer four = ByteBuffer.allocate(Integer.BYTES);
    while (four.hasRemaining()) {
      if (channel.read(four, at + four.position()) < 0) {
        return false;
      }
    }
    return four.getInt(0) == magic;
  }

  /** Not forced: it is made anew at each start. */
  @Override
  public void publish(String name, byte[] content) throws IOException {
    Path file = lake.resolve(name);
    Path next = file.resolveSibling(name + ".next");
    Files.write(next, content);
    Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
  }

  /** A volume keeps none. */
  @Override
  public long forgetVersions() {
    return 0;
  }

  @Override
  public Optional<String> unreachable() {
    return Optional.empty();
  }

  @Override
  public void close() {}
}
