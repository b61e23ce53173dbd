package dev.eider.runtime.collect;

import java.util.List;

/**
 * What was seen of a request and what would become of its event. Nothing was kept.
 *
 * @param client address that visitors are told apart by
 * @param peer address of the other end of the connection
 * @param forwardedFor {@code X-Forwarded-For}, left to right; entries up to the first that is no
 *     trusted proxy, from the right, were believed
 * @param fates one for each site that was named; none unless a key was shown
 */
public record Explanation(String client, String peer, List<String> forwardedFor, List<Fate> fates) {

  public Explanation {
    forwardedFor = List.copyOf(forwardedFor);
    fates = List.copyOf(fates);
  }

  /**
   * What would become of it on one site.
   *
   * @param name of the site, as it was sent
   * @param kept whether it would be kept
   * @param reason why it would not, or the rule that takes its sender for a bot, in one word, or
   *     empty
   * @param notes for people, each a sentence
   */
  public record Fate(String name, boolean kept, String reason, List<String> notes) {

    public Fate {
      notes = List.copyOf(notes);
    }
  }
}
