package dev.eider.runtime.collect;

import java.nio.charset.StandardCharsets;

/** Text as it comes from outside. */
final class Text {

  private Text() {}

  /**
   * The text without what no database or terminal should get: control characters become spaces,
   * half characters the replacement character. Spaces around it go.
   */
  static String clean(String text) {
    int length = text.length();
    int i = 0;
    while (i < length && isPlain(text.charAt(i))) {
      i++;
    }
    if (i == length) {
      return text.strip();
    }
    StringBuilder clean = new StringBuilder(length).append(text, 0, i);
    while (i < length) {
      int point = text.codePointAt(i);
      i += Character.charCount(point);
      if (Character.isISOControl(point)) {
        clean.append(' ');
      } else if (point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE) {
        clean.append('\ufffd');
      } else {
        clean.appendCodePoint(point);
      }
    }
    return clean.toString().strip();
  }

  /** At most so many characters, never half of one. */
  static String cut(String text, int max) {
    if (text.length() <= max) {
      return text;
    }
    int end = Character.isHighSurrogate(text.charAt(max - 1)) ? max - 1 : max;
    return text.substring(0, end);
  }

  /** Whether it has more than so many bytes in UTF-8. */
  static boolean isLonger(String text, int bytes) {
    // A char is at most three bytes, so most texts need no counting.
    return text.length() * 3L > bytes && text.getBytes(StandardCharsets.UTF_8).length > bytes;
  }

  /** At most so many bytes in UTF-8, never half a character. */
  static String cutToBytes(String text, int max) {
    if (!isLonger(text, max)) {
      return text;
    }
    int bytes = 0;
    int end = 0;
    while (end < text.length()) {
      int point = text.codePointAt(end);
      bytes += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
      if (bytes > max) {
        break;
      }
      end += Character.charCount(point);
    }
    return text.substring(0, end);
  }

  /** The non-negative number that these digits are, or -1. */
  static long digits(String text) {
    if (text.isEmpty() || text.length() > 18) {
      return -1;
    }
    long value = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < '0' || c > '9') {
        return -1;
      }
      value = value * 10 + (c - '0');
    }
    return value;
  }

  private static boolean isPlain(char c) {
    return c >= 0x20 && c < 0x7f || c > 0x9f && !Character.isSurrogate(c);
  }
}
