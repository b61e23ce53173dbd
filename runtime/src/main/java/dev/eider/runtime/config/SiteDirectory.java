package dev.eider.runtime.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The manifests in a directory, read again whenever they change, into the registry of sites.
 *
 * <p>Made for a ConfigMap's mount (whose names are symbolic links that change all at once) as well
 * as for a folder in which somebody edits. A file that cannot be used is reported and keeps its
 * last good content; it never takes a site away and never stops the runtime.
 */
public final class SiteDirectory implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(SiteDirectory.class);
  private static final Duration POLL = Duration.ofSeconds(2);

  private final Path directory;
  private final Sites sites;
  private final Map<Path, Known> files = new TreeMap<>();
  private Set<String> ours = Set.of();
  private volatile List<String> problems = List.of();
  private volatile RuntimeSettings runtime = RuntimeSettings.DEFAULT;
  private volatile boolean closed;
  private Runnable onChange = () -> {};
  private Optional<Thread> poller = Optional.empty();

  /** Reads nothing yet. */
  public SiteDirectory(Path directory, Sites sites) {
    this.directory = directory;
    this.sites = sites;
  }

  /** Reads all that changed since the last time; what is wrong is in {@link #problems}. */
  public synchronized void refresh() {
    List<String> found = new ArrayList<>();
    boolean changed = refreshFiles(found);
    if (changed || !found.equals(problems)) {
      apply(found);
      found.stream()
          .filter(problem -> !problems.contains(problem))
          .forEach(problem -> LOG.warn("{}", problem));
      problems = List.copyOf(found);
      if (changed) {
        onChange.run();
      }
    }
  }

  /** Calls this now and after every change of the sites. */
  public synchronized void onChange(Runnable action) {
    onChange = action;
    action.run();
  }

  /** Goes on reading, every 2 s, until closed. */
  public synchronized void watch() {
    poller = Optional.of(Thread.ofVirtual().name("sites").start(this::poll));
  }

  /** What is wrong with the files just now, each as a sentence. */
  public List<String> problems() {
    return problems;
  }

  /** The settings of the runtime that the sites ask for; of the first where several do. */
  public RuntimeSettings runtime() {
    return runtime;
  }

  @Override
  public synchronized void close() {
    closed = true;
    poller.ifPresent(Thread::interrupt);
  }

  private void poll() {
    while (!closed) {
      try {
        Thread.sleep(POLL);
        refresh();
      } catch (InterruptedException e) {
        return;
      } catch (RuntimeException e) {
        LOG.error("reading {} failed; it is tried again", directory, e);
      }
    }
  }

  private boolean refreshFiles(List<String> found) {
    List<Path> there;
    try (Stream<Path> names = Files.list(directory)) {
      there = names.filter(SiteDirectory::isManifest).sorted().toList();
    } catch (IOException e) {
      found.add("the sites' directory %s cannot be read: %s".formatted(directory, e));
      return false;
    }
    files.keySet().stream()
        .filter(file -> !there.contains(file))
        .forEach(file -> LOG.info("{} is gone, and what it declared with it", file));
    boolean changed = files.keySet().retainAll(new HashSet<>(there));
    for (Path file : there) {
      changed |= refreshFile(file);
      files.get(file).problem().ifPresent(found::add);
    }
    return changed;
  }

  private boolean refreshFile(Path file) {
    Known known = files.getOrDefault(file, Known.NOTHING);
    try {
      String print = fingerprint(file);
      if (print.equals(known.fingerprint())) {
        return false;
      }
      known = known.seen(print);
      if (!Files.isRegularFile(file)) {
        throw new ConfigException("it is no file");
      }
      byte[] written = Files.readAllBytes(file);
      if (written.length == 0) {
        // As an editor leaves it for a moment; whoever means it deletes the file.
        throw new ConfigException("it is empty");
      }
      Manifests read = Manifests.read(written);
      read.sites().forEach(site -> sites.check(site.settings()));
      files.put(file, new Known(print, read, Optional.empty()));
    } catch (IOException | ConfigException e) {
      String kept =
          known.content().sites().isEmpty() ? "" : "; its last good content stays in force";
      Known now = known.with("%s: %s%s".formatted(file.getFileName(), e.getMessage(), kept));
      return !now.equals(files.put(file, now));
    }
    return true;
  }

  private void apply(List<String> found) {
    List<Manifests.Policy> policies =
        files.values().stream().flatMap(known -> known.content().policies().stream()).toList();
    Map<String, SiteSettings> wanted = new HashMap<>();
    for (Known known : files.values()) {
      for (Manifests.Site site : known.content().sites()) {
        Manifests.Resolved result = site.resolve(policies, sites.byId(site.settings().siteId()));
        result.problem().ifPresent(found::add);
        SiteSettings resolved = result.settings();
        if (wanted.putIfAbsent(resolved.siteId(), resolved) != null) {
          found.add(
              "site %s is declared twice; the first declaration holds"
                  .formatted(resolved.siteId()));
        }
      }
    }
    Set<String> gone = new HashSet<>(ours);
    gone.removeAll(wanted.keySet());
    ours = Set.copyOf(wanted.keySet());
    // The operator pushes settings before the kubelet brings the ConfigMap, so what is in force may
    // be newer than what is read here.
    wanted.values().removeIf(this::isStale);
    sites.replace(gone, wanted.values());
    found.addAll(sites.conflicts());
    runtime =
        files.values().stream()
            .flatMap(known -> known.content().runtimes().stream())
            .findFirst()
            .orElse(RuntimeSettings.DEFAULT);
  }

  private boolean isStale(SiteSettings read) {
    return sites
        .byId(read.siteId())
        .filter(inForce -> inForce.namespace().equals(read.namespace()))
        .filter(inForce -> inForce.generation() > read.generation())
        .isPresent();
  }

  private static boolean isManifest(Path file) {
    String name = file.getFileName().toString();
    return !name.startsWith(".")
        && (name.endsWith(".yaml") || name.endsWith(".yml") || name.endsWith(".json"));
  }

  private static String fingerprint(Path file) throws IOException {
    BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
    return file.toRealPath() + " " + attributes.lastModifiedTime() + " " + attributes.size();
  }

  /** A file as it was last seen, and its last good content. */
  private record Known(String fingerprint, Manifests content, Optional<String> problem) {

    static final Known NOTHING = new Known("", Manifests.NONE, Optional.empty());

    Known seen(String print) {
      return new Known(print, content, problem);
    }

    Known with(String why) {
      return new Known(fingerprint, content, Optional.of(why));
    }
  }
}
