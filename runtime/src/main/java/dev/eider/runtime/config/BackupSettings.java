package dev.eider.runtime.config;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Where backups go, and how long they are kept.
 *
 * @param destination where; empty: nowhere, and then none are made
 * @param keepCount so many are kept at least, however old; 1 to 10,000
 * @param keepDays those that are older than this go, but for so many; 1 to 3,650
 * @param verify how each is looked at once it is made
 */
public record BackupSettings(
    Optional<Destination> destination, int keepCount, int keepDays, Verify verify) {

  /** None are made. */
  public static final BackupSettings DEFAULT =
      new BackupSettings(Optional.empty(), 14, 35, Verify.CHECKSUM);

  /** Where backups go. */
  public sealed interface Destination {

    /** What people know it by. */
    String name();
  }

  /** A folder, of another volume at best. */
  public record Folder(Path path) implements Destination {

    public Folder {
      path = path.toAbsolutePath().normalize();
    }

    @Override
    public String name() {
      return path.toString();
    }
  }

  /** A bucket, below a prefix. */
  public record Bucket(S3Settings s3) implements Destination {

    @Override
    public String name() {
      return "s3://" + s3.bucket() + (s3.prefix().isEmpty() ? "" : "/" + s3.prefix());
    }
  }

  /** How a backup is looked at. */
  public enum Verify {
    /** Not at all. */
    NONE,
    /** All of it is read and compared with its checksums. */
    CHECKSUM,
    /** It is restored beside the lake, counted, and removed. */
    RESTORE
  }

  public BackupSettings {
    Bounds.check("backup.keep.count", keepCount, 1, 10_000);
    Bounds.check("backup.keep.maxAgeDays", keepDays, 1, 3_650);
  }

  /** The same to another place. */
  public BackupSettings to(Optional<Destination> other) {
    return new BackupSettings(other, keepCount, keepDays, verify);
  }
}
