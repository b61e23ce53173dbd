package dev.eider.runtime.collect.known;

/**
 * The browser and the system below it. Every part may be empty.
 *
 * @param browser name of the browser
 * @param browserVersion major and minor version
 * @param os name of the operating system
 * @param osVersion major and minor version
 */
record Software(String browser, String browserVersion, String os, String osVersion) {}
