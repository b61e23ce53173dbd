package dev.eider.operator.site;

import dev.eider.api.v1alpha1.BackupDestination;
import java.util.Optional;

/**
 * A site is to begin with a backup, and has not begun yet.
 *
 * @param source where the backup is; empty while that is not known
 * @param trouble why it is not, in a sentence; empty when it is
 */
record Restoration(Optional<Source> source, String trouble) {

  /**
   * Which backup.
   *
   * @param field of the spec that says so
   * @param folder of the place
   * @param backupId empty for the newest
   */
  record Source(String field, BackupDestination place, String folder, Optional<String> backupId) {}

  static Restoration from(Source source) {
    return new Restoration(Optional.of(source), "");
  }

  static Restoration waiting(String trouble) {
    return new Restoration(Optional.empty(), trouble);
  }
}
