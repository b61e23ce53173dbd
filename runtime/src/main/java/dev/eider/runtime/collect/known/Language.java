package dev.eider.runtime.collect.known;

import java.util.Locale;

/** The language that a browser asks for, as a BCP 47 tag. */
public final class Language {

  /** As long as tags may be that every program has to take (RFC 5646, 4.4.1). */
  public static final int MAX_LENGTH = 35;

  private Language() {}

  /**
   * The first tag, in the form RFC 5646 recommends: {@code en-GB} of {@code EN_gb} as well as of
   * {@code en-gb,en;q=0.9}; empty where there is none or it is no tag.
   *
   * @param text the header Accept-Language, or what a tracker says
   */
  public static String of(String text) {
    int end = 0;
    while (end < text.length() && text.charAt(end) != ',' && text.charAt(end) != ';') {
      end++;
    }
    String tag = text.substring(0, end).strip();
    if (tag.length() < 2 || tag.length() > MAX_LENGTH) {
      return "";
    }
    if (isCommon(tag)) {
      return tag;
    }
    StringBuilder plain = new StringBuilder(tag.length());
    int letters = 0;
    for (int i = 0; i < tag.length(); i++) {
      char c = tag.charAt(i);
      if (c == '-' || c == '_') {
        if (letters == 0) {
          return "";
        }
        letters = 0;
        plain.append('-');
      } else if (c < 128 && Character.isLetterOrDigit(c) && letters < 8) {
        letters++;
        plain.append(c);
      } else {
        return "";
      }
    }
    String normal = Locale.forLanguageTag(plain.toString()).toLanguageTag();
    return normal.equals("und") ? "" : normal;
  }

  /** {@code de} and {@code en-US}, which are nearly all. */
  private static boolean isCommon(String tag) {
    return (tag.length() == 2 || tag.length() == 5)
        && isLower(tag.charAt(0))
        && isLower(tag.charAt(1))
        && (tag.length() == 2
            || tag.charAt(2) == '-' && isUpper(tag.charAt(3)) && isUpper(tag.charAt(4)));
  }

  private static boolean isLower(char c) {
    return c >= 'a' && c <= 'z';
  }

  private static boolean isUpper(char c) {
    return c >= 'A' && c <= 'Z';
  }
}
