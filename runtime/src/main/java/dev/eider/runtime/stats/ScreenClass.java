package dev.eider.runtime.stats;

import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How wide pages are seen, in the classes that web analytics has always had. Worked out of the
 * width whenever somebody asks; a site in Strict mode keeps no widths, so it has no classes either.
 */
enum ScreenClass {
  /** Narrower than 576 pixels. */
  MOBILE("Mobile", 576),
  /** From 576 to 991 pixels. */
  TABLET("Tablet", 992),
  /** From 992 to 1439 pixels. */
  LAPTOP("Laptop", 1440),
  /** From 1440 pixels on. */
  DESKTOP("Desktop", Integer.MAX_VALUE);

  private final String word;
  private final int until;

  ScreenClass(String word, int until) {
    this.word = word;
    this.until = until;
  }

  /** The class of a width in pixels as text, empty where that is no number above zero. */
  static String sql(String width) {
    String number = "try_cast(" + width + " AS INTEGER)";
    return Stream.of(values())
        .map(each -> " WHEN %s < %d THEN '%s'".formatted(number, each.until, each.word))
        .collect(
            Collectors.joining("", "CASE WHEN coalesce(" + number + ", 0) <= 0 THEN ''", " END"));
  }
}
