package dev.eider.runtime.collect.known;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The user agents that nearly everybody has, read in microseconds where the library's hundreds of
 * patterns take a millisecond. Only what fits from its first to its last character is read here,
 * and a test holds that the library says the same.
 */
final class CommonAgents {

  private record Kind(Pattern pattern, Function<MatchResult, Software> software) {}

  private static final String WEBKIT = " AppleWebKit/[\\d.]+ \\(KHTML, like Gecko\\) ";
  private static final String VERSION = "(\\d{1,4})\\.(\\d{1,4})[.\\d]{0,20}";
  private static final String DESKTOP =
      "(Windows NT 10\\.0; Win64; x64|Macintosh; Intel Mac OS X 10[_.]\\d\\d?[_.\\d]{0,4}"
          + "|X11; Linux x86_64)";

  private static final List<Kind> KINDS =
      List.of(
          new Kind(
              Pattern.compile(
                  "Mozilla/5\\.0 \\("
                      + DESKTOP
                      + "\\)"
                      + WEBKIT
                      + "Chrome/"
                      + VERSION
                      + " Safari/537\\.36"),
              found -> desktop("Chrome", found.group(2), found.group(3), found.group(1))),
          new Kind(
              Pattern.compile(
                  "Mozilla/5\\.0 \\("
                      + DESKTOP
                      + "\\)"
                      + WEBKIT
                      + "Chrome/[.\\d]{1,20} Safari/537\\.36 Edg/"
                      + VERSION),
              found -> desktop("Edge", found.group(2), found.group(3), found.group(1))),
          new Kind(
              Pattern.compile(
                  "Mozilla/5\\.0 \\("
                      + DESKTOP
                      + "; rv:[.\\d]{1,9}\\) Gecko/20100101 Firefox/(\\d{1,4})\\.(\\d{1,4})"),
              found -> desktop("Firefox", found.group(2), found.group(3), found.group(1))),
          new Kind(
              Pattern.compile(
                  "Mozilla/5\\.0 \\((Macintosh; Intel Mac OS X 10_\\d\\d?[_\\d]{0,4})\\)"
                      + WEBKIT
                      + "Version/"
                      + VERSION
                      + " Safari/[.\\d]{1,12}"),
              found -> desktop("Safari", found.group(2), found.group(3), found.group(1))),
          new Kind(
              Pattern.compile(
                  "Mozilla/5\\.0 \\((?:iPhone; CPU iPhone|iPad; CPU) OS (\\d\\d?)_(\\d\\d?)[_\\d]{0,4}"
                      + " like Mac OS X\\)"
                      + WEBKIT
                      + "Version/"
                      + VERSION
                      + " Mobile/\\w{1,10} Safari/[.\\d]{1,12}"),
              found ->
                  new Software(
                      "Safari",
                      found.group(3) + "." + found.group(4),
                      "iOS",
                      found.group(1) + "." + found.group(2))),
          new Kind(
              Pattern.compile(
                  "Mozilla/5\\.0 \\(Linux; Android (\\d\\d?); (?:K|Pixel [ \\w]{1,12}|SM-\\w{1,8})\\)"
                      + WEBKIT
                      + "Chrome/"
                      + VERSION
                      + " (?:Mobile )?Safari/537\\.36"),
              found ->
                  new Software(
                      "Chrome", found.group(2) + "." + found.group(3), "Android", found.group(1))));

  private CommonAgents() {}

  /** What it was seen with, if it is one of these. */
  static Optional<Software> of(String userAgent) {
    for (Kind kind : KINDS) {
      Matcher matcher = kind.pattern().matcher(userAgent);
      if (matcher.matches()) {
        return Optional.of(kind.software().apply(matcher));
      }
    }
    return Optional.empty();
  }

  private static Software desktop(String browser, String major, String minor, String system) {
    String version = major + "." + minor;
    return switch (system.charAt(0)) {
      case 'W' -> new Software(browser, version, "Windows", "10");
      case 'M' -> new Software(browser, version, "macOS", macVersion(system));
      default -> new Software(browser, version, "Linux", "");
    };
  }

  /** {@code 10.15} of {@code Macintosh; Intel Mac OS X 10_15_7}. */
  private static String macVersion(String system) {
    String[] parts = system.substring(system.lastIndexOf(' ') + 1).split("[_.]", -1);
    return parts[0] + "." + parts[1];
  }
}
