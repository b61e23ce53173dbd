package dev.eider.runtime.collect.known;

import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * What Chromium's browsers say beside a user agent that is the same for all of them (RFC 8942, User
 * Agent Client Hints). Every part may be empty.
 *
 * @param platform such as {@code Windows}
 * @param platformVersion such as {@code 15.0.0}; Windows 11 is 13 and above
 * @param model such as {@code Pixel 9}
 * @param brands as they were sent, such as {@code "Brave";v="141", "Chromium";v="141"}
 */
public record ClientHints(String platform, String platformVersion, String model, String brands) {

  /** None were sent. */
  public static final ClientHints NONE = new ClientHints("", "", "", "");

  private static final int MAX_LENGTH = 64;
  private static final int MOST_BRANDS = 20;

  /** Brands that say what the user agent hides. */
  private static final String[] HIDDEN = {"Brave", "DuckDuckGo", "Vivaldi", "Opera GX"};

  /**
   * Reads the headers.
   *
   * @param headers value by lower-case name, empty where there is none
   */
  public static ClientHints of(UnaryOperator<String> headers) {
    String brands = headers.apply("sec-ch-ua");
    String platform = headers.apply("sec-ch-ua-platform");
    String model = headers.apply("sec-ch-ua-model");
    if (brands.isEmpty() && platform.isEmpty() && model.isEmpty()) {
      return NONE;
    }
    return new ClientHints(
        string(platform),
        string(headers.apply("sec-ch-ua-platform-version")),
        string(model),
        brands);
  }

  /**
   * What a page's script was told and sends along.
   *
   * @param brands names of the browser, such as {@code Brave} and {@code Chromium}
   */
  public static ClientHints told(
      String platform, String platformVersion, String model, List<String> brands) {
    return new ClientHints(
        plain(platform),
        plain(platformVersion),
        plain(model),
        brands.stream()
            .limit(MOST_BRANDS)
            .map(brand -> '"' + plain(brand) + '"')
            .collect(Collectors.joining(", ")));
  }

  /** The agent with what the hints know better. */
  public Agent refine(Agent agent) {
    if (this == NONE) {
      return agent;
    }
    String browser = browser(agent);
    String os = agent.os();
    String osVersion = agent.osVersion();
    int major = major(platformVersion);
    if (platform.equals("Windows") && os.equals("Windows") && major > 0) {
      osVersion = major >= 13 ? "11" : "10";
    } else if (platform.equals("Android") && os.equals("Android") && major > 0) {
      osVersion = String.valueOf(major);
    } else if (platform.equals("macOS") && os.equals("macOS") && major > 10) {
      osVersion = String.valueOf(major);
    }
    Hardware hardware =
        model.isEmpty() || !agent.model().isEmpty() && !agent.model().equals("K")
            ? new Hardware(agent.type(), agent.brand(), agent.model())
            : DeviceMakers.of(agent.type(), model);
    return new Agent(
        browser,
        agent.browserVersion(),
        os,
        osVersion,
        hardware.type(),
        hardware.brand(),
        hardware.model(),
        agent.botRule());
  }

  private String browser(Agent agent) {
    if (agent.browser().equals("Chrome") && !brands.isEmpty()) {
      for (String brand : HIDDEN) {
        if (brands.contains("\"" + brand + "\"")) {
          return brand;
        }
      }
    }
    return agent.browser();
  }

  private static int major(String version) {
    int value = 0;
    for (int i = 0; i < version.length() && i < 4; i++) {
      char c = version.charAt(i);
      if (c < '0' || c > '9') {
        break;
      }
      value = value * 10 + (c - '0');
    }
    return value;
  }

  /** A structured header's string without its quotes; anything odd is left out. */
  private static String string(String value) {
    String text = value.strip();
    if (text.length() < 2 || text.length() > MAX_LENGTH || text.charAt(0) != '"') {
      return "";
    }
    int end = text.indexOf('"', 1);
    return end < 0 ? "" : plain(text.substring(1, end));
  }

  private static String plain(String text) {
    String inner = text.strip();
    return inner.length() <= MAX_LENGTH
            && inner.chars().allMatch(c -> c >= 0x20 && c < 0x7f && c != '\\' && c != '"')
        ? inner
        : "";
  }
}
