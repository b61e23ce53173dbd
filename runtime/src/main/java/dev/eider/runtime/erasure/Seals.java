package dev.eider.runtime.erasure;

import dev.eider.runtime.backup.BackupException;
import dev.eider.runtime.backup.BackupPlace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What the ledger's keys are encrypted by before they lie beside backups: the key of one's own
 * where the backups are encrypted by one, else keys in files. None of these is ever beside them.
 */
public final class Seals {

  private static final String FLAG = "--erasure-key";
  private static final String OWN = "key";

  private final Optional<Path> given;

  /**
   * Of keys in files.
   *
   * @param given a file, or a folder of which the one that is called {@code key} is for what is new
   */
  public Seals(Optional<Path> given) {
    this.given = given;
  }

  /**
   * The place with each seal over it: the first is for what is written, all are for what is read.
   */
  List<BackupPlace> over(BackupPlace place) throws IOException {
    if (place.keyName().isPresent()) {
      return List.of(place);
    }
    List<BackupPlace> sealed = new ArrayList<>();
    for (Path file : files()) {
      sealed.add(BackupPlace.sealedBy(file, "erasures", FLAG, place));
    }
    return sealed;
  }

  private List<Path> files() throws IOException {
    if (given.isEmpty() || !Files.isDirectory(given.get())) {
      return given.stream().toList();
    }
    Path folder = given.get();
    if (!Files.isRegularFile(folder.resolve(OWN))) {
      throw new BackupException(
          "%s has no file that is called key; see %s".formatted(folder, FLAG));
    }
    try (Stream<Path> files = Files.list(folder)) {
      // Kubernetes has folders with dots in front where a Secret is mounted.
      return files
          .filter(file -> Files.isRegularFile(file))
          .filter(file -> !file.getFileName().toString().startsWith("."))
          .sorted(
              Comparator.comparing((Path file) -> !file.getFileName().toString().equals(OWN))
                  .thenComparing(Comparator.naturalOrder()))
          .toList();
    }
  }
}
