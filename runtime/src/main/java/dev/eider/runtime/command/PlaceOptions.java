package dev.eider.runtime.command;

import dev.eider.runtime.config.LakePlace;
import dev.eider.runtime.config.RuntimeSettings;
import dev.eider.runtime.config.S3Settings;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Flags that say where a lake lies, for every command that opens one. */
final class PlaceOptions {

  @Option(
      names = "--s3-bucket",
      paramLabel = "NAME",
      defaultValue = "${env:EIDER_S3_BUCKET}",
      description = "Bucket for the lake's files. Default: the volume.")
  private @Nullable String bucket;

  @Option(
      names = "--s3-prefix",
      paramLabel = "PREFIX",
      defaultValue = "${env:EIDER_S3_PREFIX:-}",
      description = "What names in the bucket begin with. Default: nothing.")
  private String prefix = "";

  @Option(
      names = "--s3-region",
      paramLabel = "REGION",
      defaultValue = "${env:EIDER_S3_REGION:-" + S3Settings.DEFAULT_REGION + "}",
      description = "The bucket's region. Default: us-east-1, which stores without regions take.")
  private String region = S3Settings.DEFAULT_REGION;

  @Option(
      names = "--s3-endpoint",
      paramLabel = "URL",
      defaultValue = "${env:EIDER_S3_ENDPOINT}",
      description = "Where the bucket is served, http:// or https://. Default: AWS.")
  private @Nullable URI endpoint;

  @Option(
      names = "--s3-path-style",
      defaultValue = "${env:EIDER_S3_PATH_STYLE:-false}",
      description = "Say the bucket in the path of requests, as MinIO and others want it.")
  private boolean pathStyle;

  @Option(
      names = "--s3-credentials",
      paramLabel = "DIR",
      defaultValue = "${env:EIDER_S3_CREDENTIALS}",
      description =
          "Folder with AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and perhaps AWS_SESSION_TOKEN as"
              + " files. Default: what AWS's tools find by themselves.")
  private @Nullable Path credentials;

  @Option(
      names = "--s3-ca",
      paramLabel = "FILE",
      defaultValue = "${env:EIDER_S3_CA}",
      description = "Certificates (PEM) that the endpoint's must come from. Default: the usual.")
  private @Nullable Path ca;

  @Option(
      names = "--catalog",
      paramLabel = "URI|DIR",
      defaultValue = "${env:EIDER_CATALOG}",
      description =
          "PostgreSQL for the lake's catalog: postgresql://user:password@host:port/database, or the"
              + " folder of a mounted Secret. Default: a file in the data directory.")
  private @Nullable String catalog;

  @Option(
      names = "--lake-id",
      paramLabel = "ID",
      defaultValue = "${env:EIDER_LAKE_ID}",
      description = "What tells lakes apart that share a bucket or a database. Default: default.")
  private @Nullable String lakeId;

  @Mixin private final TierOptions tier = new TierOptions();

  /** What a site asks for, with these flags over it. */
  RuntimeSettings override(RuntimeSettings asked) {
    LakePlace place = asked.place();
    Optional<S3Settings> s3 =
        bucket == null
            ? place.s3()
            : Optional.of(
                new S3Settings(
                    bucket,
                    prefix,
                    region,
                    Optional.ofNullable(endpoint),
                    pathStyle,
                    Optional.empty(),
                    Optional.empty()));
    return asked.withPlace(
        new LakePlace(
            s3.map(found -> found.with(Optional.ofNullable(credentials), Optional.ofNullable(ca))),
            Optional.ofNullable(catalog).filter(text -> !text.isBlank()).or(place::catalog),
            lakeId == null || lakeId.isBlank() ? place.lakeId() : lakeId,
            // These flags put all of the lake into a bucket, and then there is nothing to move.
            tier.settings(this, bucket == null ? place.tier() : Optional.empty())));
  }

  /** Another bucket, behind the same endpoint and with the same keys as these flags say. */
  S3Settings bucket(String name, String within) {
    return new S3Settings(
        name,
        within,
        region,
        Optional.ofNullable(endpoint),
        pathStyle,
        Optional.ofNullable(credentials),
        Optional.ofNullable(ca));
  }
}
