package dev.eider.runtime.collect.known;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;
import ua_parser.OS;
import ua_parser.Parser;
import ua_parser.UserAgent;

/**
 * Reads user agents. A reading of an uncommon one tries hundreds of patterns, so the latest ones
 * are remembered, in memory only and for at most an hour after their last use.
 */
public final class Agents {

  /** What is longer is no browser's; cut, so that patterns do not run over kilobytes. */
  private static final int MAX_LENGTH = 512;

  private static final int REMEMBERED = 20_000;

  private static final Map<String, String> BROWSERS =
      Map.ofEntries(
          Map.entry("Chrome Mobile", "Chrome"),
          Map.entry("Chrome Mobile iOS", "Chrome"),
          Map.entry("Chrome Mobile WebView", "Chrome WebView"),
          Map.entry("Mobile Safari", "Safari"),
          Map.entry("Mobile Safari UI/WKWebView", "Safari WebView"),
          Map.entry("Firefox Mobile", "Firefox"),
          Map.entry("Firefox iOS", "Firefox"),
          Map.entry("Edge Mobile", "Edge"),
          Map.entry("Opera Mobile", "Opera"),
          Map.entry("Yandex Browser", "Yandex"),
          Map.entry("Android", "Android Browser"),
          Map.entry("Other", ""));

  private static final Map<String, String> SYSTEMS =
      Map.of("Mac OS X", "macOS", "Web0S", "webOS", "Other", "");

  private final BotRules rules = new BotRules();
  private final FutureTask<Parser> parser = new FutureTask<>((Callable<Parser>) Agents::load);
  private final LoadingCache<String, Agent> known =
      Caffeine.newBuilder()
          .maximumSize(REMEMBERED)
          .expireAfterAccess(Duration.ofHours(1))
          // The upkeep is short, and waking another thread for it is not.
          .executor(Runnable::run)
          .build(this::read);

  /**
   * What this user agent says; {@link Agent#type} is empty only where there is none.
   *
   * @param userAgent the header's value, or empty; control characters count as spaces
   */
  public Agent of(String userAgent) {
    if (userAgent.isBlank()) {
      return Agent.NONE;
    }
    return known.get(
        userAgent.length() > MAX_LENGTH ? userAgent.substring(0, MAX_LENGTH) : userAgent);
  }

  private Agent read(String userAgent) {
    String plain = plain(userAgent);
    Software software = CommonAgents.of(plain).orElseGet(() -> byLibrary(plain));
    return Agent.of(software, Hardware.of(plain), rules.of(plain));
  }

  /** Without what no database or terminal should get, as parts of it become names. */
  private static String plain(String userAgent) {
    StringBuilder plain = new StringBuilder(userAgent.length());
    for (int i = 0; i < userAgent.length(); i++) {
      char c = userAgent.charAt(i);
      plain.append(Character.isISOControl(c) || Character.isSurrogate(c) ? ' ' : c);
    }
    return plain.toString().strip();
  }

  /** By the library's patterns, which are loaded when the first one needs them. */
  Software byLibrary(String userAgent) {
    Parser loaded = parser();
    UserAgent browser = loaded.parseUserAgent(userAgent);
    OS os = loaded.parseOS(userAgent);
    String browserName = BROWSERS.getOrDefault(browser.family, browser.family);
    String osName = SYSTEMS.getOrDefault(os.family, os.family);
    return new Software(
        browserName.strip(),
        browserName.isEmpty() ? "" : version(browser.major, browser.minor),
        osName.strip(),
        osName.isEmpty() ? "" : version(os.major, os.minor));
  }

  private static String version(@Nullable String major, @Nullable String minor) {
    if (major == null) {
      return "";
    }
    return (minor == null ? major : major + "." + minor).strip();
  }

  private Parser parser() {
    // Does it the first time, waits while another does it, and costs nothing after that.
    parser.run();
    try {
      return parser.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while the browser patterns were loaded", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException("the browser patterns could not be loaded", e.getCause());
    }
  }

  /**
   * The library's patterns without those for makes of devices, which are most of them and are not
   * used here.
   */
  private static Parser load() {
    try (InputStream in = Parser.class.getResourceAsStream("/ua_parser/regexes.yaml")) {
      if (in == null) {
        throw new IOException("ua_parser/regexes.yaml is not on the class path");
      }
      String all = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      int devices = all.indexOf("\ndevice_parsers:");
      String needed =
          devices < 0
              ? all
              : all.substring(0, devices)
                  + "\ndevice_parsers:\n  - regex: '^$'\n    device_replacement: 'none'\n";
      return new Parser(new ByteArrayInputStream(needed.getBytes(StandardCharsets.UTF_8)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
