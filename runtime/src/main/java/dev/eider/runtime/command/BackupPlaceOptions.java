package dev.eider.runtime.command;

import dev.eider.runtime.config.BackupSettings;
import dev.eider.runtime.config.ConfigException;
import dev.eider.runtime.config.S3Settings;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Flags that say how a bucket of backups is reached, where that is not as the lake's. */
final class BackupPlaceOptions {

  @Option(
      names = "--backup-s3-region",
      paramLabel = "REGION",
      defaultValue = "${env:EIDER_BACKUP_S3_REGION}",
      description = "Region of the bucket for backups. Default: as for the lake.")
  private @Nullable String region;

  @Option(
      names = "--backup-s3-endpoint",
      paramLabel = "URL",
      defaultValue = "${env:EIDER_BACKUP_S3_ENDPOINT}",
      description = "Where it is served. Default: as for the lake.")
  private @Nullable URI endpoint;

  @Option(
      names = "--backup-s3-path-style",
      defaultValue = "${env:EIDER_BACKUP_S3_PATH_STYLE:-false}",
      description = "Say it in the path of requests. Default: as for the lake.")
  private boolean pathStyle;

  @Option(
      names = "--backup-s3-credentials",
      paramLabel = "DIR",
      defaultValue = "${env:EIDER_BACKUP_S3_CREDENTIALS}",
      description = "Folder with its keys as files. Default: as for the lake.")
  private @Nullable Path credentials;

  @Option(
      names = "--backup-s3-ca",
      paramLabel = "FILE",
      defaultValue = "${env:EIDER_BACKUP_S3_CA}",
      description = "Certificates (PEM) for it. Default: as for the lake.")
  private @Nullable Path ca;

  @Option(
      names = "--backup-s3-encryption",
      paramLabel = "HOW",
      defaultValue = "${env:EIDER_BACKUP_S3_ENCRYPTION}",
      description =
          "What the store encrypts backups by: AES256, aws:kms or aws:kms:KEYID. Default: what the"
              + " bucket does by itself.")
  private @Nullable String encryption;

  @Option(
      names = "--backup-key-file",
      paramLabel = "FILE",
      defaultValue = "${env:EIDER_BACKUP_KEY_FILE}",
      description =
          "A key of your own, by which backups are encrypted before they leave: 32 bytes, also in"
              + " base64 or hexadecimal digits. Without it they can never be read again.")
  private @Nullable Path keyFile;

  @Option(
      names = "--erasure-key",
      paramLabel = "FILE|DIR",
      defaultValue = "${env:EIDER_ERASURE_KEY}",
      description =
          "A key by which the ledger of erasures is understood elsewhere: 32 bytes, also in base64"
              + " or hexadecimal digits; or a folder of such, of which that named key is used for"
              + " what is new. Keep a copy where the backups are not.")
  private @Nullable Path erasureKey;

  /** What the ledger's key is sealed by, where its backups are not encrypted. */
  Optional<Path> erasureKey() {
    return Optional.ofNullable(erasureKey).filter(path -> !path.toString().isBlank());
  }

  /** A place for backups, as people write it: a folder, or {@code s3://bucket/prefix}. */
  BackupSettings.Destination destination(String text, PlaceOptions lake) {
    BackupSettings.Destination plain = plain(text, lake);
    return keyFile == null ? plain : new BackupSettings.Encrypted(plain, keyFile);
  }

  /** The same where nothing is encrypted by a key of one's own. */
  BackupSettings.Destination plain(String text, PlaceOptions lake) {
    return destination(
        text,
        lake,
        region,
        endpoint,
        pathStyle,
        credentials,
        ca,
        Optional.ofNullable(encryption).filter(how -> !how.isBlank()));
  }

  /** A place with what is said of a bucket over what is said of the lake's. */
  static BackupSettings.Destination destination(
      String text,
      PlaceOptions lake,
      @Nullable String region,
      @Nullable URI endpoint,
      boolean pathStyle,
      @Nullable Path credentials,
      @Nullable Path ca,
      Optional<String> encryption) {
    if (!text.startsWith("s3://")) {
      if (text.contains("://") || text.startsWith("s3:")) {
        throw new ConfigException(
            "'%s' is neither a folder nor s3://bucket/prefix, and nothing else is known"
                .formatted(text));
      }
      return new BackupSettings.Folder(Path.of(text));
    }
    String[] parts = text.substring("s3://".length()).split("/", 2);
    S3Settings asLake = lake.bucket(parts[0], parts.length < 2 ? "" : parts[1]);
    return new BackupSettings.Bucket(
        new S3Settings(
                asLake.bucket(),
                asLake.prefix(),
                region == null ? asLake.region() : region,
                Optional.ofNullable(endpoint).or(asLake::endpoint),
                pathStyle || asLake.pathStyle(),
                asLake.credentials(),
                asLake.ca())
            .with(Optional.ofNullable(credentials), Optional.ofNullable(ca)),
        encryption);
  }
}
