package dev.eider.runtime.lake;

import dev.eider.runtime.config.LakePlace;
import dev.eider.runtime.disk.Disk;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A line in the data directory that says where its lake lies: whoever opens it as if it were
 * elsewhere would find an empty one.
 */
final class PlaceNote {

  private PlaceNote() {}

  /**
   * Compares, or notes what is asked for where nothing is noted. A lake that lies on the volume as
   * a whole needs no note: its catalog is there.
   *
   * @throws LakeException when the lake is elsewhere
   */
  static void check(LakeLayout layout, LakePlace place, Disk disk) throws IOException {
    Path note = layout.place();
    String asked = words(place);
    String known = "";
    if (Files.exists(note)) {
      known = new String(disk.read(note), StandardCharsets.UTF_8).strip();
    } else if (Files.exists(layout.catalog())) {
      // Made before there was a choice.
      known = words(LakePlace.VOLUME);
    }
    if (known.equals(asked)) {
      return;
    }
    if (known.isEmpty() && asked.equals(words(LakePlace.VOLUME))) {
      return;
    }
    if (!known.isEmpty()) {
      throw new LakeException(
          "the lake of %s has its %s, and was to be opened with %s. Start it as it was; a lake does not move by itself"
              .formatted(layout.data(), known, asked));
    }
    write(layout, place, disk);
  }

  /** Notes where the lake lies, whatever was noted before. */
  static void write(LakeLayout layout, LakePlace place, Disk disk) throws IOException {
    disk.createDirectories(layout.lake());
    disk.replace(layout.place(), (words(place) + "\n").getBytes(StandardCharsets.UTF_8));
  }

  private static String words(LakePlace place) {
    return "files on %s and its catalog in %s"
        .formatted(
            place.dataName(),
            place.catalog().isPresent()
                ? "PostgreSQL, schema " + PostgresCatalog.schema(place.lakeId())
                : "a file");
  }
}
