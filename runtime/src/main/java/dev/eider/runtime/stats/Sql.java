package dev.eider.runtime.stats;

import java.util.ArrayList;
import java.util.List;

/** A statement as it grows: its text, and the values for its question marks in their order. */
final class Sql {

  private final StringBuilder text = new StringBuilder();
  private final List<String> values = new ArrayList<>();

  /** Text of our own. */
  static Sql of(String ours) {
    return new Sql().add(ours);
  }

  /** Parts with the same text of our own between them. */
  static Sql join(String between, List<Sql> parts) {
    Sql all = new Sql();
    for (int i = 0; i < parts.size(); i++) {
      all.add(i == 0 ? "" : between).add(parts.get(i));
    }
    return all;
  }

  /** Adds text of our own. */
  Sql add(String ours) {
    text.append(ours);
    return this;
  }

  /** Adds text of our own with one question mark, and the value for it. */
  Sql bind(String ours, String value) {
    text.append(ours);
    values.add(value);
    return this;
  }

  /** Adds another statement's text and its values. */
  Sql add(Sql other) {
    text.append(other.text);
    values.addAll(other.values);
    return this;
  }

  boolean isEmpty() {
    return text.isEmpty();
  }

  String text() {
    return text.toString();
  }

  List<String> values() {
    return List.copyOf(values);
  }
}
