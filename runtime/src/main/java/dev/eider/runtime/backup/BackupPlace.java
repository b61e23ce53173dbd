package dev.eider.runtime.backup;

import dev.eider.runtime.config.BackupSettings;
import dev.eider.runtime.disk.Disk;
import dev.eider.runtime.store.Bucket;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;

/**
 * Where backups are kept: files under names with slashes. A file is there as a whole or not at all,
 * and survives a power failure, once {@link #write} has returned.
 */
public sealed interface BackupPlace extends AutoCloseable permits FolderPlace, BucketPlace {

  /** Opens one; reaches for nothing yet. */
  static BackupPlace of(BackupSettings.Destination destination, Disk disk) throws IOException {
    return switch (destination) {
      case BackupSettings.Folder folder -> new FolderPlace(folder.path(), disk);
      case BackupSettings.Bucket bucket -> new BucketPlace(bucket.name(), new Bucket(bucket.s3()));
    };
  }

  /** What people know it by. */
  String name();

  /** The files in a folder and below it, and their sizes in bytes; none where there is none. */
  Map<String, Long> list(String folder) throws IOException;

  /** Reads one. */
  InputStream read(String name) throws IOException;

  /** Writes one, or replaces it. */
  void write(String name, long bytes, InputStream content) throws IOException;

  /** Deletes one; none by that name is no error. */
  void delete(String name) throws IOException;

  @Override
  void close();
}
