package dev.eider.runtime.collect;

import dev.eider.runtime.event.Engagement;
import dev.eider.runtime.event.EventType;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * An event as its sender tells it, in the words of no protocol.
 *
 * @param domains whom it is for: at least one site's domain or id
 * @param type never a transaction; money makes it one
 * @param name not empty
 * @param url where it happened
 * @param title the page's title, or empty
 * @param referrer as it was sent, or empty
 * @param props a JSON object of texts, or empty
 * @param screenSize viewport width in pixels, or empty
 * @param timestamp when it happened, as the sender says
 */
record Draft(
    List<String> domains,
    EventType type,
    String name,
    PageUrl url,
    String title,
    String referrer,
    String props,
    Optional<Money> money,
    boolean interactive,
    Engagement engagement,
    String screenSize,
    Optional<Instant> timestamp)
    implements Adapted {

  /**
   * Money as it was sent.
   *
   * @param amount scale 2, fits into DECIMAL(12,2)
   * @param currency ISO 4217 code, or empty for the site's own
   */
  record Money(BigDecimal amount, String currency) {}
}
