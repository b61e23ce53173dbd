package dev.eider.runtime.event;

/**
 * How much of a page was read; only on events of type {@link EventType#ENGAGEMENT}.
 *
 * @param scrollDepth percent of the page's height, 0 to 100, or {@link #NO_SCROLL_DEPTH}
 * @param millis time the page was in view, in ms; 0 when unknown
 */
public record Engagement(int scrollDepth, long millis) {

  /** The value that says no depth was measured. */
  public static final int NO_SCROLL_DEPTH = 255;

  /** Nothing was measured. */
  public static final Engagement NONE = new Engagement(NO_SCROLL_DEPTH, 0);
}
