package dev.eider.e2e.soak;

import java.util.Random;

/**
 * How a process is ended.
 *
 * @param verb a maintenance verb that is asked for right before; empty for none
 * @param kill SIGKILL, else SIGTERM
 * @param shutdownSeconds how long SIGTERM may take; 1 is too short for what is going on
 * @param pauseMillis between the verb and the signal
 */
record Blow(String verb, boolean kill, int shutdownSeconds, int pauseMillis) {

  /** Kills, of which some fall into a settle or a compaction, and now and then a SIGTERM. */
  static Blow number(int number, Random random) {
    String verb =
        switch (number % 4) {
          case 1 -> "settle";
          case 3 -> "compact";
          default -> "";
        };
    boolean kill = number % 6 != 5;
    return new Blow(verb, kill, number % 12 == 5 ? 1 : 25, random.nextInt(400));
  }
}
