package dev.eider.runtime.archive;

import dev.eider.runtime.backup.BackupPlace;
import dev.eider.runtime.backup.Copied;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The files that an archive has, in the folder {@code archive} of its destination. */
public final class Archives {

  private static final String FOLDER = "archive/";
  private static final String ROWS = ".parquet";
  private static final String MANIFEST = ".json";

  /** Beside a file whose manifest is not written yet. */
  private static final String UNDER_WAY = ".writing";

  /** A site's id may have underscores in it, too. */
  private static final Pattern NAME = Pattern.compile("site_(.+)_(\\d{1,12})(-\\d{1,6})?");

  private final BackupPlace place;

  public Archives(BackupPlace place) {
    this.place = place;
  }

  /** What people know the place by. */
  public String where() {
    return place.name() + "/" + FOLDER;
  }

  /**
   * What was found.
   *
   * @param whole those whose manifest can be read, by site and their first day
   * @param damaged why others cannot
   */
  public record Found(List<ArchiveManifest> whole, List<String> damaged) {

    public Found {
      whole = List.copyOf(whole);
      damaged = List.copyOf(damaged);
    }
  }

  /** Looks for all; reads their manifests only. */
  public Found all() throws IOException {
    return find("");
  }

  /** The same of one site; empty for all. */
  public Found find(String siteId) throws IOException {
    List<ArchiveManifest> whole = new ArrayList<>();
    List<String> damaged = new ArrayList<>();
    Set<String> files = place.list("archive").keySet();
    for (String file : files) {
      if (isAlone(file, siteId, files)) {
        damaged.add(
            "%s/%s is there without its manifest %s, which tells what it has, and may be the only copy of its rows: bring that back or, if the file was meant to go, remove it as well"
                .formatted(place.name(), file, manifestOf(file)));
      }
      if (file.endsWith(MANIFEST) && (siteId.isEmpty() || siteId.equals(siteOf(file, MANIFEST)))) {
        try {
          ArchiveManifest manifest = read(file);
          String rows = FOLDER + manifest.name() + ROWS;
          if (files.contains(rows)) {
            whole.add(manifest);
          } else {
            damaged.add(
                "%s/%s is not there, and %s tells of its %d rows: bring it back or, if it was meant to go, remove that as well"
                    .formatted(place.name(), rows, file, manifest.rows()));
          }
        } catch (ArchiveException e) {
          damaged.add(e.getMessage());
        }
      }
    }
    whole.sort(
        Comparator.comparing(ArchiveManifest::siteId)
            .thenComparing(ArchiveManifest::first)
            .thenComparing(ArchiveManifest::name));
    return new Found(whole, damaged);
  }

  /** Whether a file of a site has lost its manifest: one that is under way has none yet. */
  private static boolean isAlone(String file, String siteId, Set<String> files) {
    String whose = siteOf(file, ROWS);
    return !whose.isEmpty()
        && (siteId.isEmpty() || siteId.equals(whose))
        && !files.contains(manifestOf(file))
        && !files.contains(file.substring(0, file.length() - ROWS.length()) + UNDER_WAY);
  }

  private static String manifestOf(String rows) {
    return rows.substring(0, rows.length() - ROWS.length()) + MANIFEST;
  }

  private ArchiveManifest read(String file) throws IOException {
    String where = place.name() + "/" + file;
    try (InputStream in = place.read(file)) {
      ArchiveManifest manifest = ArchiveManifest.read(where, in.readAllBytes());
      if (!file.equals(FOLDER + manifest.name() + MANIFEST)) {
        throw new ArchiveException(
            "%s tells of another file, %s: somebody has renamed it"
                .formatted(where, manifest.name()));
      }
      return manifest;
    }
  }

  /** Whose rows a file has by its name; empty when it is none of ours. */
  private static String siteOf(String file, String ending) {
    if (!file.startsWith(FOLDER) || !file.endsWith(ending)) {
      return "";
    }
    Matcher name = NAME.matcher(file.substring(FOLDER.length(), file.length() - ending.length()));
    return name.matches() ? name.group(1) : "";
  }

  /** A name that no file has. */
  String freeName(String siteId, Instant now) throws IOException {
    Map<String, Long> there = place.list("archive");
    String first = "site_%s_%d".formatted(siteId, now.getEpochSecond());
    String name = first;
    for (int part = 2; has(there, name); part++) {
      name = first + "-" + part;
    }
    return name;
  }

  private static boolean has(Map<String, Long> there, String name) {
    return there.containsKey(FOLDER + name + ROWS) || there.containsKey(FOLDER + name + MANIFEST);
  }

  /** Brings a file there, whose manifest comes later; until then a third one says so. */
  Copied bring(String name, Path file) throws IOException {
    place.write(FOLDER + name + UNDER_WAY, 0, InputStream.nullInputStream());
    long bytes = Files.size(file);
    return Copied.by(
        Files.newInputStream(file), in -> place.write(FOLDER + name + ROWS, bytes, in));
  }

  /** From now on the file counts. */
  void confirm(ArchiveManifest manifest) throws IOException {
    byte[] json = manifest.json();
    place.write(FOLDER + manifest.name() + MANIFEST, json.length, new ByteArrayInputStream(json));
    place.delete(FOLDER + manifest.name() + UNDER_WAY);
  }

  /**
   * Fetches a file.
   *
   * @throws ArchiveException when it is not what was written
   */
  public void fetch(ArchiveManifest manifest, Path to) throws IOException {
    Copied copied = fetch(manifest.name(), to);
    if (copied.bytes() != manifest.bytes() || !copied.sha256().equals(manifest.sha256())) {
      Files.deleteIfExists(to);
      throw new ArchiveException(
          "%s%s%s is not what was written: it has %d bytes with the checksum %s, and %d with %s were written. Nothing of it is used; bring a good copy of it back"
              .formatted(
                  where(),
                  manifest.name(),
                  ROWS,
                  copied.bytes(),
                  copied.sha256(),
                  manifest.bytes(),
                  manifest.sha256()));
    }
  }

  Copied fetch(String name, Path to) throws IOException {
    try (InputStream in = place.read(FOLDER + name + ROWS)) {
      return Copied.by(in, from -> Files.copy(from, to));
    }
  }

  /** Deletes what a run that was stopped has left of a site: files that were under way. */
  void removeHalf(String siteId) throws IOException {
    Map<String, Long> there = place.list("archive");
    for (String file : there.keySet()) {
      if (siteId.equals(siteOf(file, UNDER_WAY))) {
        String name = file.substring(0, file.length() - UNDER_WAY.length());
        if (!there.containsKey(name + MANIFEST)) {
          place.delete(name + ROWS);
        }
        place.delete(file);
      }
    }
  }

  /** Deletes one. */
  void delete(ArchiveManifest manifest) throws IOException {
    place.delete(FOLDER + manifest.name() + MANIFEST);
    place.delete(FOLDER + manifest.name() + ROWS);
  }
}
