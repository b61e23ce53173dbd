package dev.eider.runtime.config;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Says in one sentence what stands twice in a list. */
final class Distinct {

  private Distinct() {}

  static void check(String list, String what, List<?> values) {
    Set<Object> seen = new HashSet<>();
    for (Object value : values) {
      if (!seen.add(value)) {
        throw new ConfigException(
            "%s has the %s '%s' twice; each may stand there once".formatted(list, what, value));
      }
    }
  }
}
