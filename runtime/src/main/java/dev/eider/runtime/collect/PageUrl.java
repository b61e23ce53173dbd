package dev.eider.runtime.collect;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The parts of an address, read leniently: browsers send what no strict parser takes.
 *
 * @param scheme lower case, or empty for a relative address
 * @param host lower case, without user, port, {@code www.} and a dot at its end; or empty
 * @param authority host and port as sent, lower case; or empty
 * @param path as sent, percent-encoded; empty or beginning with a slash
 * @param query without the question mark, or empty
 * @param fragment without the hash and a query of its own, or empty
 */
record PageUrl(
    String scheme, String host, String authority, String path, String query, String fragment) {

  private static final Set<String> CAMPAIGN_PARAMETERS =
      Set.of("utm_source", "utm_medium", "utm_campaign", "utm_content", "utm_term");

  private static final Set<String> KEPT_PARAMETERS =
      Set.of(
          "utm_source", "utm_medium", "utm_campaign", "utm_content", "utm_term", "ref", "source");

  /** Who signs in elsewhere comes back with these in the fragment (RFC 6749, 4.2.2). */
  private static final Pattern TOKEN =
      Pattern.compile("(?:^|[&/])(?:access|id|refresh)_token=", Pattern.CASE_INSENSITIVE);

  static PageUrl parse(String url) {
    String rest = url;
    String fragment = "";
    int hash = rest.indexOf('#');
    if (hash >= 0) {
      fragment = rest.substring(hash + 1);
      int routeEnd = fragment.indexOf('?');
      if (routeEnd >= 0) {
        // Where the fragment is the page, what follows is its query, which no page keeps.
        fragment = fragment.substring(0, routeEnd);
      }
      if (TOKEN.matcher(fragment).find()) {
        fragment = "";
      }
      rest = rest.substring(0, hash);
    }
    String query = "";
    int mark = rest.indexOf('?');
    if (mark >= 0) {
      query = rest.substring(mark + 1);
      rest = rest.substring(0, mark);
    }
    String scheme = scheme(rest);
    if (!scheme.isEmpty()) {
      rest = rest.substring(scheme.length() + 1);
    }
    String authority = "";
    if (rest.startsWith("//")) {
      int slash = rest.indexOf('/', 2);
      authority = rest.substring(2, slash < 0 ? rest.length() : slash);
      rest = slash < 0 ? "" : rest.substring(slash);
      authority =
          authority.substring(authority.lastIndexOf('@') + 1).toLowerCase(Locale.ROOT).strip();
    }
    if (!rest.isEmpty() && !rest.startsWith("/")) {
      rest = "/" + rest;
    }
    return new PageUrl(
        scheme.toLowerCase(Locale.ROOT), host(authority), authority, rest, query, fragment);
  }

  PageUrl withoutFragment() {
    return fragment.isEmpty() ? this : new PageUrl(scheme, host, authority, path, query, "");
  }

  PageUrl withQuery(String other) {
    return new PageUrl(scheme, host, authority, path, other, fragment);
  }

  /**
   * The address without some parameters of its query string.
   *
   * @param names lower case; compared without regard to case
   */
  PageUrl without(List<String> names) {
    if (names.isEmpty() || query.isEmpty()) {
      return this;
    }
    StringBuilder left = new StringBuilder(query.length());
    for (String part : query.split("&", -1)) {
      int equals = part.indexOf('=');
      String name = equals < 0 ? part : part.substring(0, equals);
      if (!names.contains(decode(name, true).toLowerCase(Locale.ROOT))) {
        left.append(left.isEmpty() ? "" : "&").append(part);
      }
    }
    return new PageUrl(scheme, host, authority, path, left.toString(), fragment);
  }

  /** The path for people: decoded, with the fragment if there is one, never empty. */
  String pathname() {
    String decoded = Text.clean(decode(path, false));
    String pathname = decoded.isEmpty() ? "/" : decoded;
    return fragment.isEmpty() ? pathname : pathname + "#" + fragment;
  }

  /**
   * The address without what may name a person: of the query string only the parameters that say
   * where visitors come from are left.
   */
  String withoutPrivateParts() {
    return with(KEPT_PARAMETERS);
  }

  /** The same with nothing but {@code utm_*} of the query string. */
  String withCampaignOnly() {
    return with(CAMPAIGN_PARAMETERS);
  }

  private String with(Set<String> parameters) {
    StringBuilder url = new StringBuilder();
    if (!scheme.isEmpty()) {
      url.append(scheme).append(':');
    }
    if (!authority.isEmpty()) {
      url.append("//").append(authority);
    }
    url.append(path);
    char separator = '?';
    for (String part : query.isEmpty() ? new String[0] : query.split("&", -1)) {
      int equals = part.indexOf('=');
      if (equals > 0 && parameters.contains(part.substring(0, equals).toLowerCase(Locale.ROOT))) {
        url.append(separator).append(part);
        separator = '&';
      }
    }
    if (!fragment.isEmpty()) {
      url.append('#').append(fragment);
    }
    return url.toString();
  }

  /** The value of a query parameter, whose name may be in any case, decoded; or empty. */
  String parameter(String name) {
    int from = 0;
    while (from < query.length()) {
      int to = query.indexOf('&', from);
      if (to < 0) {
        to = query.length();
      }
      int nameEnd = from + name.length();
      if (nameEnd < to
          && query.charAt(nameEnd) == '='
          && query.regionMatches(true, from, name, 0, name.length())) {
        return Text.clean(decode(query.substring(nameEnd + 1, to), true));
      }
      from = to + 1;
    }
    return "";
  }

  /** Decodes what is rightly encoded and leaves the rest as it is. */
  static String decode(String text, boolean plusIsSpace) {
    if (text.indexOf('%') < 0) {
      return plusIsSpace ? text.replace('+', ' ') : text;
    }
    StringBuilder decoded = new StringBuilder(text.length());
    byte[] run = new byte[text.length() / 3];
    int i = 0;
    while (i < text.length()) {
      int start = i;
      int length = 0;
      while (isEncoded(text, i)) {
        run[length++] =
            (byte)
                (Character.digit(text.charAt(i + 1), 16) << 4
                    | Character.digit(text.charAt(i + 2), 16));
        i += 3;
      }
      if (length > 0) {
        try {
          decoded.append(
              StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(run, 0, length)));
        } catch (CharacterCodingException e) {
          decoded.append(text, start, i);
        }
      } else {
        char c = text.charAt(i++);
        decoded.append(plusIsSpace && c == '+' ? ' ' : c);
      }
    }
    return decoded.toString();
  }

  private static boolean isEncoded(String text, int at) {
    return at + 2 < text.length()
        && text.charAt(at) == '%'
        && Character.digit(text.charAt(at + 1), 16) >= 0
        && Character.digit(text.charAt(at + 2), 16) >= 0;
  }

  private static String scheme(String url) {
    for (int i = 0; i < url.length(); i++) {
      char c = url.charAt(i);
      if (c == ':') {
        return url.substring(0, i);
      }
      boolean letter = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
      if (!letter && (i == 0 || !(c >= '0' && c <= '9' || c == '+' || c == '-' || c == '.'))) {
        return "";
      }
    }
    return "";
  }

  private static String host(String authority) {
    int port = authority.lastIndexOf(':');
    String host = port > authority.lastIndexOf(']') ? authority.substring(0, port) : authority;
    // The root of all names is seldom written, and names the same host.
    String name = host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
    return name.startsWith("www.") ? name.substring(4) : name;
  }
}
