package dev.eider.runtime.command;

import dev.eider.runtime.config.BackupSettings;
import dev.eider.runtime.config.ConfigException;
import dev.eider.runtime.config.S3Settings;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Flags that say where days go that are moved from the volume. */
final class TierOptions {

  @Option(
      names = "--tier-to",
      paramLabel = "URL",
      defaultValue = "${env:EIDER_TIER_TO}",
      description =
          "Bucket for older days of a lake on a volume: s3://bucket/prefix, reached as the --s3"
              + " flags say. Policies say which days. Default: none is moved.")
  private @Nullable String to;

  @Option(
      names = "--tier-s3-region",
      paramLabel = "REGION",
      defaultValue = "${env:EIDER_TIER_S3_REGION}",
      description = "Its region. Default: as --s3-region says.")
  private @Nullable String region;

  @Option(
      names = "--tier-s3-endpoint",
      paramLabel = "URL",
      defaultValue = "${env:EIDER_TIER_S3_ENDPOINT}",
      description = "Where it is served. Default: as --s3-endpoint says.")
  private @Nullable URI endpoint;

  @Option(
      names = "--tier-s3-path-style",
      defaultValue = "${env:EIDER_TIER_S3_PATH_STYLE:-false}",
      description = "Say it in the path of requests. Default: as --s3-path-style says.")
  private boolean pathStyle;

  @Option(
      names = "--tier-s3-credentials",
      paramLabel = "DIR",
      defaultValue = "${env:EIDER_TIER_S3_CREDENTIALS}",
      description = "Folder with its keys as files. Default: as --s3-credentials says.")
  private @Nullable Path credentials;

  @Option(
      names = "--tier-s3-ca",
      paramLabel = "FILE",
      defaultValue = "${env:EIDER_TIER_S3_CA}",
      description = "Certificates (PEM) for it. Default: as --s3-ca says.")
  private @Nullable Path ca;

  /** Where, if anywhere: what a site asks for, with these flags over it. */
  Optional<S3Settings> settings(PlaceOptions lake, Optional<S3Settings> asked) {
    if (to == null || to.isBlank()) {
      return asked.map(s3 -> s3.with(Optional.ofNullable(credentials), Optional.ofNullable(ca)));
    }
    if (BackupPlaceOptions.destination(
            to, lake, region, endpoint, pathStyle, credentials, ca, Optional.empty())
        instanceof BackupSettings.Bucket bucket) {
      return Optional.of(bucket.s3());
    }
    throw new ConfigException(
        "--tier-to is '%s'; older days go to a bucket: write it as s3://bucket/prefix"
            .formatted(to));
  }
}
