package dev.eider.runtime.collect;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Everything that is wrong with an event, so that its sender learns it all at once. */
final class Problems {

  private Map<String, List<String>> errors = Map.of();

  /**
   * Adds one.
   *
   * @param why a sentence that goes on after the field's name; no personal data
   */
  void add(String field, String why) {
    if (errors.isEmpty()) {
      errors = new LinkedHashMap<>();
    }
    errors.computeIfAbsent(field, key -> new ArrayList<>()).add(why);
  }

  /** Adds all of another's. */
  void addAll(Problems others) {
    others.errors.forEach((field, whys) -> whys.forEach(why -> add(field, why)));
  }

  boolean has(String field) {
    return errors.containsKey(field);
  }

  /** Each as a sentence of its own. */
  List<String> sentences() {
    return errors.entrySet().stream()
        .flatMap(each -> each.getValue().stream().map(why -> each.getKey() + " " + why))
        .toList();
  }

  void throwIfAny() throws RejectedException {
    if (!errors.isEmpty()) {
      throw new RejectedException(new Rejection(400, "invalid", errors));
    }
  }
}
