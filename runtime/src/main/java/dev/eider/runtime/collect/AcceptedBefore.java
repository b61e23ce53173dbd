package dev.eider.runtime.collect;

import java.time.Instant;
import java.util.UUID;

/** Reads what was accepted before the start, so that a repeated event is told over restarts. */
@FunctionalInterface
public interface AcceptedBefore {

  /** High bits of the second half of the ids that are made here, which never come twice. */
  String OUR_MARK = "9de5";

  /** Nothing came before. */
  AcceptedBefore NOTHING = (siteId, since, into) -> {};

  /**
   * Reads what a site accepted since then and is no duplicate. Ids that were made here, whose
   * fourth group is {@link #OUR_MARK}, may be left out where there is no order.
   *
   * @throws Exception when it cannot be read; it is tried again later
   */
  void read(String siteId, Instant since, Sink into) throws Exception;

  /** Takes what was read. */
  @FunctionalInterface
  interface Sink {

    /**
     * One event.
     *
     * @param orderId of a transaction, else empty
     */
    void take(UUID id, String name, String orderId, Instant receivedAt);
  }
}
