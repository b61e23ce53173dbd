package dev.eider.runtime.store;

import dev.eider.runtime.config.LakePlace;
import dev.eider.runtime.config.S3Settings;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import javax.net.ssl.TrustManager;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.services.s3.model.CopyObjectResponse;
import software.amazon.awssdk.services.s3.model.MultipartUpload;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * Files in a bucket, all under {@code prefix/lakeId/}: the lake's in {@code data/}, beside it what
 * is set aside and published.
 *
 * <p>An object is there as a whole or not at all, and durable once its upload was answered, so
 * nothing has to be forced. Objects are deleted one by one: the batch call wants a checksum that
 * stores other than AWS's do not all agree on.
 */
public final class BucketStore implements Store {

  /** The name of the object by which a lake has claimed its folder. */
  public static final String CLAIM = "lake.json";

  /** Of so many files the sizes are asked for one by one, and more are listed together. */
  private static final int FEW = 3;

  private static final Duration ATTEMPT = Duration.ofSeconds(20);

  /** Requests that are under way at a time. */
  private static final int AT_ONCE = 16;

  private static final Duration CALL = Duration.ofSeconds(60);

  /** How old an answer to "can it be reached" may be. */
  private static final Duration FRESH = Duration.ofSeconds(15);

  /** How long somebody who asks for that waits for a new one. */
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  /** An upload in parts that nobody has ended for so long was left by a crash. */
  private static final Duration STALE_UPLOAD = Duration.ofDays(1);

  private final S3Settings settings;
  private final String folder;
  private final AwsCredentialsProvider credentials;
  private final S3Client client;
  private final AtomicBoolean probing = new AtomicBoolean();
  private volatile Probe lastProbe = new Probe(Instant.MIN, Optional.empty());

  private record Probe(Instant at, Optional<String> trouble) {}

  /**
   * Keys as they are now.
   *
   * @param token of temporary ones; empty for others
   */
  public record Access(String keyId, String secret, String token) {

    /** Nothing secret. */
    @Override
    public String toString() {
      return "access by " + keyId;
    }
  }

  /**
   * Reaches for nothing yet.
   *
   * @throws IOException when the certificates cannot be used
   */
  public BucketStore(S3Settings settings, LakePlace place) throws IOException {
    this.settings = settings;
    this.folder = place.folder(settings) + "/";
    this.credentials = credentials(settings);
    this.client = client(settings, credentials);
  }

  static AwsCredentialsProvider credentials(S3Settings settings) {
    return settings
        .credentials()
        .<AwsCredentialsProvider>map(FolderCredentials::new)
        .orElseGet(() -> DefaultCredentialsProvider.builder().build());
  }

  static S3Client client(S3Settings settings, AwsCredentialsProvider credentials)
      throws IOException {
    UrlConnectionHttpClient.Builder http =
        UrlConnectionHttpClient.builder().connectionTimeout(Duration.ofSeconds(5));
    http.socketTimeout(ATTEMPT);
    if (settings.ca().isPresent()) {
      TrustManager[] trusted = {new CertificateAuthority(settings.ca().get())};
      http.tlsTrustManagersProvider(() -> trusted);
    }
    S3ClientBuilder builder =
        S3Client.builder()
            .credentialsProvider(credentials)
            .region(Region.of(settings.region()))
            .forcePathStyle(settings.pathStyle())
            .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
            .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
            .overrideConfiguration(
                override -> override.apiCallAttemptTimeout(ATTEMPT).apiCallTimeout(CALL))
            .httpClientBuilder(http);
    settings.endpoint().ifPresent(builder::endpointOverride);
    return builder.build();
  }

  /** The bucket. */
  public S3Settings settings() {
    return settings;
  }

  /**
   * Keys for DuckDB, which does not find any by itself.
   *
   * @throws IOException when there are none; says where they were looked for
   */
  public Access access() throws IOException {
    AwsCredentials found = on("finding credentials", credentials::resolveCredentials);
    return new Access(
        found.accessKeyId(),
        found.secretAccessKey(),
        found instanceof AwsSessionCredentials session ? session.sessionToken() : "");
  }

  @Override
  public String root() {
    return name(folder + "data/");
  }

  @Override
  public Optional<BucketStore> bucket() {
    return Optional.of(this);
  }

  @Override
  public void force(Collection<String> names) {}

  @Override
  public Map<String, Long> sizes(Collection<String> names) throws IOException {
    Set<String> wanted = new HashSet<>(names);
    Map<String, Long> sizes = new HashMap<>();
    String data = name(folder + "data/");
    // One by one what lies elsewhere, as what was set aside does, and where there are few.
    boolean few = wanted.size() <= FEW;
    for (String name : wanted) {
      if (few || !name.startsWith(data)) {
        keep(list(name.substring(name(folder).length())), wanted, sizes);
      }
    }
    if (!few && wanted.stream().anyMatch(name -> name.startsWith(data))) {
      keep(list("data/"), wanted, sizes);
    }
    return sizes;
  }

