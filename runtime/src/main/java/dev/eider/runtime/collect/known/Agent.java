package dev.eider.runtime.collect.known;

/**
 * What a user agent's text says. Every part but the type may be empty.
 *
 * @param browser name of the browser
 * @param browserVersion major and minor version
 * @param os name of the operating system
 * @param osVersion major and minor version
 * @param type {@code desktop}, {@code mobile}, {@code tablet}, {@code tv} or {@code console}
 * @param brand who made the device
 * @param model which one it is, as its maker writes it in user agents
 * @param botRule the rule of {@link BotRules} that takes it for a machine
 */
public record Agent(
    String browser,
    String browserVersion,
    String os,
    String osVersion,
    String type,
    String brand,
    String model,
    String botRule) {

  static final Agent NONE = new Agent("", "", "", "", "", "", "", "");

  static Agent of(Software software, Hardware hardware, String botRule) {
    return new Agent(
        software.browser(),
        software.browserVersion(),
        software.os(),
        software.osVersion(),
        hardware.type(),
        hardware.brand(),
        hardware.model(),
        botRule);
  }
}
