package dev.eider.runtime.config;

import java.net.IDN;
import java.util.Locale;
import java.util.regex.Pattern;

/** What a host name looks like in a manifest. */
final class HostNames {

  private static final String LABEL = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?";
  private static final Pattern HOST = Pattern.compile(LABEL + "([.]" + LABEL + ")*");
  private static final int LONGEST = 253;

  private HostNames() {}

  /** As browsers send it: in lower case, and in ASCII where it has other letters. */
  static String ascii(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    if (lower.chars().allMatch(letter -> letter < 0x80)) {
      return lower;
    }
    try {
      return IDN.toASCII(lower, IDN.ALLOW_UNASSIGNED);
    } catch (IllegalArgumentException e) {
      // No host name at all, which whoever looks for it finds out.
      return lower;
    }
  }

  /** The host name in lower case, or a sentence about the setting. */
  static String checked(String setting, String text) {
    String host = text.strip().toLowerCase(Locale.ROOT);
    if (!isHost(host)) {
      throw new ConfigException(
          "%s is '%s'; write a bare host name such as blog.example.com".formatted(setting, text));
    }
    return host;
  }

  /** The same, where {@code *.} may stand for every sub-domain. */
  static String checkedPattern(String setting, String text) {
    String host = text.strip().toLowerCase(Locale.ROOT);
    if (!isHost(host.startsWith("*.") ? host.substring(2) : host)) {
      throw new ConfigException(
          "%s has '%s'; write bare host names such as blog.example.com, or *.example.com for all"
                  .formatted(setting, text)
              + " sub-domains");
    }
    return host;
  }

  private static boolean isHost(String host) {
    return host.length() <= LONGEST && HOST.matcher(host).matches();
  }
}
