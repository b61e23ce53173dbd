package dev.eider.runtime.config;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/**
 * A PostgreSQL database for the lake's catalog.
 *
 * @param host name or address of the server
 * @param port its port
 * @param database its name
 * @param user who connects
 * @param password with what; may be empty
 * @param options further parameters by libpq's names: sslmode and sslrootcert
 */
public record PostgresSettings(
    String host,
    int port,
    String database,
    String user,
    String password,
    Map<String, String> options) {

  private static final int DEFAULT_PORT = 5432;

  public PostgresSettings {
    options = Map.copyOf(options);
    if (host.isBlank() || database.isBlank() || user.isBlank()) {
      throw new ConfigException(
          "the catalog's database needs a host, a database (dbname) and a user; it has host '%s', database '%s' and user '%s'"
              .formatted(host, database, user));
    }
    for (String name : options.keySet()) {
      if (!name.equals("sslmode") && !name.equals("sslrootcert")) {
        throw new ConfigException(
            "the catalog's database has a parameter '%s', which is not known; sslmode and sslrootcert are"
                .formatted(name));
      }
    }
  }

  /**
   * Reads where the database is.
   *
   * @param source {@code postgresql://user:password@host:port/database?sslmode=…}, or a folder with
   *     the files of a mounted Secret: {@code uri}, or {@code host}, {@code port}, {@code dbname},
   *     {@code user} or {@code username}, {@code password}, {@code sslmode}
   * @throws ConfigException when it cannot be read; says what is missing, never a password
   */
  public static PostgresSettings read(String source) {
    return source.startsWith("postgres://") || source.startsWith("postgresql://")
        ? ofUri(source, "--catalog")
        : ofFolder(Path.of(source));
  }

  private static PostgresSettings ofFolder(Path folder) {
    if (!Files.isDirectory(folder)) {
      throw new ConfigException(
          "--catalog: %s is no folder; give postgresql://… or the folder of a mounted Secret"
              .formatted(folder));
    }
    String uri = file(folder, "uri");
    if (!uri.isEmpty()) {
      return ofUri(uri, folder.resolve("uri").toString());
    }
    String port = file(folder, "port");
    Map<String, String> options = new TreeMap<>();
    for (String option : new String[] {"sslmode", "sslrootcert"}) {
      String value = file(folder, option);
      if (!value.isEmpty()) {
        // A certificate is a file in the folder; libpq wants its name.
        options.put(
            option, option.equals("sslrootcert") ? folder.resolve(option).toString() : value);
      }
    }
    String user = file(folder, "user");
    return new PostgresSettings(
        file(folder, "host"),
        port.isEmpty() ? DEFAULT_PORT : number(port, folder.resolve("port").toString()),
        file(folder, "dbname"),
        user.isEmpty() ? file(folder, "username") : user,
        file(folder, "password"),
        options);
  }

  private static String file(Path folder, String name) {
    Path file = folder.resolve(name);
    try {
      return Files.exists(file) ? Files.readString(file).strip() : "";
    } catch (IOException e) {
      throw new ConfigException("%s cannot be read: %s".formatted(file, e.getMessage()), e);
    }
  }

  private static PostgresSettings ofUri(String text, String where) {
    URI uri;
    try {
      uri = new URI(text);
    } catch (URISyntaxException e) {
      // Without the text, and without a cause that has it: there is a password in it.
      throw new ConfigException(
          where + " is no URI such as postgresql://user:password@host:5432/database");
    }
    String userInfo = uri.getRawUserInfo() == null ? "" : uri.getRawUserInfo();
    int colon = userInfo.indexOf(':');
    String path = uri.getPath() == null ? "" : uri.getPath();
    Map<String, String> options = new TreeMap<>();
    String query = uri.getRawQuery() == null ? "" : uri.getRawQuery();
    for (String pair : query.isEmpty() ? new String[0] : query.split("&", -1)) {
      int equals = pair.indexOf('=');
      options.put(
          decoded(equals < 0 ? pair : pair.substring(0, equals)),
          equals < 0 ? "" : decoded(pair.substring(equals + 1)));
    }
    return new PostgresSettings(
        uri.getHost() == null ? "" : uri.getHost(),
        uri.getPort() < 0 ? DEFAULT_PORT : uri.getPort(),
        path.isEmpty() ? "" : path.substring(1),
        decoded(colon < 0 ? userInfo : userInfo.substring(0, colon)),
        colon < 0 ? "" : decoded(userInfo.substring(colon + 1)),
        options);
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  private static int number(String text, String where) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw new ConfigException("%s is '%s'; it must be a port".formatted(where, text), e);
    }
  }

  /** Whether it is the same database, whoever connects to it and with what. */
  public boolean isSameDatabase(PostgresSettings other) {
    return host.equals(other.host) && port == other.port && database.equals(other.database);
  }

  /** Without the password. */
  @Override
  public String toString() {
    return "%s at %s:%d as %s".formatted(database, host, port, user);
  }
}
