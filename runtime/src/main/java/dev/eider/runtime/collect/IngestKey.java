package dev.eider.runtime.collect;

/**
 * A key that came with a request. Whoever shows the ingest key of a site may say when an event
 * happened and who the visitor was.
 */
@FunctionalInterface
public interface IngestKey {

  /** No key came. */
  IngestKey NONE = siteId -> false;

  /**
   * Whether it is the ingest key of this site. An event for a site whose key it is not is rejected
   * with 401.
   */
  boolean opens(String siteId);

  /**
   * Whether it can only have been meant for us. Else it is, for a site that it does not open, as
   * good as none: senders of some protocols show what another server wants to see.
   */
  default boolean meantForUs() {
    return true;
  }
}
