package dev.eider.runtime.config;

import java.util.regex.Pattern;

/**
 * A pattern of paths: {@code *} stands for anything within a segment, {@code **} for anything at
 * all, everything else for itself. The whole path has to match, case included.
 *
 * @param pattern as it was written, such as {@code /blog/*} or {@code /admin/**}
 * @param regex the same as a regular expression that Java and RE2 both read, for the whole path
 */
public record Glob(String pattern, String regex) {

  private static final int LONGEST = 1000;

  /**
   * Reads one.
   *
   * @throws ConfigException when it is empty, longer than 1000 characters, or begins neither with a
   *     slash nor with a star
   */
  public static Glob of(String text) {
    String pattern = text.strip();
    if (!pattern.startsWith("/") && !pattern.startsWith("*") || pattern.length() > LONGEST) {
      throw new ConfigException(
          "'%s' is no pattern of paths; begin it with / and use * within a segment, ** across"
                  .formatted(text)
              + " them, as in /blog/* or /admin/**");
    }
    return new Glob(pattern, regexOf(pattern));
  }

  /** Whether nothing in it stands for anything but itself. */
  public boolean isLiteral() {
    return pattern.indexOf('*') < 0;
  }

  /** The expression, compiled; for whole matches. */
  public Pattern compiled() {
    return Pattern.compile(regex, Pattern.DOTALL);
  }

  private static String regexOf(String pattern) {
    StringBuilder regex = new StringBuilder(pattern.length() + 16);
    for (int i = 0; i < pattern.length(); i++) {
      char c = pattern.charAt(i);
      if (c != '*') {
        // RE2 and Java both take an escaped sign; letters and digits must not be escaped.
        if (c < 128 && !Character.isLetterOrDigit(c) && c != '/' && c != '_' && c != '-') {
          regex.append('\\');
        }
        regex.append(c);
      } else if (pattern.startsWith("**", i)) {
        regex.append("(?s:.*)");
        while (i + 1 < pattern.length() && pattern.charAt(i + 1) == '*') {
          i++;
        }
      } else {
        regex.append("[^/]*");
      }
    }
    return regex.toString();
  }
}
