package dev.eider.runtime.command;

import dev.eider.runtime.backup.BackupPlace;
import dev.eider.runtime.disk.Disk;
import java.io.IOException;
import picocli.CommandLine.Mixin;

/** Flags that say which archive, for every command that reads one by itself. */
final class ArchiveSource {

  @Mixin private final PlaceOptions place = new PlaceOptions();
  @Mixin private final ArchiveOptions archive = new ArchiveOptions();

  /** The place; reached for when it is asked. */
  BackupPlace open() throws IOException {
    return BackupPlace.of(
        archive
            .destination(place)
            .orElseThrow(
                () ->
                    new CommandFailedException(
                        "say where the archive is: --archive-to, or EIDER_ARCHIVE_TO as in a"
                            + " runtime's pod")),
        Disk.real());
  }
}
