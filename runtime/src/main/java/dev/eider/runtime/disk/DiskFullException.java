package dev.eider.runtime.disk;

import java.io.IOException;
import java.util.Locale;

/** The volume, or the quota on it, has no room for what was to be written. */
public final class DiskFullException extends IOException {

  /** Says what was found, in the system's words. */
  public DiskFullException(String message, Throwable cause) {
    super(message, cause);
  }

  /** Whether that is what the system means, by its words: Java has no type of its own for it. */
  public static boolean isMeantBy(IOException e) {
    String words = String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
    return e instanceof DiskFullException
        || words.contains("no space left")
        || words.contains("quota exceeded");
  }

  /** Says what was found. */
  public DiskFullException(String message) {
    super(message);
  }
}
