package dev.eider.runtime.stats;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What events can be grouped and filtered by. */
sealed interface Dimension permits Attribute, TimeUnit, Property, CustomDimension, GoalName {

  /** How those of which there may be any number are written, for people. */
  String OPEN = ", " + Property.FORM + ", " + CustomDimension.FORM;

  /** Its name in questions. */
  String word();

  /** What is shown for no value; empty where the empty text is a value. */
  String whenEmpty();

  default boolean isTime() {
    return this instanceof TimeUnit;
  }

  /** Whether it is the same for all events of a visit. */
  default boolean ofVisit() {
    return this instanceof Attribute attribute && attribute.kind() == Attribute.Kind.VISIT;
  }

  /** Whether events after a visit's first decide it. */
  default boolean needsWholeVisit() {
    return switch (this) {
      case Attribute attribute -> attribute.readsWholeVisit();
      case CustomDimension custom -> custom.reaches(Custom.Reach.VISIT);
      default -> false;
    };
  }

  /** Whether it is something that sites say of single events, in words of their own. */
  default boolean isProperty() {
    return this instanceof Property
        || (this instanceof CustomDimension custom && custom.reaches(Custom.Reach.EVENT));
  }

  /** The dimension of that name. */
  static Optional<Dimension> of(String word) {
    if (word.startsWith(Property.PREFIX)) {
      return Property.of(word.substring(Property.PREFIX.length()));
    }
    if (word.startsWith(CustomDimension.PREFIX)) {
      return CustomDimension.of(word.substring(CustomDimension.PREFIX.length()));
    }
    return fixed().filter(d -> d.word().equals(word)).findFirst();
  }

  /** All but properties and custom dimensions, of which there may be any number. */
  static Stream<Dimension> fixed() {
    return Stream.of(
            Arrays.stream(TimeUnit.values()),
            Arrays.stream(GoalName.values()),
            Arrays.stream(Attribute.values()))
        .flatMap(all -> all);
  }

  /** All words, for people. */
  static String words() {
    return fixed().map(Dimension::word).collect(Collectors.joining(", ")) + OPEN;
  }

  /** The words that filters may use, for people. */
  static String filterWords() {
    return fixed().filter(d -> !d.isTime()).map(Dimension::word).collect(Collectors.joining(", "))
        + OPEN;
  }
}
