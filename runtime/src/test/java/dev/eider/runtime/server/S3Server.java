package dev.eider.runtime.server;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * An S3 server of the test's own (versitygw over a folder), on loopback. Every object is a file of
 * the same name, so that a test sees what is really there.
 */
public final class S3Server implements AutoCloseable {

  /** The region that it is in. */
  public static final String REGION = "eu-test-1";

  private static final S3Keys ROOT = new S3Keys("AKIATESTROOT", "root/secret+1=", "");
  private static final String ROLE = "arn:aws:iam::000000000000:role/test";
  private static final AtomicInteger NAMES = new AtomicInteger();

  private final Path program;
  private final Path folder;
  private final int port;
  private Optional<TestAuthority> authority;
  private final Optional<ServerProcess> identities;
  private final Map<String, Object> sessions = new TreeMap<>();
  private Optional<ServerProcess> process = Optional.empty();

  private S3Server(boolean tls, boolean temporaryKeys, boolean versions) throws IOException {
    this.program = Servers.require("versitygw", "versitygw");
    this.folder = Files.createTempDirectory("eider-s3-");
    Files.createDirectories(objects());
    if (versions) {
      Files.createDirectories(versions());
    }
    this.authority = tls ? Optional.of(TestAuthority.in(folder)) : Optional.empty();
    this.identities = temporaryKeys ? Optional.of(startIdentities()) : Optional.empty();
    this.port = Servers.freePort();
    start();
  }

  /** Starts one without TLS. */
  public static S3Server started() throws IOException {
    return new S3Server(false, false, false);
  }

  /** Starts one with TLS, with a certificate of {@link #authority}. */
  public static S3Server overTls() throws IOException {
    return new S3Server(true, false, false);
  }

  /** Starts one that gives {@link #temporaryKeys}. */
  public static S3Server withTemporaryKeys() throws IOException {
    return new S3Server(false, true, false);
  }

  /** Starts one whose buckets keep old versions of objects once they are told to. */
  public static S3Server withVersions() throws IOException {
    return new S3Server(false, false, true);
  }

  /** All that it has, old versions too. */
  public Path everything() {
    return folder;
  }

  private Path versions() {
    return folder.resolve("versions");
  }

  /** The one that tests share which do not stop it; without TLS, never closed. */
  public static S3Server shared() {
    return Shared.SERVER.get();
  }

  /** The port, the same after each start. */
  public int port() {
    return port;
  }

  /** Its address, as a client is told. */
  public String endpoint() {
    return authority.isPresent() ? "https://localhost:" + port : "http://127.0.0.1:" + port;
  }

  /** The same through a proxy. */
  public static String endpoint(FaultProxy proxy) {
    return "http://127.0.0.1:" + proxy.port();
  }

  /** The PEM file that a client needs to trust it. */
  public Path authority() {
    return authority.orElseThrow().authority();
  }

  /** Gets a certificate of another authority, as when the one before ends. */
  public void changeAuthority() throws IOException {
    stop();
    authority = Optional.of(TestAuthority.in(Files.createTempDirectory(folder, "tls")));
    start();
  }

  /** Keys that may do everything, for ever. */
  public S3Keys keys() {
    return ROOT;
  }

  /** A new bucket with nothing in it. */
  public String bucket() throws IOException {
    String name = "bucket-" + NAMES.incrementAndGet();
    Files.createDirectories(objects().resolve(name));
    return name;
  }

  /** Keys that may do everything until this much time is over. */
  public S3Keys temporaryKeys(Duration life) throws IOException {
    int number = NAMES.incrementAndGet();
    S3Keys keys =
        new S3Keys("ASIATEST%012d".formatted(number), "secret/" + number, "token+/=" + number);
    Instant now = Instant.now();
    Map<String, Object> session = new LinkedHashMap<>();
    session.put("accessKeyId", keys.id());
    session.put("secretAccessKey", keys.secret());
    session.put("sessionToken", keys.token());
    session.put("roleArn", ROLE);
    session.put("roleName", "test");
    session.put("roleId", "AROATEST");
    session.put("roleSessionName", "test");
    session.put("createDate", now.truncatedTo(ChronoUnit.SECONDS).toString());
    session.put("expiration", now.plus(life).toString());
    sessions.put(keys.id(), session);
    writeIdentities();
    return keys;
  }

