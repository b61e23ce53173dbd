package dev.eider.runtime.journal;

import java.io.IOException;
import java.nio.file.Path;

/** Another process, or another part of this one, owns the journal. */
public final class JournalInUseException extends IOException {

  JournalInUseException(Path directory) {
    super(
        "the journal in "
            + directory
            + " is in use: another runtime or command holds its lock file."
            + " Stop that one first, or give this one a data directory of its own");
  }
}
