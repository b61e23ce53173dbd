package dev.eider.runtime.disk;

import static java.util.Objects.requireNonNull;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What lies on the platters of a {@link ForgetfulDisk}: for each file the content that was forced,
 * for each directory the names that were. Files are known by their inode, which a second name in a
 * shadow directory keeps from being given to another file.
 */
final class Medium {

  private static final byte[] NOTHING = {};

  private final Path root;
  private final Path shadow;
  private final Map<Object, Node> nodes = new HashMap<>();
  private final Map<Path, ForgetfulDisk> locks = new HashMap<>();
  private Node rootNode;

  Medium(Path root) throws IOException {
    this.root = root;
    this.shadow = Files.createTempDirectory(root.toAbsolutePath().getParent(), "shadow");
    this.rootNode = durable(root);
  }

  /** A file or a directory, and what of it was forced. */
  private static final class Node {
    final Path path;
    final boolean directory;
    byte[] content = NOTHING;
    Map<String, Node> names = new TreeMap<>();

    Node(Path path, boolean directory) {
      this.path = path;
      this.directory = directory;
    }
  }

  synchronized void know(Path file) throws IOException {
    node(file);
  }

  synchronized void forced(Path file) throws IOException {
    node(file).content = Files.readAllBytes(file);
  }

  synchronized void forcedNames(Path directory) throws IOException {
    if (!directory.startsWith(root)) {
      return;
    }
    node(directory).names = names(directory);
  }

  synchronized void rename(Path from, Path to) throws IOException {
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
  }

  /** Directories that have to be made, outermost first. */
  synchronized List<Path> missing(Path directory) throws IOException {
    Deque<Path> missing = new ArrayDeque<>();
    for (Path at = directory; !Files.isDirectory(at); at = at.getParent()) {
      if (Files.exists(at)) {
        throw new FileAlreadyExistsException(at.toString());
      }
      missing.push(at);
    }
    return new ArrayList<>(missing);
  }

  synchronized Optional<Closeable> lock(Path file, ForgetfulDisk owner) throws IOException {
    if (locks.putIfAbsent(file, owner) != null) {
      return Optional.empty();
    }
    if (!Files.exists(file)) {
      Files.createFile(file);
    }
    return Optional.of(() -> unlock(file, owner));
  }

  private synchronized void unlock(Path file, ForgetfulDisk owner) {
    locks.remove(file, owner);
  }

  synchronized void dropLocks(ForgetfulDisk owner) {
    locks.values().removeIf(each -> each == owner);
  }

  /** Puts the directory back to what was forced, give or take what chance lets survive. */
  synchronized void forget(ForgetfulDisk.Chance chance, Predicate<Path> leftAlone)
      throws IOException {
    Map<Path, byte @Nullable []> image = new TreeMap<>();
    survivors(root, rootNode, Files.isDirectory(root), chance, image);
    deleteBelow(root, leftAlone);
    for (Map.Entry<Path, byte @Nullable []> each : image.entrySet()) {
      Path path = each.getKey();
      byte @Nullable [] content = each.getValue();
      if (leftAlone.test(path)) {
        continue;
      }
      if (content == null) {
        Files.createDirectories(path);
      } else {
        Files.createDirectories(path.getParent());
        Files.write(path, content);
      }
    }
    try (Stream<Path> links = Files.list(shadow)) {
      for (Path link : links.toList()) {
        Files.delete(link);
      }
    }
    nodes.clear();
    rootNode = durable(root);
  }

  private void survivors(
      Path path,
      Node node,
      boolean live,
      ForgetfulDisk.Chance chance,
      Map<Path, byte @Nullable []> image)
      throws IOException {
    if (!node.directory) {
      byte[] now = contentNow(node);
      boolean changed = !Arrays.equals(now, node.content);
      image.put(path, changed ? chance.of(node.content, now) : node.content);
      return;
    }
    image.put(path, null);
    Map<String, Node> now =
        live && Files.isDirectory(path) && node(path) == node ? names(path) : Map.of();
    Map<String, @Nullable Node> surviving = new TreeMap<>(node.names);
    for (String name : union(node.names, now)) {
      Node forced = node.names.get(name);
      Node current = now.get(name);
      if (forced != current && chance.survives()) {
        surviving.put(name, current);
      }
    }
    for (Map.Entry<String, @Nullable Node> each : surviving.entrySet()) {
      Node child = each.getValue();
      if (child != null) {
        survivors(path.resolve(each.getKey()), child, live, chance, image);
      }
    }
  }

  private static List<String> union(Map<String, Node> one, Map<String, Node> other) {
    return Stream.concat(one.keySet().stream(), other.keySet().stream())
        .distinct()
        .sorted()
        .toList();
  }

  /** Content that a file has now, under whatever name. */
  private byte[] contentNow(Node node) throws IOException {
    for (Map.Entry<Object, Node> each : nodes.entrySet()) {
      if (each.getValue() == node) {
        return Files.readAllBytes(shadow.resolve(shadowName(each.getKey())));
      }
    }
    return node.content;
  }

  private Map<String, Node> names(Path directory) throws IOException {
    Map<String, Node> names = new TreeMap<>();
    try (Stream<Path> children = Files.list(directory)) {
      for (Path child : children.toList()) {
        try {
          names.put(child.getFileName().toString(), node(child));
        } catch (NoSuchFileException e) {
          // Somebody else took it away meanwhile.
        }
      }
    }
    return names;
  }

  /** The node of what has this name now; a new one when it was not seen before. */
  private Node node(Path path) throws IOException {
    Object key = requireNonNull(Files.getAttribute(path, "unix:ino", LinkOption.NOFOLLOW_LINKS));
    boolean directory = Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS);
    Node known = nodes.get(key);
    // A directory cannot be held by a link, so its inode may have been given to something else.
    if (known != null && known.directory == directory && (!directory || known.path.equals(path))) {
      return known;
    }
    if (!directory) {
      Files.createLink(shadow.resolve(shadowName(key)), path);
    }
    Node node = new Node(path, directory);
    nodes.put(key, node);
    return node;
  }

  private static String shadowName(Object key) {
    return key.toString();
  }

  /** Takes everything below as forced. */
  private Node durable(Path path) throws IOException {
    Node node = node(path);
    if (node.directory) {
      try (Stream<Path> children = Files.list(path)) {
        for (Path child : children.toList()) {
          node.names.put(child.getFileName().toString(), durable(child));
        }
      }
    } else {
      node.content = Files.readAllBytes(path);
    }
    return node;
  }

  private static void deleteBelow(Path directory, Predicate<Path> leftAlone) throws IOException {
    try (Stream<Path> children = Files.list(directory)) {
      for (Path child : children.toList()) {
        if (leftAlone.test(child)) {
          continue;
        }
        if (Files.isDirectory(child, LinkOption.NOFOLLOW_LINKS)) {
          deleteBelow(child, leftAlone);
          try (Stream<Path> rest = Files.list(child)) {
            if (rest.findAny().isPresent()) {
              continue;
            }
          }
        }
        Files.delete(child);
      }
    }
  }
}