  private void keep(List<S3Object> objects, Set<String> wanted, Map<String, Long> sizes) {
    for (S3Object object : objects) {
      String name = name(object.key());
      if (wanted.contains(name)) {
        sizes.put(name, object.size());
      }
    }
  }

  @Override
  public boolean hasFolder(String within) throws IOException {
    String prefix = folder + "data/" + within + "/";
    return on(
        "looking into " + name(prefix),
        () ->
            client
                .listObjectsV2(
                    request -> request.bucket(settings.bucket()).prefix(prefix).maxKeys(1))
                .hasContents());
  }

  /** Listing is a request that is paid for, and slower than asking the catalog. */
  @Override
  public Set<String> inFolder(String folder) {
    return Set.of();
  }

  @Override
  public List<String> names() throws IOException {
    return list("data/").stream().map(object -> name(object.key())).toList();
  }

  private List<S3Object> list(String within) throws IOException {
    String prefix = folder + within;
    return on(
        "listing " + name(prefix),
        () ->
            client
                .listObjectsV2Paginator(request -> request.bucket(settings.bucket()).prefix(prefix))
                .contents()
                .stream()
                .toList());
  }

  @Override
  public InputStream open(String name) throws IOException {
    return on(
        "reading " + name,
        () -> client.getObject(request -> request.bucket(settings.bucket()).key(key(name))));
  }

  @Override
  public void delete(String name) throws IOException {
    on(
        "deleting " + name,
        () -> client.deleteObject(request -> request.bucket(settings.bucket()).key(key(name))));
  }

  /** There are no folders in a bucket; uploads that crashes left are ended instead. */
  @Override
  public long deleted(Collection<String> deleted) throws IOException {
    Instant stale = Instant.now().minus(STALE_UPLOAD);
    String prefix = folder + "data/";
    List<MultipartUpload> uploads =
        on(
            "listing uploads",
            () ->
                client
                    .listMultipartUploads(
                        request -> request.bucket(settings.bucket()).prefix(prefix))
                    .uploads());
    for (MultipartUpload upload : uploads) {
      // Some stores do not heed the prefix.
      if (upload.key().startsWith(prefix) && upload.initiated().isBefore(stale)) {
        on(
            "ending an upload of " + name(upload.key()),
            () ->
                client.abortMultipartUpload(
                    request ->
                        request
                            .bucket(settings.bucket())
                            .key(upload.key())
                            .uploadId(upload.uploadId())));
      }
    }
    return 0;
  }

  @Override
  public String setAside(String name, String within) throws IOException {
    String copy = folder + within + "/" + name.substring(name.lastIndexOf('/') + 1);
    on(
        "copying " + name,
        () -> {
          try {
            client.copyObject(
                request ->
                    request
                        .sourceBucket(settings.bucket())
                        .sourceKey(key(name))
                        .destinationBucket(settings.bucket())
                        .destinationKey(copy));
          } catch (NoSuchKeyException e) {
            return false;
          } catch (S3Exception e) {
            if (e.statusCode() != 404) {
              throw e;
            }
          }
          return true;
        });
    return name(copy);
  }

  @Override
  public void hold(Collection<String> names) throws IOException {
    each(names, name -> copy(key(name), second(name)));
  }

  @Override
  public void letGo(Collection<String> names) throws IOException {
    each(names, name -> delete(name(second(name))));
  }

  @Override
  public List<String> held() throws IOException {
    return list("held/").stream()
        .map(object -> object.key().substring(object.key().lastIndexOf('/') + 1))
        .toList();
  }

  @Override
  public void bringBack(String name) throws IOException {
    copy(second(name), key(name));
  }

  private String second(String name) {
    return folder + "held/" + name.substring(name.lastIndexOf('/') + 1);
  }

  private CopyObjectResponse copy(String from, String to) throws IOException {
    return on(
        "copying " + name(from),
        () ->
            client.copyObject(
                request ->
                    request
                        .sourceBucket(settings.bucket())
                        .sourceKey(from)
                        .destinationBucket(settings.bucket())
                        .destinationKey(to)));
  }

  /** What is done to each of many objects. */
  @FunctionalInterface
  private interface Step {
    void on(String name) throws IOException;
  }

