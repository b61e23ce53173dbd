package dev.eider.runtime.access;

import dev.eider.runtime.disk.Disk;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One secret in one file, read again when the file changes.
 *
 * <p>A file that is gone or empty admits nobody. The file is looked at no more than every 2 s.
 */
final class SecretFile {

  private static final Logger LOG = LoggerFactory.getLogger(SecretFile.class);
  private static final Duration LOOK = Duration.ofSeconds(2);

  private final Path file;
  private final InstantSource clock;
  private volatile Seen seen = new Seen(Long.MIN_VALUE, "", Optional.empty());

  SecretFile(Path file, InstantSource clock) {
    this.file = file;
    this.clock = clock;
  }

  /** Whether there is a secret and the candidate is it. */
  boolean admits(String candidate) {
    return current().filter(secret -> secret.is(candidate)).isPresent();
  }

  private Optional<Secret> current() {
    long now = clock.millis();
    Seen last = seen;
    if (now < last.nextLook()) {
      return last.secret();
    }
    Seen next = look(last, now + LOOK.toMillis());
    seen = next;
    return next.secret();
  }

  private Seen look(Seen last, long nextLook) {
    try {
      if (!Files.exists(file)) {
        return new Seen(nextLook, "", Optional.empty());
      }
      BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
      // A mounted Secret changes by a symbolic link further up, so the real path counts too.
      String print =
          file.toRealPath() + " " + attributes.lastModifiedTime() + " " + attributes.size();
      if (print.equals(last.fingerprint())) {
        return new Seen(nextLook, print, last.secret());
      }
      String text = Files.readString(file).strip();
      if (text.isEmpty()) {
        LOG.warn(
            "{} is empty, so nobody is let in by it; write a secret into it, or delete it and start again to have one made",
            file);
      }
      return new Seen(
          nextLook, print, text.isEmpty() ? Optional.empty() : Optional.of(Secret.of(text)));
    } catch (IOException e) {
      LOG.warn("{} cannot be read ({}); what was read last stays in force", file, e.toString());
      return new Seen(nextLook, last.fingerprint(), last.secret());
    }
  }

  /** Makes a file with a random secret that only its owner may read. Answers the secret. */
  static String make(Path file, Disk disk) throws IOException {
    String secret = Secret.random();
    disk.createDirectories(file.getParent());
    permit(file.getParent(), "rwx------");
    disk.replace(file, (secret + "\n").getBytes(StandardCharsets.UTF_8));
    permit(file, "rw-------");
    return secret;
  }

  private static void permit(Path path, String permissions) throws IOException {
    // Its parent directory is closed before the file has its secret, so there is no gap between.
    if (Files.getFileAttributeView(path, PosixFileAttributeView.class) != null) {
      Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
    }
  }

  private record Seen(long nextLook, String fingerprint, Optional<Secret> secret) {}
}
