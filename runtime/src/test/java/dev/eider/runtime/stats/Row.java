package dev.eider.runtime.stats;

import java.math.BigDecimal;
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
    More more,
    boolean settled) {

  /**
   * What few events have.
   *
   * @param scrollDepth 255 for none
   * @param revenue empty text for none
   * @param dimensions of the site's, by index
   * @param metrics of the site's, by index
   */
  record More(
      Map<String, String> props,
      int scrollDepth,
      long engagedMs,
      String revenue,
      String currency,
      double weight,
      Shop shop,
      Map<Integer, String> dimensions,
      Map<Integer, String> metrics) {

    More(
        Map<String, String> props,
        int scrollDepth,
        long engagedMs,
        String revenue,
        String currency,
        double weight) {
      this(
          props,
          scrollDepth,
          engagedMs,
          revenue,
          currency,
          weight,
          Shop.NOTHING,
          Map.of(),
          Map.of());
    }

    static final More NOTHING = new More(Map.of(), 255, 0, "", "", 1);
  }

  /**
   * What shops send; empty text for none.
   *
   * @param items a JSON array
   */
  record Shop(String tax, String shipping, String items) {

    static final Shop NOTHING = new Shop("", "", "");
  }

  boolean transaction() {
    return type.equals("transaction");
  }

  String text(String column) {
    return text.getOrDefault(column, "");
  }

  boolean engagement() {
    return type.equals("engagement");
  }

  boolean pageview() {
    return type.equals("pageview");
  }

  boolean counts() {
    return !bot && !duplicate;
  }

  double weight() {
    return more.weight();
  }

  BigDecimal revenue(String currency) {
    return more.revenue().isEmpty() || !more.currency().equals(currency)
        ? BigDecimal.ZERO
        : new BigDecimal(more.revenue());
  }
}
