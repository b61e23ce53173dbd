package dev.eider.runtime.command;

import dev.eider.runtime.config.BackupSettings;
import dev.eider.runtime.config.RuntimeSettings;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Flags that say where backups go, for every command that makes one. */
final class BackupOptions {

  @Option(
      names = "--backup-to",
      paramLabel = "DIR|URL",
      defaultValue = "${env:EIDER_BACKUP_TO}",
      description =
          "Where backups go: a folder, or s3://bucket/prefix, reached as the --s3 flags say.")
  private @Nullable String to;

  @Option(
      names = "--backup-keep",
      paramLabel = "COUNT",
      defaultValue = "${env:EIDER_BACKUP_KEEP:-14}",
      description = "So many backups are kept, however old. Default: 14.")
  private int keepCount = BackupSettings.DEFAULT.keepCount();

  @Option(
      names = "--backup-keep-days",
      paramLabel = "DAYS",
      defaultValue = "${env:EIDER_BACKUP_KEEP_DAYS:-35}",
      description = "And all that are younger than so many days. Default: 35.")
  private int keepDays = BackupSettings.DEFAULT.keepDays();

  @Option(
      names = "--backup-verify",
      paramLabel = "HOW",
      defaultValue = "${env:EIDER_BACKUP_VERIFY:-checksum}",
      description =
          "How each backup is looked at: none, checksum, or restore (into a folder aside)."
              + " Default: checksum.")
  private BackupSettings.Verify verify = BackupSettings.DEFAULT.verify();

  @Mixin private final BackupPlaceOptions where = new BackupPlaceOptions();

  /** What a site asks for, with these flags over it. */
  RuntimeSettings override(RuntimeSettings asked, PlaceOptions place) {
    Optional<BackupSettings.Destination> destination =
        Optional.ofNullable(to)
            .filter(text -> !text.isBlank())
            .map(text -> where.destination(text, place));
    return asked.withBackup(
        new BackupSettings(
            destination.or(() -> asked.backup().destination()),
            keepCount,
            keepDays,
            verify,
            where.erasureKey().or(() -> asked.backup().erasureKey())));
  }
}
