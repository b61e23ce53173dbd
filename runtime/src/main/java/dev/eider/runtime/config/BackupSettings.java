package dev.eider.runtime.config;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Where backups go, and how long they are kept.
 *
 * @param destination where; empty: nowhere, and then none are made
 * @param keepCount so many are kept at least, however old; 1 to 10,000
 * @param keepDays those that are older than this go, but for so many; 1 to 3,650
 * @param verify how each is looked at once it is made
 * @param erasureKey a file or a folder of keys, by which the key of the ledger of erasures is
 *     sealed before it is kept beside backups that are not encrypted themselves
 */
public record BackupSettings(
    Optional<Destination> destination,
    int keepCount,
    int keepDays,
    Verify verify,
    Optional<Path> erasureKey) {

  /** None are made. */
  public static final BackupSettings DEFAULT =
      new BackupSettings(Optional.empty(), 14, 35, Verify.CHECKSUM);

  /** Where backups go. */
  public sealed interface Destination {

    /** What people know it by. */
    String name();

    /**
     * Refuses a place that lies in what is copied there, or the other way round: names are the same
     * in both, so each would be taken for the other's.
     *
     * @param what comes there, for people
     * @param data a data directory
     * @throws ConfigException when it does
     */
    default void requireApartFrom(Path data, String what) {}
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

    @Override
    public void requireApartFrom(Path data, String what) {
      Path here = real(path);
      Path there = real(data.toAbsolutePath().normalize());
      if (here.startsWith(there) || there.startsWith(here)) {
        throw new ConfigException(
            "%s would come to %s, which lies in the data directory %s or has it in it: give them a place of their own, on another volume at best"
                .formatted(what, path, data));
      }
    }

    /** With links followed, as far as it is there. */
    private static Path real(Path path) {
      for (Path at = path; at != null; at = at.getParent()) {
        try {
          return at.toRealPath().resolve(at.relativize(path)).normalize();
        } catch (IOException e) {
          // Its parent may be there.
        }
      }
      return path;
    }
  }

  /**
   * A bucket, below a prefix.
   *
   * @param encryption what its server is asked to encrypt by: AES256, aws:kms, or aws:kms: and a
   *     key's id; empty: as the bucket does by itself
   */
  public record Bucket(S3Settings s3, Optional<String> encryption) implements Destination {

    private static final Pattern ENCRYPTION = Pattern.compile("AES256|aws:kms(:.{1,2048})?");

    public Bucket {
      encryption.ifPresent(
          how -> {
            if (!ENCRYPTION.matcher(how).matches()) {
              throw new ConfigException(
                  "--backup-s3-encryption is '%s'; write AES256, aws:kms or aws:kms:KEYID"
                      .formatted(how));
            }
          });
    }

    /** One that encrypts as it does by itself. */
    public Bucket(S3Settings s3) {
      this(s3, Optional.empty());
    }

    @Override
    public String name() {
      return "s3://" + s3.bucket() + (s3.prefix().isEmpty() ? "" : "/" + s3.prefix());
    }
  }

  /**
   * Either of them, encrypted by a key of one's own before anything is written there.
   *
   * @param keyFile the file that holds it
   */
  public record Encrypted(Destination inner, Path keyFile) implements Destination {

    @Override
    public String name() {
      return inner.name();
    }

    @Override
    public void requireApartFrom(Path data, String what) {
      inner.requireApartFrom(data, what);
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

  /** With nothing that the ledger's key is sealed by. */
  public BackupSettings(
      Optional<Destination> destination, int keepCount, int keepDays, Verify verify) {
    this(destination, keepCount, keepDays, verify, Optional.empty());
  }

  /** The same to another place. */
  public BackupSettings to(Optional<Destination> other) {
    return new BackupSettings(other, keepCount, keepDays, verify, erasureKey);
  }

  /** The same with keys that the ledger's is sealed by. */
  public BackupSettings withErasureKey(Optional<Path> other) {
    return new BackupSettings(destination, keepCount, keepDays, verify, other);
  }
}
