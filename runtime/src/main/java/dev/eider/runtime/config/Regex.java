package dev.eider.runtime.config;

import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** Regular expressions of settings: what both Java and RE2 read. */
public final class Regex {

  private Regex() {}

  /**
   * Looks at one.
   *
   * @param field which setting it is of, for the sentence
   * @throws ConfigException when it is none
   */
  public static void check(String field, String regex) {
    try {
      Pattern.compile(regex);
    } catch (PatternSyntaxException e) {
      throw new ConfigException(
          "%s is '%s', which is no regular expression: %s"
              .formatted(field, regex, e.getDescription()),
          e);
    }
    // Java reads these, RE2, which answers in time that grows with the text only, does not.
    if (Pattern.compile("\\(\\?(<?[=!]|>)|\\\\[1-9]|\\\\k<|[*+?}]\\+").matcher(regex).find()) {
      throw new ConfigException(
          "%s is '%s'; RE2's regular expressions have no look-around, no back references and no"
                  .formatted(field, regex)
              + " possessive quantifiers");
    }
  }
}
