package dev.eider.api.v1alpha1;

/** How a page is compared with the path of a pageview. */
public enum PageMatch {
  /** Letter for letter. */
  Equals,
  /** The path begins with it. */
  BeginsWith,
  /** RE2's regular expression, found anywhere in the path. */
  Regex,
  /** {@code *} stands for anything within a segment, {@code **} for anything at all. */
  Glob
}
