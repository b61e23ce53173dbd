package dev.eider.runtime.command;

import dev.eider.runtime.backup.BackupPlace;
import dev.eider.runtime.config.BackupSettings;
import dev.eider.runtime.config.ConfigException;
import dev.eider.runtime.config.LakePlace;
import dev.eider.runtime.config.RuntimeSettings;
import dev.eider.runtime.disk.Disk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Flags that say which backup, for every command that reads one. */
final class BackupSource {

  @Option(
      names = "--from",
      paramLabel = "DIR|URL",
      defaultValue = "${env:EIDER_BACKUP_TO}",
      description =
          "Where the backups are: a folder, or s3://bucket/prefix, reached as the --s3 flags say.")
  private @Nullable String from;

  @Option(
      names = "--backup-id",
      paramLabel = "ID",
      description = "Which one. Default: the newest that can be read.")
  private @Nullable String id;

  @Mixin private final PlaceOptions place = new PlaceOptions();
  @Mixin private final BackupPlaceOptions where = new BackupPlaceOptions();

  /** The place; reached for when it is asked. */
  BackupPlace open() throws IOException {
    if (from == null || from.isBlank()) {
      throw new ConfigException("say where the backups are: --from DIR or s3://bucket/prefix");
    }
    return BackupPlace.of(where.destination(from, place), Disk.real());
  }

  /** A folder or a bucket of files that no backup wrote. */
  BackupSettings.Destination bare(String text) {
    return where.plain(text, place);
  }

  /** What the ledger's key is sealed by, where its backups are not encrypted. */
  Optional<Path> erasureKey() {
    return where.erasureKey();
  }

  /** Which one; empty for the newest. */
  Optional<String> id() {
    return Optional.ofNullable(id);
  }

  /** Where a lake lies that is restored to, as the --s3 flags and others say. */
  LakePlace place(RuntimeSettings asked) {
    return place.override(asked).place();
  }
}
