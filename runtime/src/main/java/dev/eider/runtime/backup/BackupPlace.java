package dev.eider.runtime.backup;

import dev.eider.runtime.config.BackupSettings;
import dev.eider.runtime.disk.Disk;
import dev.eider.runtime.store.Bucket;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Where backups are kept: files under names with slashes. A file is there as a whole or not at all,
 * and survives a power failure, once {@link #write} has returned.
 */
public sealed interface BackupPlace extends AutoCloseable
    permits FolderPlace, BucketPlace, EncryptedPlace {

  /** Opens one; reaches for nothing yet. */
  static BackupPlace of(BackupSettings.Destination destination, Disk disk) throws IOException {
    return switch (destination) {
      case BackupSettings.Folder folder -> new FolderPlace(folder.path(), disk);
      case BackupSettings.Bucket bucket ->
          new BucketPlace(bucket.name(), new Bucket(bucket.s3(), bucket.encryption()));
      case BackupSettings.Encrypted encrypted -> {
        BackupKey key = BackupKey.read(encrypted.keyFile());
        yield new EncryptedPlace(of(encrypted.inner(), disk), key);
      }
    };
  }

  /**
   * The same place, with what is written there encrypted by the key in a file.
   *
   * @param of whose key it is, for people
   * @param flag that says which file
   */
  static BackupPlace sealedBy(Path keyFile, String of, String flag, BackupPlace inner)
      throws BackupException {
    return new EncryptedPlace(inner, BackupKey.read(keyFile, of, flag));
  }

  /** What people know it by. */
  String name();

  /** What tells the key that it is encrypted by from others; empty where it is not. */
  default Optional<String> keyName() {
    return Optional.empty();
  }

  /** The files in a folder and below it, and their sizes in bytes; none where there is none. */
  Map<String, Long> list(String folder) throws IOException;

  /** Reads one. */
  InputStream read(String name) throws IOException;

  /** Writes one, or replaces it. */
  void write(String name, long bytes, InputStream content) throws IOException;

  /** Deletes one; none by that name is no error. */
  void delete(String name) throws IOException;

  /** How many bytes can still be written there; empty where nothing says so. */
  default OptionalLong freeBytes() throws IOException {
    return OptionalLong.empty();
  }

  /** Lets go of what no backup is any more that this place would have written. */
  default void tidy() throws IOException {}

  /**
   * Deletes what the place keeps of files that were deleted or replaced.
   *
   * @return how many versions that were
   */
  long forgetVersions() throws IOException;

  @Override
  void close();
}
