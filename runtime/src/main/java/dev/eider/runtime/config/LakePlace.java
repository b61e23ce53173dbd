package dev.eider.runtime.config;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Where a lake lies.
 *
 * @param s3 the bucket of its files; empty: on the volume
 * @param catalog where the PostgreSQL of its catalog is, as {@link PostgresSettings#read} takes it;
 *     empty: a DuckDB file on the volume
 * @param lakeId what tells lakes apart that share a bucket or a database
 * @param tier where files of older days are moved to from the volume; empty: nowhere
 */
public record LakePlace(
    Optional<S3Settings> s3, Optional<String> catalog, String lakeId, Optional<S3Settings> tier) {

  private static final Pattern ID = Pattern.compile("[a-z0-9]([a-z0-9._-]{0,510}[a-z0-9])?");

  /** The usual lake: all of it on the volume. */
  public static final LakePlace VOLUME =
      new LakePlace(Optional.empty(), Optional.empty(), "default");

  public LakePlace {
    if (!ID.matcher(lakeId).matches() || lakeId.contains("..")) {
      throw new ConfigException(
          "--lake-id is '%s'; use lower-case letters, digits, dots, dashes and underscores"
              .formatted(lakeId));
    }
    if (s3.isPresent() && tier.isPresent()) {
      throw new ConfigException(
          "storage.tier moves files from the volume, and with storage.s3 none lie there: leave one"
              + " of both out (a lifecycle rule of the bucket changes the class of its objects)");
    }
  }

  /** Nothing is moved. */
  public LakePlace(Optional<S3Settings> s3, Optional<String> catalog, String lakeId) {
    this(s3, catalog, lakeId, Optional.empty());
  }

  /** The same in another bucket, or in none. */
  public LakePlace withS3(Optional<S3Settings> other) {
    return new LakePlace(other, catalog, lakeId, tier);
  }

  /** The same with files of older days moved elsewhere, or nowhere. */
  public LakePlace withTier(Optional<S3Settings> other) {
    return new LakePlace(s3, catalog, lakeId, other);
  }

  /** The same with files and catalog on the volume, as a lake has them that was set aside there. */
  public LakePlace aside() {
    return new LakePlace(Optional.empty(), Optional.empty(), lakeId, tier);
  }

  /** Where the files lie, for people: {@code volume} or a name that begins with s3://. */
  public String dataName() {
    return s3.map(found -> "s3://%s/%s".formatted(found.bucket(), folder(found))).orElse("volume");
  }

  /** What the names of all of this lake's objects begin with, without slashes at either end. */
  public String folder(S3Settings bucket) {
    return bucket.prefix().isEmpty() ? lakeId : bucket.prefix() + "/" + lakeId;
  }
}
