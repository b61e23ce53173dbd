package dev.eider.runtime.event;

/**
 * Where it happened.
 *
 * @param url the page's address without dropped parameters, or empty
 * @param pathname the decoded path; never empty
 * @param hostname the host name, {@code (none)} where the address has none
 * @param title the page's title, or empty
 */
public record Page(String url, String pathname, String hostname, String title) {}
