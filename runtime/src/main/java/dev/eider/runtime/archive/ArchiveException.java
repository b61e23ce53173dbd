package dev.eider.runtime.archive;

import java.io.IOException;

/** Something is wrong with an archive. The message says what, and what to do. */
public final class ArchiveException extends IOException {

  private static final long serialVersionUID = 1;

  ArchiveException(String message) {
    super(message);
  }

  ArchiveException(String message, Throwable cause) {
    super(message, cause);
  }
}
