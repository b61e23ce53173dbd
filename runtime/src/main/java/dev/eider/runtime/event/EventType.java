package dev.eider.runtime.event;

/** What kind of thing happened; the name of a custom event is a matter of {@link Event#name}. */
public enum EventType {
  /** A page was seen. */
  PAGEVIEW("pageview"),
  /** Something else was done on a page: a sign-up, a download. */
  EVENT("event"),
  /** A page was read: scroll depth and time. Never counted as an event, never starts a visit. */
  ENGAGEMENT("engagement"),
  /** Something was bought. */
  TRANSACTION("transaction");

  private final String word;

  EventType(String word) {
    this.word = word;
  }

  /** The word that is stored, as in the column {@code event_type}. */
  public String word() {
    return word;
  }

  /**
   * The type whose {@link #word} this is.
   *
   * @throws IllegalArgumentException when there is none
   */
  public static EventType of(String word) {
    for (EventType type : values()) {
      if (type.word.equals(word)) {
        return type;
      }
    }
    throw new IllegalArgumentException("no event type is called '" + word + "'");
  }
}
