package dev.eider.runtime.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A PostgreSQL server of the test's own, on loopback, with a data folder that is gone when it is
 * closed. As root it runs as somebody else, since PostgreSQL refuses root.
 */
public final class PostgresServer implements AutoCloseable {

  /** Its only user, who may do everything. */
  public static final String USER = "eider";

  /** Has what a password may have and what has to be quoted somewhere. */
  public static final String PASSWORD = "p@ss w'ord\"\\/1";

  private static final String PASSWORD_IN_URI = "p%40ss%20w%27ord%22%5C%2F1";
  private static final AtomicInteger DATABASES = new AtomicInteger();

  private final Path programs;
  private final Path folder;
  private final List<String> asSomebody;
  private final boolean durable;
  private final int port;
  private Optional<ServerProcess> process = Optional.empty();

  private PostgresServer(boolean durable) throws IOException {
    this.programs = Servers.require("postgres", "postgres.bin");
    this.durable = durable;
    // Not a folder of JUnit's: those are closed to others than root.
    this.folder = Files.createTempDirectory("eider-postgres-");
    Optional<UserPrincipal> somebody = somebody();
    this.asSomebody =
        somebody
            .map(
                user ->
                    List.of(
                        "setpriv",
                        "--reuid=" + user.getName(),
                        "--regid=" + group(user),
                        "--clear-groups"))
            .orElse(List.of());
    Path password = Files.writeString(folder.resolve("password"), PASSWORD);
    if (somebody.isPresent()) {
      Files.setOwner(password, somebody.get());
      Files.setOwner(folder, somebody.get());
    }
    Command.run(
        as(
            "initdb",
            "--pgdata=" + data(),
            "--username=" + USER,
            "--pwfile=" + password,
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--no-locale",
            "--no-sync"),
        Map.of());
    this.port = Servers.freePort();
    start();
  }

  /** Starts one that forgets nothing that was committed, unless the machine itself goes down. */
  public static PostgresServer started() throws IOException {
    return new PostgresServer(false);
  }

  /** Starts one that forces its commits to the disk, as in production. */
  public static PostgresServer durable() throws IOException {
    return new PostgresServer(true);
  }

  /** The one that tests share which neither stop it nor count its connections; never closed. */
  public static PostgresServer shared() {
    return Shared.SERVER.get();
  }

  /** The port, the same after each start. */
  public int port() {
    return port;
  }

  /** A new database with nothing in it. */
  public Database database() throws IOException {
    String name = "test_" + DATABASES.incrementAndGet();
    psql("postgres", "CREATE DATABASE " + name);
    return new Database(this, name);
  }

  /** Starts it again, with all that it had. */
  public void start() throws IOException {
    List<String> command =
        new ArrayList<>(
            as(
                "postgres",
                "-D",
                data().toString(),
                "-p",
                Integer.toString(port),
                "-c",
                "listen_addresses=127.0.0.1",
                "-c",
                "unix_socket_directories=",
                "-c",
                "max_connections=200"));
    if (!durable) {
      command.addAll(List.of("-c", "fsync=off", "-c", "full_page_writes=off"));
    }
    process =
        Optional.of(ServerProcess.start(command, Map.of(), folder.resolve("log"), this::isReady));
  }

  /** Ends it as a rolling update does: open transactions are broken off. */
  public void stop() throws IOException {
    end("INT");
  }

  /** Ends it as a crash does: nothing is finished or written; the next start recovers. */
  public void crash() throws IOException {
    end("QUIT");
  }

  private void end(String signal) throws IOException {
    if (process.isPresent()) {
      process.get().end(signal);
      process = Optional.empty();
    }
  }

  /** What a statement answers, rows as lines. */
  public String psql(String database, String sql) throws IOException {
    return Command.run(
        List.of(
            programs.resolve("psql").toString(),
            "--host=127.0.0.1",
            "--port=" + port,
            "--username=" + USER,
            "--dbname=" + database,
            "--no-psqlrc",
            "--no-align",
            "--tuples-only",
            "--quiet",
            "--set=ON_ERROR_STOP=1",
            "--command=" + sql),
        Map.of("PGPASSWORD", PASSWORD, "PGSSLMODE", "disable"));
  }

  private boolean isReady() {
    try {
      Command.run(
          List.of(programs.resolve("pg_isready").toString(), "--host=127.0.0.1", "--port=" + port),
          Map.of());
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private Path data() {
    return folder.resolve("data");
  }

  private List<String> as(String program, String... arguments) {
    List<String> command = new ArrayList<>(asSomebody);
    command.add(programs.resolve(program).toString());
    command.addAll(List.of(arguments));
    return command;
  }

  /** Who PostgreSQL runs as when this is root. */
  private static Optional<UserPrincipal> somebody() throws IOException {
    if (!"root".equals(System.getProperty("user.name"))) {
      return Optional.empty();
    }
    var users = FileSystems.getDefault().getUserPrincipalLookupService();
    try {
      return Optional.of(users.lookupPrincipalByName("postgres"));
    } catch (UserPrincipalNotFoundException e) {
      return Optional.of(users.lookupPrincipalByName("nobody"));
    }
  }

  private static String group(UserPrincipal user) {
    try {
      return Command.run(List.of("id", "--group", user.getName()), Map.of());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() throws IOException {
    end("QUIT");
    Folders.delete(folder);
  }

  /** A database of a server. */
  public record Database(PostgresServer server, String name) {

    /** As a person writes it in a Secret. */
    public String uri() {
      return uri(server.port());
    }

    /** The same through a proxy. */
    public String uri(int port) {
      return "postgresql://%s:%s@127.0.0.1:%d/%s?sslmode=disable"
          .formatted(USER, PASSWORD_IN_URI, port, name);
    }

    /** What a statement answers, rows as lines. */
    public String psql(String sql) throws IOException {
      return server.psql(name, sql);
    }
  }

  private static final class Shared {
    private static final Once<PostgresServer> SERVER = new Once<>(PostgresServer::started);
  }
}
