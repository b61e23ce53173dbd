package dev.eider.runtime.backup;

import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** The backups that a place has. */
public final class Backups {

  private static final String FOLDER = "backups";
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
   * @param damaged those whose manifest cannot
   */
  public record Found(List<Manifest> whole, List<Damaged> damaged) {

    public Found {
      whole = List.copyOf(whole);
      damaged = List.copyOf(damaged);
    }

    /** Why some cannot be read, a sentence for each. */
    public List<String> reasons() {
      return damaged.stream().map(Damaged::why).toList();
    }
  }

  /**
   * A backup whose manifest cannot be read.
   *
   * @param id its id
   * @param why a sentence
   * @param otherKey whether it is that it was encrypted by another key, and nothing is damaged
   */
  public record Damaged(String id, String why, boolean otherKey) {}

  /** Looks for all; reads their manifests only. */
  public Found all() throws IOException {
    List<Manifest> whole = new ArrayList<>();
    List<Damaged> damaged = new ArrayList<>();
    for (String name : place.list(FOLDER).keySet()) {
      if (name.endsWith(MANIFEST)) {
        try {
          whole.add(read(name));
        } catch (BackupException e) {
          damaged.add(
              new Damaged(
                  idOf(name), String.valueOf(e.getMessage()), e instanceof OtherKeyException));
        }
      } else if (name.endsWith(MANIFEST + EncryptedPlace.ENDING)) {
        damaged.add(
            new Damaged(
                idOf(name),
                "%s/%s is encrypted: say by which key, --backup-key-file"
                    .formatted(place.name(), name),
                true));
      }
    }
    whole.sort(Comparator.comparing(Manifest::id).reversed());
    return new Found(whole, damaged);
  }

  /**
   * One of them.
   *
   * @param id which; empty for the newest
   * @throws BackupException when there is none, or a newer one than what would be taken for the
   *     newest cannot be read: whoever wants the newest is not to get an older one unasked
   */
  public Manifest find(Optional<String> id) throws IOException {
    Found found = all();
    return id.isPresent()
        ? first(found, " " + id.get(), each -> BackupErasure.isOf(each, id.get()))
        : requireNewest(found, first(found, "", each -> true), each -> true);
  }

  /**
   * The last one that was begun by a time.
   *
   * @throws BackupException as {@link #find}
   */
  public Manifest begunBy(Instant time) throws IOException {
    Found found = all();
    return requireNewest(
        found,
        first(found, " begun by " + time, each -> !each.madeAt().isAfter(time)),
        damaged -> damaged.id().compareTo(BackupMaker.ID.format(time)) <= 0);
  }

  /**
   * The newest of those that were found that can be read.
   *
   * @throws BackupException when there is none
   */
  public Manifest newest(Found found) throws BackupException {
    return first(found, "", each -> true);
  }

  /**
   * Looks whether a backup can be made here by this key. Files are known by their names, whatever
   * encrypts them: by another key they would be written over those that other backups need.
   *
   * @throws BackupException when there are backups that were encrypted by another
   */
  void requireThisKey(Found found) throws BackupException {
    if (place.keyName().isEmpty()) {
      // Other names: what is encrypted stays as it is beside it.
      return;
    }
    List<String> others =
        found.damaged().stream().filter(Damaged::otherKey).map(Damaged::id).toList();
    if (!others.isEmpty()) {
      throw new BackupException(
          "%s has %d backups that were encrypted by another key, the last is %s: give that key, or back up to another folder or prefix by the new one. Nothing was copied"
              .formatted(place.name(), others.size(), others.getLast()));
    }
  }

  private Manifest first(Found found, String which, Predicate<Manifest> wanted)
      throws BackupException {
    return found.whole().stream()
        .filter(wanted)
        .findFirst()
        .orElseThrow(
            () ->
                new BackupException(
                    "%s has no backup%s that can be read; it has %s%s"
                        .formatted(
                            place.name(),
                            which,
                            found.whole().isEmpty()
                                ? "none"
                                : String.join(
                                    ", ", found.whole().stream().map(Manifest::id).toList()),
                            found.damaged().isEmpty()
                                ? ""
                                : ". " + String.join("; ", found.reasons()))));
  }

