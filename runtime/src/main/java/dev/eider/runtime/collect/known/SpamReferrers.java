package dev.eider.runtime.collect.known;

import java.util.HashSet;
import java.util.Set;

/**
 * Hosts that are sent as referrers to lure who reads statistics to them. The list is that of the
 * Matomo community, in {@code spam-referrers.txt}.
 */
public final class SpamReferrers {

  private final Set<String> hosts = new HashSet<>();

  /** Reads the list. */
  public SpamReferrers() {
    Lines.forEach("spam-referrers.txt", hosts::add);
  }

  /**
   * Whether this host, or one that it lies below, is on the list.
   *
   * @param host lower case, without {@code www.}; may be empty
   */
  public boolean contains(String host) {
    int from = 0;
    while (true) {
      if (hosts.contains(from == 0 ? host : host.substring(from))) {
        return true;
      }
      int dot = host.indexOf('.', from);
      if (dot < 0) {
        return false;
      }
      from = dot + 1;
    }
  }
}
