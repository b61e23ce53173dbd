package dev.eider.runtime.disk;

import java.io.IOException;

/** The volume, or the quota on it, has no room for what was to be written. */
public final class DiskFullException extends IOException {

  /** Says what was found, in the system's words. */
  public DiskFullException(String message, Throwable cause) {
    super(message, cause);
  }

  /** Says what was found. */
  public DiskFullException(String message) {
    super(message);
  }
}
