package dev.eider.runtime.event;

/**
 * What it was seen with. Every part may be empty.
 *
 * @param browser name of the browser
 * @param browserVersion major and minor version
 * @param os name of the operating system
 * @param osVersion its version
 * @param type {@code desktop}, {@code mobile} or {@code tablet}
 * @param screenSize viewport width in pixels
 */
public record Device(
    String browser,
    String browserVersion,
    String os,
    String osVersion,
    String type,
    String screenSize) {

  /** Nothing is known. */
  public static final Device UNKNOWN = new Device("", "", "", "", "", "");
}
