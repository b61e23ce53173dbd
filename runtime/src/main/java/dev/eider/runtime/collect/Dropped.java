package dev.eider.runtime.collect;

/**
 * An event that a site does not take.
 *
 * @param name of the site, as it was sent
 * @param siteId of the site, or empty where none has that name
 */
public record Dropped(String name, String siteId, DropReason reason) implements Outcome {}
