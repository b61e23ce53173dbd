package dev.eider.runtime.stats;

import java.util.ArrayList;
import java.util.List;

/** A statement as it grows: its text, and the values for its question marks in their order. */
final class Sql {

  private final StringBuilder text = new StringBuilder();
  private final List<String> values = new ArrayList<>();

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

  String text() {
    return text.toString();
  }

  List<String> values() {
    return List.copyOf(values);
  }
}
