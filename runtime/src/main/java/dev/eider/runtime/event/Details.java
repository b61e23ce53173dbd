package dev.eider.runtime.event;

import java.util.Optional;

/**
 * What few senders say.
 *
 * @param action category, action, label and value
 * @param order what was bought
 * @param dimensions values of the site's custom dimensions: a JSON object of texts by index, as in
 *     {@code {"1":"gold"}}; or empty
 * @param metrics values of the site's custom metrics: a JSON object of numbers by index; or empty
 * @param language the visitor's preferred language as a BCP 47 tag, or empty
 * @param sdk name and version of what sent the event, or empty
 */
public record Details(
    Action action,
    Optional<Order> order,
    String dimensions,
    String metrics,
    String language,
    String sdk) {

  /** Nothing more is known. */
  public static final Details NONE = new Details(Action.NONE, Optional.empty(), "", "", "", "");
}
