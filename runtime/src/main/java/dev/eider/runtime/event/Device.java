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
 * @param brand maker of the device, such as {@code Samsung}
 * @param model its model, such as {@code Galaxy S24}
 */
public record Device(
    String browser,
    String browserVersion,
    String os,
    String osVersion,
    String type,
    String screenSize,
    String brand,
    String model) {

  /** Nothing is known. */
  public static final Device UNKNOWN = new Device("", "", "", "", "", "", "", "");

  /** One whose maker is not known. */
  public Device(
      String browser,
      String browserVersion,
      String os,
      String osVersion,
      String type,
      String screenSize) {
    this(browser, browserVersion, os, osVersion, type, screenSize, "", "");
  }
}