  /** Several at a time, since each waits for an answer. */
  private static void each(Collection<String> names, Step step) throws IOException {
    Semaphore atOnce = new Semaphore(AT_ONCE);
    List<Future<Boolean>> steps = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (String name : names) {
        steps.add(
            threads.submit(
                () -> {
                  atOnce.acquire();
                  try {
                    step.on(name);
                    return true;
                  } finally {
                    atOnce.release();
                  }
                }));
      }
    }
    for (Future<Boolean> done : steps) {
      if (done.state() == Future.State.FAILED) {
        throw done.exceptionNow() instanceof IOException e
            ? e
            : new IOException(done.exceptionNow());
      }
    }
  }

  @Override
  public String shown(String name) {
    return name;
  }

  @Override
  public String named(String shown) {
    return shown;
  }

  /** Not looked at: an object is there as it was sent or not at all. */
  @Override
  public boolean hasEnds(String name, long bytes, int magic) {
    return true;
  }

  @Override
  public void publish(String name, byte[] content) throws IOException {
    on(
        "writing " + name(folder + name),
        () ->
            client.putObject(
                request -> request.bucket(settings.bucket()).key(folder + name),
                RequestBody.fromBytes(content)));
  }

  /**
   * Puts a small object where there must be none yet.
   *
   * @return whether there was none
   */
  public boolean claim(String name, byte[] content) throws IOException {
    return on(
        "claiming " + name(folder + name),
        () -> {
          try {
            client.putObject(
                request -> request.bucket(settings.bucket()).key(folder + name).ifNoneMatch("*"),
                RequestBody.fromBytes(content));
            return true;
          } catch (S3Exception e) {
            // 409: somebody else is putting it right now.
            if (e.statusCode() == 412 || e.statusCode() == 409) {
              return false;
            }
            throw e;
          }
        });
  }

  @Override
  public void requireClaimed() throws IOException {
    if (!has(CLAIM)) {
      throw new IOException(
          "%s is not there, which this lake has put there: see whether it is the right bucket"
              .formatted(name(folder + CLAIM)));
    }
  }

  /** Whether there is something of exactly that name beside the lake's files. */
  boolean has(String name) throws IOException {
    return list(name).stream().anyMatch(object -> object.key().equals(folder + name));
  }

  /**
   * Brings a file to where a name says, of less than 5 GiB.
   *
   * @param storageClass how the bucket keeps it; empty: as it does by itself
   */
  void bring(String name, Path file, Optional<String> storageClass) throws IOException {
    Duration patience = Bucket.patience(Files.size(file));
    on(
        "uploading " + name,
        () ->
            client.putObject(
                request -> {
                  storageClass.ifPresent(request::storageClass);
                  request
                      .bucket(settings.bucket())
                      .key(key(name))
                      .overrideConfiguration(
                          override ->
                              override.apiCallTimeout(patience).apiCallAttemptTimeout(patience));
                },
                RequestBody.fromFile(file)));
  }

  /** Puts a file beside the lake's. */
  public void upload(String name, Path file) throws IOException {
    on(
        "uploading " + name(folder + name),
        () ->
            client.putObject(
                request -> request.bucket(settings.bucket()).key(folder + name),
                RequestBody.fromFile(file)));
  }

  @Override
  public Optional<String> unreachable() {
    if (lastProbe.at().isBefore(Instant.now().minus(FRESH)) && probing.compareAndSet(false, true)) {
      CompletableFuture<Void> asked = new CompletableFuture<>();
      Thread.ofVirtual()
          .name("bucket")
          .start(
              () -> {
                try {
                  lastProbe = probe();
                } finally {
                  probing.set(false);
                  asked.complete(null);
                }
              });
      // Whoever asks is told what is so now, unless that takes long: then by the next time.
      asked.completeOnTimeout(null, PATIENCE.toMillis(), TimeUnit.MILLISECONDS).join();
    }
    return lastProbe.trouble();
  }

  private Probe probe() {
    try {
      hasFolder("main");
      return new Probe(Instant.now(), Optional.empty());
    } catch (IOException e) {
      return new Probe(Instant.now(), Optional.of(String.valueOf(e.getMessage())));
    }
  }

  /**
   * All versions in the lake's folder but the newest of what is there, and the marks of what is
   * not. Also uploads that were never ended.
   */
  @Override
  public long forgetVersions() throws IOException {
    return Versions.forget(client, settings, folder);
  }

  private <T> T on(String what, Supplier<T> call) throws IOException {
    return on(settings, what, call);
  }

  static <T> T on(S3Settings settings, String what, Supplier<T> call) throws IOException {
    try {
      return call.get();
    } catch (SdkException e) {
      throw new IOException(
          "%s in bucket %s%s failed: %s"
              .formatted(
                  what,
                  settings.bucket(),
                  settings.endpoint().map(at -> " at " + at).orElse(""),
                  e.getMessage()),
          e);
    }
  }

  private String name(String key) {
    return "s3://" + settings.bucket() + "/" + key;
  }

  private String key(String name) {
    return name.substring(name("").length());
  }

  @Override
  public void close() {
    client.close();
  }
}
