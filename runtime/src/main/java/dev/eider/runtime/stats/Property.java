package dev.eider.runtime.stats;

import java.util.Optional;

/** A custom property of an event, by its key. */
record Property(String key) implements Dimension {

  static final String PREFIX = "event:props:";

  /** How it is written, for people. */
  static final String FORM = PREFIX + "<name>";

  /** As long as a key may be when it is collected, in characters. */
  private static final int LONGEST = 300;

  static Optional<Dimension> of(String key) {
    return key.isEmpty() || key.length() > LONGEST
        ? Optional.empty()
        : Optional.of(new Property(key));
  }

  @Override
  public String word() {
    return PREFIX + key;
  }

  @Override
  public String whenEmpty() {
    return "(none)";
  }

  /** Reads it from the column {@code props}, by JSON pointer, which takes any key (RFC 6901). */
  Sql sql() {
    String pointer = "/" + key.replace("~", "~0").replace("/", "~1");
    return new Sql().bind("json_extract_string(props, ?)", pointer);
  }
}
