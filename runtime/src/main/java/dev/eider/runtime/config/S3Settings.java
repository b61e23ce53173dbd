package dev.eider.runtime.config;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A bucket for the lake's files.
 *
 * @param bucket its name
 * @param prefix what all names in it begin with, without slashes at either end; may be empty
 * @param region such as eu-central-1; {@link #DEFAULT_REGION} for stores that have none, or auto
 * @param endpoint of a store that is not AWS's; http or https
 * @param pathStyle whether the bucket stands in the path of a request and not in its host name
 * @param credentials folder with AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and perhaps
 *     AWS_SESSION_TOKEN as files; empty for what the SDK finds by itself
 * @param ca certificates (PEM) that the store's must come from; empty for the usual ones
 */
public record S3Settings(
    String bucket,
    String prefix,
    String region,
    Optional<URI> endpoint,
    boolean pathStyle,
    Optional<Path> credentials,
    Optional<Path> ca) {

  /** What stores that have no regions take for one, MinIO, versitygw and R2 among them. */
  public static final String DEFAULT_REGION = "us-east-1";

  private static final Pattern BUCKET = Pattern.compile("[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]");
  private static final Pattern PREFIX = Pattern.compile("[A-Za-z0-9!_.*()/=-]{0,512}");

  /** All but the last two of these are also in manifests, so messages name them as there. */
  public S3Settings {
    prefix = withoutSlashes(prefix);
    if (!BUCKET.matcher(bucket).matches()) {
      throw new ConfigException(
          "storage.s3.bucket is '%s'; a bucket's name is 3 to 63 lower-case letters, digits, dots and dashes"
              .formatted(bucket));
    }
    if (!PREFIX.matcher(prefix).matches() || prefix.contains("//") || prefix.contains("..")) {
      throw new ConfigException(
          "storage.s3.prefix is '%s'; use letters, digits and - _ . / in it, such as teams/web"
              .formatted(prefix));
    }
    endpoint.ifPresent(S3Settings::check);
  }

  private static void check(URI endpoint) {
    boolean web = "http".equals(endpoint.getScheme()) || "https".equals(endpoint.getScheme());
    String path = endpoint.getPath() == null ? "" : endpoint.getPath();
    if (!web || endpoint.getHost() == null || !path.isEmpty() && !path.equals("/")) {
      throw new ConfigException(
          "storage.s3.endpoint is '%s'; write it as http:// or https://, a host and perhaps a port"
              .formatted(endpoint));
    }
  }

  private static String withoutSlashes(String text) {
    return text.replaceAll("^/+|/+$", "");
  }

  /** The same with files that are mounted beside the manifests. */
  public S3Settings with(Optional<Path> credentialsFolder, Optional<Path> caFile) {
    return new S3Settings(
        bucket,
        prefix,
        region,
        endpoint,
        pathStyle,
        credentialsFolder.or(() -> credentials),
        caFile.or(() -> ca));
  }

  /** The same below another prefix. */
  public S3Settings at(String otherPrefix) {
    return new S3Settings(bucket, otherPrefix, region, endpoint, pathStyle, credentials, ca);
  }
}
