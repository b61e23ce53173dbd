package dev.eider.runtime.collect;

import dev.eider.runtime.event.Source;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Where a visitor came from: names for well-known hosts from {@code sources.txt}, and the host
 * itself for all others.
 */
final class Referrers {

  private static final Set<String> SECOND_LEVEL = Set.of("co", "com", "net", "org");

  /** By host, without {@code www.}. */
  private final Map<String, String> byHost = new HashMap<>();

  /** By a name that stands under many top-level domains, as in {@code google.*}. */
  private final Map<String, String> byName = new HashMap<>();

  /** By what people write into utm_source and ref, lower case. */
  private final Map<String, String> byWord = new HashMap<>();

  Referrers() {
    try (InputStream in = Referrers.class.getResourceAsStream("sources.txt")) {
      if (in == null) {
        throw new IOException("sources.txt is not on the class path");
      }
      new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))
          .lines()
          .filter(line -> !line.isBlank() && !line.startsWith("#"))
          .forEach(this::add);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Puts together what the page's address and the referrer say. */
  Source of(PageUrl page, String referrer) {
    String utmSource = page.parameter("utm_source");
    if (utmSource.isEmpty()) {
      utmSource = page.parameter("ref");
    }
    if (utmSource.isEmpty()) {
      utmSource = page.parameter("source");
    }
    PageUrl from = PageUrl.parse(referrer);
    boolean own = from.host().isEmpty() || from.host().equals(page.host());
    String address = own ? "" : address(from);
    String name = utmSource.isEmpty() ? own ? "" : nameOfHost(from.host()) : nameOfWord(utmSource);
    if (address.isEmpty() && name.isEmpty() && page.query().isEmpty()) {
      return Source.DIRECT;
    }
    return new Source(
        address,
        name,
        utmSource,
        page.parameter("utm_medium"),
        page.parameter("utm_campaign"),
        page.parameter("utm_content"),
        page.parameter("utm_term"));
  }

  /** Host and path; the query string of somebody else's page is nobody's business. */
  private static String address(PageUrl from) {
    String path = Text.clean(from.path());
    while (path.endsWith("/")) {
      path = path.substring(0, path.length() - 1);
    }
    return from.host() + path;
  }

  private String nameOfHost(String host) {
    String at = host;
    while (true) {
      String name = byHost.get(at);
      if (name != null) {
        return name;
      }
      int dot = at.indexOf('.');
      if (dot < 0) {
        return nameByLabel(host);
      }
      at = at.substring(dot + 1);
    }
  }

  /** {@code google} in {@code www.google.co.uk}, but not in {@code google.example.com}. */
  private String nameByLabel(String host) {
    String[] labels = host.split("\\.", -1);
    for (int i = Math.max(0, labels.length - 3); i < labels.length - 1; i++) {
      String name = byName.get(labels[i]);
      if (name != null && (i == labels.length - 2 || SECOND_LEVEL.contains(labels[i + 1]))) {
        return name;
      }
    }
    return host;
  }

  private String nameOfWord(String word) {
    String lower = word.toLowerCase(Locale.ROOT);
    String name = byWord.get(lower);
    if (name != null) {
      return name;
    }
    return lower.indexOf('.') > 0 && lower.indexOf(' ') < 0
        ? nameOfHost(lower.startsWith("www.") ? lower.substring(4) : lower)
        : word;
  }

  private void add(String line) {
    String[] parts = line.split("\\s*[:,]\\s*");
    String name = parts[0].strip();
    byWord.put(name.toLowerCase(Locale.ROOT), name);
    for (int i = 1; i < parts.length; i++) {
      String key = parts[i].strip();
      if (key.startsWith("=")) {
        byWord.put(key.substring(1), name);
      } else if (key.endsWith(".*")) {
        byName.put(key.substring(0, key.length() - 2), name);
      } else {
        byHost.put(key, name);
      }
    }
  }
}
