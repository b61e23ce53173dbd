package dev.eider.operator.site;

import java.util.Arrays;
import java.util.Optional;

/** What runs on a schedule beside a runtime. */
enum Verb {
  RETENTION("retention", "retain", 6 * 3600),
  COMPACTION("compaction", "compact", 6 * 3600),
  BACKUP("backup", "backup", 12 * 3600),
  ERASURE("erasure", "erase", 12 * 3600);

  private final String word;
  private final String command;
  private final long deadlineSeconds;

  Verb(String word, String command, long deadlineSeconds) {
    this.word = word;
    this.command = command;
    this.deadlineSeconds = deadlineSeconds;
  }

  /** Its name in names and labels. */
  String word() {
    return word;
  }

  /** The verb of the image's command line. */
  String command() {
    return command;
  }

  /** After this a run is given up. */
  long deadlineSeconds() {
    return deadlineSeconds;
  }

  static Optional<Verb> ofWord(String word) {
    return Arrays.stream(values()).filter(verb -> verb.word.equals(word)).findFirst();
  }
}
