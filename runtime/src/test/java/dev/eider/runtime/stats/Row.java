package dev.eider.runtime.stats;

import java.time.Instant;
import java.time.LocalDate;
import java.util.Map;
import java.util.UUID;

/**
 * One event as a test knows it; text that it does not have is "".
 *
 * @param text values of text columns by column name
 * @param settled whether it carries its visit's id rather than the visitor's id of the day before
 */
record Row(
    UUID id,
    String visitor,
    String previousVisitor,
    Instant timestamp,
    LocalDate date,
    String type,
    boolean interactive,
    boolean bot,
    boolean duplicate,
    Map<String, String> text,
    boolean settled) {

  String text(String column) {
    return text.getOrDefault(column, "");
  }

  boolean engagement() {
    return type.equals("engagement");
  }

  boolean counts() {
    return !bot && !duplicate;
  }
}