  private Manifest requireNewest(Found found, Manifest chosen, Predicate<Damaged> wanted)
      throws BackupException {
    Optional<Damaged> newer =
        found.damaged().stream()
            .filter(wanted)
            .filter(each -> each.id().compareTo(chosen.id()) > 0)
            .max(Comparator.comparing(Damaged::id));
    if (newer.isPresent()) {
      throw new BackupException(
          "backup %s cannot be read, and the newest before it that can be is %s: say that it is to be that one, by --backup-id or spec.restoreFrom.backupId. %s"
              .formatted(newer.get().id(), chosen.id(), newer.get().why()));
    }
    return chosen;
  }

  /**
   * Looks whether the files of a backup are there, as long as they were where that is known.
   *
   * @throws BackupException when some are not
   */
  void requireThere(Manifest manifest) throws IOException {
    String own = Manifest.folder(manifest.id());
    Map<String, Long> there = new HashMap<>(place.list(BackupMaker.DATA));
    there.putAll(place.list(own));
    requireThere(manifest, BackupMaker.DATA, manifest.data(), there);
    requireThere(manifest, own, manifest.own(), there);
  }

  private void requireThere(
      Manifest manifest, String folder, List<Manifest.File> files, Map<String, Long> there)
      throws BackupException {
    for (Manifest.File file : files) {
      String name = folder + "/" + file.path();
      Long bytes = there.get(name);
      if (bytes == null || bytes >= 0 && bytes != file.bytes()) {
        throw new BackupException(
            "%s/%s is %s. Backup %s cannot be restored"
                .formatted(
                    place.name(),
                    name,
                    bytes == null
                        ? "missing"
                        : "damaged: it has %d bytes, and %d were written"
                            .formatted(bytes, file.bytes()),
                    manifest.id()));
      }
    }
  }

  private static String idOf(String manifest) {
    return manifest.substring(FOLDER.length() + 1, manifest.lastIndexOf('/'));
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
   * Removes backups, each manifest first, what others that were never finished have left, and then
   * what none needs.
   *
   * @param going which
   * @param abandoned what was begun before this and is not finished never will be; while something
   *     later is there, another may be making it, and nothing that it may need goes
   */
  Removed remove(List<Manifest> going, Instant abandoned) throws IOException {
    Set<String> ids = new HashSet<>(going.stream().map(Manifest::id).toList());
    for (Manifest manifest : going) {
      discard(manifest);
    }
    boolean underWay = removeUnfinished(BackupMaker.ID.format(abandoned));
    Found left = all();
    if (underWay) {
      place.tidy();
      return new Removed(List.copyOf(ids), 0, List.of());
    }
    if (!left.damaged().isEmpty()) {
      return new Removed(List.copyOf(ids), 0, left.reasons());
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

  /** Answers whether some are left, which were begun later than this id says. */
  private boolean removeUnfinished(String before) throws IOException {
    boolean left = false;
    Set<String> files = place.list(FOLDER).keySet();
    Set<String> finished = new HashSet<>();
    for (String file : files) {
      if (file.endsWith(MANIFEST) || file.endsWith(MANIFEST + EncryptedPlace.ENDING)) {
        finished.add(idOf(file));
      }
    }
    for (String file : files) {
      String inside = file.substring(FOLDER.length() + 1);
      String id = inside.contains("/") ? inside.substring(0, inside.indexOf('/')) : "";
      if (!id.isEmpty() && !finished.contains(id)) {
        if (id.compareTo(before) < 0) {
          place.delete(file);
        } else {
          left = true;
        }
      }
    }
    return left;
  }

  /** Removes one, but not what others may share with it. */
  void discard(Manifest manifest) throws IOException {
    String folder = Manifest.folder(manifest.id());
    place.delete(folder + MANIFEST);
    for (String file : place.list(folder).keySet()) {
      place.delete(file);
    }
  }
}
