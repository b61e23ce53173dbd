package dev.eider.runtime.backup;

import java.io.IOException;

/** Says in a sentence why a backup is of no use, or could not be made or restored. */
public sealed class BackupException extends IOException permits OtherKeyException {

  private static final long serialVersionUID = 1;

  public BackupException(String message) {
    super(message);
  }

  BackupException(String message, Throwable cause) {
    super(message, cause);
  }
}
