package dev.eider.runtime;

import dev.eider.runtime.config.Sites;
import dev.eider.runtime.job.Verb;
import dev.eider.runtime.job.VerbException;
import java.util.Map;

/** What the maintenance lane can do. */
final class Verbs {

  private Verbs() {}

  static Map<String, Verb> of(Storage storage, Sites sites) {
    return Map.of(
        "flush", run -> storage.flush(),
        "backup", notYet("backups"),
        "erase", notYet("erasure"));
  }

  private static Verb notYet(String what) {
    return run -> {
      throw new VerbException(
          what + " are not in this version of Eider; the data was neither copied nor changed");
    };
  }
}
