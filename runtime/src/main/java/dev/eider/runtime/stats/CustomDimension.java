package dev.eider.runtime.stats;

import java.util.Optional;

/**
 * A custom dimension that the site declares, by its name or index.
 *
 * @param key as the asker wrote it
 * @param declared empty until the site's settings were looked at
 */
record CustomDimension(String key, Optional<Custom> declared) implements Dimension {

  static final String PREFIX = "custom:";

  /** How it is written, for people. */
  static final String FORM = PREFIX + "<name or index>";

  /** As long as a name may be when it is declared, in characters. */
  static final int LONGEST = 100;

  static Optional<Dimension> of(String key) {
    return key.isEmpty() || key.length() > LONGEST
        ? Optional.empty()
        : Optional.of(new CustomDimension(key, Optional.empty()));
  }

  @Override
  public String word() {
    return PREFIX + key;
  }

  @Override
  public String whenEmpty() {
    return "(none)";
  }

  @Override
  public boolean ofVisit() {
    return declared.isPresent() && !reaches(Custom.Reach.EVENT);
  }

  boolean reaches(Custom.Reach reach) {
    return declared.filter(custom -> custom.reach() == reach).isPresent();
  }

  /** The value of a row, never NULL, empty where there is none. */
  String valueSql() {
    return "coalesce(" + declared.orElseThrow().valueColumn() + ", '')";
  }
}
