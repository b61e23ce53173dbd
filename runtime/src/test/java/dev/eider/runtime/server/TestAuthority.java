package dev.eider.runtime.server;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/**
 * A certificate authority that nobody else trusts, and a certificate of its for localhost and
 * 127.0.0.1, in PEM.
 */
final class TestAuthority {

  private static final String PASSWORD = "changeit";

  private final Path folder;

  private TestAuthority(Path folder) {
    this.folder = folder;
  }

  /** Makes one in a folder, by the JDK's keytool. */
  static TestAuthority in(Path folder) throws IOException {
    TestAuthority authority = new TestAuthority(folder);
    Path store = folder.resolve("keys.p12");
    authority.keytool(store, "ca", "-dname", "CN=authority of a test", "-ext", "bc:c=ca:true");
    authority.keytool(
        store,
        "server",
        "-dname",
        "CN=server of a test",
        "-signer",
        "ca",
        "-ext",
        "san=dns:localhost,ip:127.0.0.1",
        "-ext",
        "eku=serverAuth");
    try (InputStream in = Files.newInputStream(store)) {
      KeyStore keys = KeyStore.getInstance("PKCS12");
      keys.load(in, PASSWORD.toCharArray());
      authority.write("ca.pem", "CERTIFICATE", keys.getCertificate("ca").getEncoded());
      authority.write("server.pem", "CERTIFICATE", keys.getCertificate("server").getEncoded());
      authority.write(
          "server.key", "PRIVATE KEY", keys.getKey("server", PASSWORD.toCharArray()).getEncoded());
    } catch (GeneralSecurityException e) {
      throw new IOException("the certificates that keytool made cannot be read", e);
    }
    return authority;
  }

  /** What clients are to trust. */
  Path authority() {
    return folder.resolve("ca.pem");
  }

  Path certificate() {
    return folder.resolve("server.pem");
  }

  Path key() {
    return folder.resolve("server.key");
  }

  private void keytool(Path store, String alias, String... more) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-keystore",
                store.toString(),
                "-storepass",
                PASSWORD,
                "-alias",
                alias,
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-validity",
                "30"));
    command.addAll(List.of(more));
    Command.run(command, Map.of());
  }

  private void write(String name, String what, byte[] der) throws IOException {
    String pem =
        "-----BEGIN %s-----%n%s%n-----END %s-----%n"
            .formatted(
                what, Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der), what);
    Files.write(folder.resolve(name), pem.getBytes(US_ASCII));
  }
}
