package dev.eider.runtime.backup;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The backups that a place has. */
public final class Backups {

  private static final String MANIFEST = "/manifest.json";

  private final BackupPlace place;

  public Backups(BackupPlace place) {
    this.place = place;
  }

  /** Where they are. */
  public BackupPlace place() {
    return place;
  }

  /**
   * What was found.
   *
   * @param whole those whose manifest can be read, newest first
   * @param damaged why others cannot
   */
  public record Found(List<Manifest> whole, List<String> damaged) {

    public Found {
      whole = List.copyOf(whole);
      damaged = List.copyOf(damaged);
    }
  }

  /** Looks for all; reads their manifests only. */
  public Found all() throws IOException {
    List<Manifest> whole = new ArrayList<>();
    List<String> damaged = new ArrayList<>();
    for (String name : place.list("backups").keySet()) {
      if (name.endsWith(MANIFEST)) {
        try {
          whole.add(read(name));
        } catch (BackupException e) {
          damaged.add(e.getMessage());
        }
      } else if (name.endsWith(MANIFEST + EncryptedPlace.ENDING)) {
        damaged.add(
            "%s/%s is encrypted: say by which key, --backup-key-file"
                .formatted(place.name(), name));
      }
    }
    whole.sort(Comparator.comparing(Manifest::id).reversed());
    return new Found(whole, damaged);
  }

  /**
   * One of them.
   *
   * @param id which; empty for the newest
   * @throws BackupException when there is none
   */
  public Manifest find(Optional<String> id) throws IOException {
    return find(all(), id);
  }

  /** One of those that were found; see the other. */
  public Manifest find(Found found, Optional<String> id) throws IOException {
    return found.whole().stream()
        .filter(manifest -> id.isEmpty() || BackupErasure.isOf(manifest, id.get()))
        .findFirst()
        .orElseThrow(
            () ->
                new BackupException(
                    "%s has no backup%s that can be read; it has %s%s"
                        .formatted(
                            place.name(),
                            id.map(asked -> " " + asked).orElse(""),
                            found.whole().isEmpty()
                                ? "none"
                                : String.join(
                                    ", ", found.whole().stream().map(Manifest::id).toList()),
                            found.damaged().isEmpty()
                                ? ""
                                : ". " + String.join("; ", found.damaged()))));
  }

  private Manifest read(String name) throws IOException {
    try (InputStream in = place.read(name)) {
      return Manifest.read(place.name() + "/" + name, in.readAllBytes());
    }
  }

  /**
   * What was removed.
   *
   * @param backups their ids
   * @param files shared files that no other backup needs
   * @param damaged why shared files were all left: what a backup that cannot be read needs is not
   *     known
   */
  public record Removed(List<String> backups, long files, List<String> damaged) {}

  /**
   * Removes backups, each manifest first, and then what none of the others needs.
   *
   * @param going which
   */
  Removed remove(List<Manifest> going) throws IOException {
    Set<String> ids = new HashSet<>(going.stream().map(Manifest::id).toList());
    if (ids.isEmpty()) {
      place.tidy();
      return new Removed(List.of(), 0, List.of());
    }
    for (Manifest manifest : going) {
      String folder = Manifest.folder(manifest.id());
      place.delete(folder + MANIFEST);
      for (String file : place.list(folder).keySet()) {
        place.delete(file);
      }
    }
    Found left = all();
    if (!left.damaged().isEmpty()) {
      return new Removed(List.copyOf(ids), 0, left.damaged());
    }
    Set<String> needed = new HashSet<>();
    left.whole().forEach(kept -> kept.data().forEach(file -> needed.add(file.path())));
    long files = 0;
    for (String file : place.list(BackupMaker.DATA).keySet()) {
      if (!needed.contains(file.substring(BackupMaker.DATA.length() + 1))) {
        place.delete(file);
        files++;
      }
    }
    place.tidy();
    return new Removed(List.copyOf(ids), files, List.of());
  }
}
