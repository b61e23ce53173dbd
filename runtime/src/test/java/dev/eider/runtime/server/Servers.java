package dev.eider.runtime.server;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;

/** Where the programs of real servers are, as {@code runtime/servers} found or made them. */
public final class Servers {

  private static final Path FOUND = Path.of("target/servers/servers.properties");

  private Servers() {}

  /** A program or its folder; without it the test is skipped, and says why. */
  public static Path require(String program, String key) {
    Properties found = found();
    String missing = found.getProperty(program + ".missing", "");
    assumeTrue(missing.isEmpty(), "skipped: " + missing);
    return Path.of(found.getProperty(key));
  }

  private static Properties found() {
    assumeTrue(
        Files.exists(FOUND),
        "skipped: %s is not there; run runtime/servers runtime/target/servers first"
            .formatted(FOUND));
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(FOUND)) {
      properties.load(reader);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return properties;
  }

  /** A port of loopback that nobody has now. */
  static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
