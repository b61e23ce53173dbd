package dev.eider.runtime.event;

/**
 * Who it was, for one site day.
 *
 * @param id hex HMAC-SHA256 over address, user agent and site under the site day's salt
 * @param previousDayId in the first 30 minutes of a site day, the id under the day before's salt,
 *     so that a visit over midnight stays one; otherwise empty. Dropped at settle.
 */
public record Visitor(String id, String previousDayId) {}
