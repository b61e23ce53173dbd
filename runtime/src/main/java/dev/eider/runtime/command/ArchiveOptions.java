package dev.eider.runtime.command;

import dev.eider.runtime.config.BackupSettings;
import dev.eider.runtime.config.RuntimeSettings;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Flags that say where rows go that retention removes. */
final class ArchiveOptions {

  @Option(
      names = "--archive-to",
      paramLabel = "DIR|URL",
      defaultValue = "${env:EIDER_ARCHIVE_TO}",
      description =
          "Where rows go that retention removes: a folder, or s3://bucket/prefix, reached as the"
              + " --s3 flags say. Default: nowhere.")
  private @Nullable String to;

  @Option(
      names = "--archive-s3-region",
      paramLabel = "REGION",
      defaultValue = "${env:EIDER_ARCHIVE_S3_REGION}",
      description = "Region of the bucket for the archive. Default: as for the lake.")
  private @Nullable String region;

  @Option(
      names = "--archive-s3-endpoint",
      paramLabel = "URL",
      defaultValue = "${env:EIDER_ARCHIVE_S3_ENDPOINT}",
      description = "Where it is served. Default: as for the lake.")
  private @Nullable URI endpoint;

  @Option(
      names = "--archive-s3-path-style",
      defaultValue = "${env:EIDER_ARCHIVE_S3_PATH_STYLE:-false}",
      description = "Say it in the path of requests. Default: as for the lake.")
  private boolean pathStyle;

  @Option(
      names = "--archive-s3-credentials",
      paramLabel = "DIR",
      defaultValue = "${env:EIDER_ARCHIVE_S3_CREDENTIALS}",
      description = "Folder with its keys as files. Default: as for the lake.")
  private @Nullable Path credentials;

  @Option(
      names = "--archive-s3-ca",
      paramLabel = "FILE",
      defaultValue = "${env:EIDER_ARCHIVE_S3_CA}",
      description = "Certificates (PEM) for it. Default: as for the lake.")
  private @Nullable Path ca;

  /** Where, if anywhere. */
  Optional<BackupSettings.Destination> destination(PlaceOptions lake) {
    return Optional.ofNullable(to)
        .filter(text -> !text.isBlank())
        .map(
            text ->
                BackupPlaceOptions.destination(
                    text, lake, region, endpoint, pathStyle, credentials, ca, Optional.empty()));
  }

  /** What a site asks for, with these flags over it. */
  RuntimeSettings override(RuntimeSettings asked, PlaceOptions lake) {
    return asked.withArchive(destination(lake).or(asked::archive));
  }
}
