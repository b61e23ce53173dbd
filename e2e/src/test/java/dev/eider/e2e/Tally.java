package dev.eider.e2e;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What is wrong with a count of events that each have a path of their own. A few examples of each,
 * since thousands tell no more.
 *
 * @param lost accepted and not counted
 * @param doubled counted more than once
 * @param invented counted and never sent
 */
public record Tally(List<String> lost, List<String> doubled, List<String> invented) {
  private static final int EXAMPLES = 10;

  /**
   * Compares.
   *
   * @param accepted paths that were answered with 202: each is to be there once
   * @param unsure paths without an answer: each may be there once or not at all
   * @param counted how often each path is there
   */
  public static Tally of(Set<String> accepted, Set<String> unsure, Map<String, Long> counted) {
    return new Tally(
        accepted.stream()
            .filter(path -> !counted.containsKey(path))
            .sorted()
            .limit(EXAMPLES)
            .toList(),
        counted.entrySet().stream()
            .filter(entry -> entry.getValue() != 1)
            .map(entry -> entry.getKey() + " × " + entry.getValue())
            .sorted()
            .limit(EXAMPLES)
            .toList(),
        counted.keySet().stream()
            .filter(path -> !accepted.contains(path) && !unsure.contains(path))
            .sorted()
            .limit(EXAMPLES)
            .toList());
  }

  /** Whether nothing is. */
  public boolean isRight() {
    return lost.isEmpty() && doubled.isEmpty() && invented.isEmpty();
  }
}
