package dev.eider.runtime.config;

import java.util.Locale;
import java.util.regex.Pattern;

/** What a host name looks like in a manifest. */
final class HostNames {

  private static final String LABEL = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?";
  private static final Pattern HOST = Pattern.compile(LABEL + "([.]" + LABEL + ")*");
  private static final int LONGEST = 253;

  private HostNames() {}

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
