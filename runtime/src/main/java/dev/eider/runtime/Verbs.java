package dev.eider.runtime;

import dev.eider.runtime.job.Verb;
import dev.eider.runtime.job.VerbException;
import dev.eider.runtime.lake.LakeException;
import dev.eider.runtime.lake.Steps;
import java.util.Map;

/** What the maintenance lane can do. */
final class Verbs {

  private Verbs() {}

  static Map<String, Verb> of(Storage storage) {
    return Map.of(
        "flush", explained(run -> storage.flusher().flush()),
        "settle", explained(run -> storage.lake().settle(steps(run))),
        "backup", notYet("backups"),
        "erase", notYet("erasures"));
  }

  private static Steps steps(Verb.Run run) {
    return step -> {
      run.checkpoint();
      run.progress(step);
    };
  }

  /** What the lake says of a failure is said in sentences already. */
  private static Verb explained(Verb verb) {
    return run -> {
      try {
        return verb.run(run);
      } catch (LakeException e) {
        throw new VerbException(String.valueOf(e.getMessage()), e);
      }
    };
  }

  private static Verb notYet(String what) {
    return run -> {
      throw new VerbException(
          what + " are not in this version of Eider; nothing was copied and nothing removed");
    };
  }
}
