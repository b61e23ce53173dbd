package dev.eider.runtime.store;

import dev.eider.runtime.config.S3Settings;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.ServerSideEncryption;

/**
 * Plain objects in a bucket, below the prefix of its settings. An object is there as a whole or not
 * at all, and durable once it was taken.
 */
public final class Bucket implements AutoCloseable {

  private static final String KMS = "aws:kms";

  private final S3Settings settings;
  private final S3Client client;
  private final String folder;
  private final Optional<String> encryption;

  /**
   * Reaches for nothing yet.
   *
   * @throws IOException when the certificates cannot be used
   */
  public Bucket(S3Settings settings) throws IOException {
    this(settings, Optional.empty());
  }

  /**
   * The same with what the server is asked to encrypt by: {@code AES256}, {@code aws:kms}, or
   * {@code aws:kms:} and a key's id.
   */
  public Bucket(S3Settings settings, Optional<String> encryption) throws IOException {
    this.encryption = encryption;
    this.settings = settings;
    this.client = BucketStore.client(settings, BucketStore.credentials(settings));
    this.folder = settings.prefix().isEmpty() ? "" : settings.prefix() + "/";
  }

  /** The objects whose names begin with this, and their sizes in bytes. */
  public Map<String, Long> list(String beginning) throws IOException {
    return BucketStore.on(
        settings,
        "listing " + beginning,
        () -> {
          Map<String, Long> found = new TreeMap<>();
          client
              .listObjectsV2Paginator(
                  request -> request.bucket(settings.bucket()).prefix(folder + beginning))
              .contents()
              .forEach(object -> found.put(object.key().substring(folder.length()), object.size()));
          return found;
        });
  }

  /** Reads one. */
  public InputStream read(String name) throws IOException {
    return BucketStore.on(
        settings,
        "reading " + name,
        () -> client.getObject(request -> request.bucket(settings.bucket()).key(folder + name)));
  }

  /**
   * Writes one, of less than 5 GiB.
   *
   * @param bytes how many will come
   */
  public void write(String name, long bytes, InputStream content) throws IOException {
    BucketStore.on(
        settings,
        "writing " + name,
        () ->
            client.putObject(
                request ->
                    encrypted(request)
                        .bucket(settings.bucket())
                        .key(folder + name)
                        .overrideConfiguration(
                            override ->
                                override
                                    .apiCallTimeout(patience(bytes))
                                    .apiCallAttemptTimeout(patience(bytes))),
                RequestBody.fromInputStream(content, bytes)));
  }

  private PutObjectRequest.Builder encrypted(PutObjectRequest.Builder request) {
    encryption.ifPresent(
        how -> {
          if (how.startsWith(KMS)) {
            request.serverSideEncryption(ServerSideEncryption.AWS_KMS);
            if (how.length() > KMS.length() + 1) {
              request.ssekmsKeyId(how.substring(KMS.length() + 1));
            }
          } else {
            request.serverSideEncryption(how);
          }
        });
    return request;
  }

  /** The usual time of a call is for small ones; a line of half a MiB a second is slow. */
  static Duration patience(long bytes) {
    return Duration.ofSeconds(60 + (bytes >> 19));
  }

  /** Deletes one; none by that name is no error. */
  public void delete(String name) throws IOException {
    BucketStore.on(
        settings,
        "deleting " + name,
        () -> client.deleteObject(request -> request.bucket(settings.bucket()).key(folder + name)));
  }

  /**
   * Deletes all versions but the newest of what is there.
   *
   * @param beginning only of objects whose names begin with this
   * @return how many that were
   */
  public long forgetVersions(String beginning) throws IOException {
    return Versions.forget(client, settings, folder + beginning);
  }

  @Override
  public void close() {
    client.close();
  }
}