  /** What is in a bucket, by key; sizes in bytes. */
  public Map<String, Long> sizes(String bucket) throws IOException {
    Path root = objects().resolve(bucket);
    Map<String, Long> sizes = new TreeMap<>();
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String key = root.relativize(file).toString();
        // Uploads that are not complete.
        if (!key.startsWith(".sgwtmp")) {
          sizes.put(key, Files.size(file));
        }
      }
    }
    return sizes;
  }

  /** The file that is an object. */
  public Path file(String bucket, String key) {
    return objects().resolve(bucket).resolve(key);
  }

  /** Starts it again, with all that it had. */
  public void start() throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                program.toString(),
                "--port",
                "127.0.0.1:" + port,
                "--region",
                REGION,
                "--keep-alive",
                "--quiet"));
    authority.ifPresent(
        made ->
            command.addAll(
                List.of("--cert", made.certificate().toString(), "--key", made.key().toString())));
    if (identities.isPresent()) {
      command.addAll(
          List.of("--iam-cache-disable", "--iam-standalone-endpoint", identitySocket().toString()));
    }
    command.add("posix");
    if (!hasAttributes(objects())) {
      command.addAll(
          List.of("--sidecar", Files.createDirectories(folder.resolve("attributes")).toString()));
    }
    if (Files.isDirectory(versions())) {
      command.addAll(List.of("--versioning-dir", versions().toString()));
    }
    command.add(objects().toString());
    process =
        Optional.of(ServerProcess.start(command, root(), folder.resolve("log"), this::isListening));
  }

  /** Ends it; {@link #start} brings it back. */
  public void stop() {
    process.ifPresent(ServerProcess::close);
    process = Optional.empty();
  }

  private ServerProcess startIdentities() throws IOException {
    writeIdentities();
    return ServerProcess.start(
        List.of(
            program.toString(),
            "--port",
            "127.0.0.1:" + Servers.freePort(),
            "--quiet",
            "iam",
            "--dir",
            identityFolder().toString(),
            "--private-ports",
            identitySocket().toString()),
        root(),
        folder.resolve("identities.log"),
        () -> Files.exists(identitySocket()));
  }

  /** The server reads it at each request. */
  private void writeIdentities() throws IOException {
    Map<String, Object> policy =
        Map.of(
            "PolicyName",
            "all",
            "PolicyDocument",
            "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"s3:*\",\"Resource\":\"*\"}]}");
    Map<String, Object> role =
        Map.of(
            "Path",
            "/",
            "RoleName",
            "test",
            "RoleID",
            "AROATEST",
            "Arn",
            ROLE,
            "AssumeRolePolicyDocument",
            "{\"Version\":\"2012-10-17\",\"Statement\":[]}",
            "Policies",
            Map.of("inline", List.of(policy)));
    Files.createDirectories(identityFolder());
    Path written = folder.resolve("iam.json.new");
    new ObjectMapper()
        .writeValue(
            written.toFile(),
            Map.of(
                "roles",
                Map.of("test", role),
                "roleNameIndex",
                Map.of("test", "test"),
                "sessions",
                sessions));
    Files.move(written, identityFolder().resolve("iam.json"), StandardCopyOption.ATOMIC_MOVE);
  }

  private Path objects() {
    return folder.resolve("objects");
  }

  private Path identityFolder() {
    return folder.resolve("identities");
  }

  private Path identitySocket() {
    return folder.resolve("socket");
  }

  private static Map<String, String> root() {
    return Map.of("ROOT_ACCESS_KEY", ROOT.id(), "ROOT_SECRET_KEY", ROOT.secret());
  }

  private boolean isListening() {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * Whether files of this folder take attributes, in which the server keeps what S3 says of them.
   */
  private static boolean hasAttributes(Path folder) throws IOException {
    Path file = Files.createTempFile(folder.getParent(), "attribute", "");
    try {
      UserDefinedFileAttributeView view =
          Files.getFileAttributeView(file, UserDefinedFileAttributeView.class);
      if (view == null) {
        return false;
      }
      view.write("eider", ByteBuffer.wrap(new byte[] {1}));
      return true;
    } catch (IOException e) {
      return false;
    } finally {
      Files.delete(file);
    }
  }

  @Override
  public void close() throws IOException {
    stop();
    identities.ifPresent(ServerProcess::close);
    Folders.delete(folder);
  }

  private static final class Shared {
    private static final Once<S3Server> SERVER = new Once<>(S3Server::started);
  }
}
