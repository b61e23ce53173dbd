package dev.eider.runtime.access;

import dev.eider.runtime.disk.Disk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Predicate;

/** The token that opens {@code /admin} and {@code /metrics}. Compared in constant time. */
public final class AdminToken {

  private final Predicate<String> check;
  private final Optional<String> made;

  private AdminToken(Predicate<String> check, Optional<String> made) {
    this.check = check;
    this.made = made;
  }

  /** This token, as from the environment. */
  public static AdminToken of(String token) {
    Secret secret = Secret.of(token);
    return new AdminToken(secret::is, Optional.empty());
  }

  /** The token in a file, read again when it changes. An absent or empty file admits nobody. */
  public static AdminToken inFile(Path file, InstantSource clock) {
    SecretFile secret = new SecretFile(file, clock);
    return new AdminToken(secret::admits, Optional.empty());
  }

  /** The same, but a file that is not there yet is made, once. */
  public static AdminToken inFileMadeOnce(Path file, Disk disk, InstantSource clock)
      throws IOException {
    Optional<String> made =
        Files.exists(file) ? Optional.empty() : Optional.of(SecretFile.make(file, disk));
    SecretFile secret = new SecretFile(file, clock);
    return new AdminToken(secret::admits, made);
  }

  /** The token in plain text, only where it was made just now: to be shown to a person, once. */
  public Optional<String> made() {
    return made;
  }

  /** Whether this is the token. */
  public boolean admits(String candidate) {
    return check.test(candidate);
  }
}
