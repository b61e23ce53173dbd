package dev.eider.runtime.collect.known;

/** How wide a page is seen, in the classes that web analytics has always had. */
public enum ScreenClass {
  /** Narrower than 576 pixels. */
  MOBILE("Mobile"),
  /** From 576 to 991 pixels. */
  TABLET("Tablet"),
  /** From 992 to 1439 pixels. */
  LAPTOP("Laptop"),
  /** From 1440 pixels on. */
  DESKTOP("Desktop"),
  /** Nobody said. */
  UNKNOWN("");

  private static final int MAX_DIGITS = 6;

  private final String word;

  ScreenClass(String word) {
    this.word = word;
  }

  /** As it is stored and shown. */
  public String word() {
    return word;
  }

  /** The class of a viewport so many CSS pixels wide. */
  public static ScreenClass of(int width) {
    if (width <= 0) {
      return UNKNOWN;
    }
    return width < 576 ? MOBILE : width < 992 ? TABLET : width < 1440 ? LAPTOP : DESKTOP;
  }

  /**
   * The class of a width as trackers send it: {@code 1280} or {@code 1280x720}.
   *
   * @param size digits, at most six of them before an x; anything else is unknown
   */
  public static ScreenClass of(String size) {
    int width = 0;
    int at = 0;
    while (at < size.length() && size.charAt(at) >= '0' && size.charAt(at) <= '9') {
      if (at == MAX_DIGITS) {
        return UNKNOWN;
      }
      width = width * 10 + (size.charAt(at) - '0');
      at++;
    }
    return at == size.length() || size.charAt(at) == 'x' ? of(width) : UNKNOWN;
  }
}
