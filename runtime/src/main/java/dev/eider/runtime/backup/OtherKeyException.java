package dev.eider.runtime.backup;

/** Something was encrypted by another key than the one that is given. */
final class OtherKeyException extends BackupException {

  private static final long serialVersionUID = 1;

  OtherKeyException(String message) {
    super(message);
  }
}
