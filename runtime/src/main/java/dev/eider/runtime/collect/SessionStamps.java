package dev.eider.runtime.collect;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.eider.runtime.event.Visitor;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Sessions of visitors whose events are kept with rounded times, by which no session could be told:
 * found from exact times before they are rounded. By the same rule as the lake's: events with gaps
 * of at most 30 minutes, from the first that is no engagement on, whose id is the session's. Any
 * thread.
 *
 * <p>In memory only, and for the latest visitors: after a start, or for those who were pushed out,
 * a new session begins.
 */
final class SessionStamps {

  private static final long GAP = Duration.ofMinutes(30).toMillis();
  private static final int REMEMBERED = 200_000;

  private final Cache<Key, Stamp> latest =
      Caffeine.newBuilder()
          .maximumSize(REMEMBERED)
          .expireAfterAccess(Duration.ofMillis(2 * GAP))
          // The upkeep is short, and waking another thread for it is not.
          .executor(Runnable::run)
          .build();

  /** Machines have sessions of their own. */
  private record Key(String siteId, String visitorId, boolean bot) {}

  /**
   * @param session null as long as there was only engagement
   * @param last time of the latest event
   */
  private record Stamp(@Nullable UUID session, long last) {

    boolean reaches(long millis) {
      return Math.abs(millis - last) <= GAP;
    }
  }

  /**
   * The session that an event belongs to, which begins with it if there is none.
   *
   * @param opens whether the event can begin one
   * @param millis its exact time
   */
  Optional<UUID> of(
      String siteId, Visitor visitor, boolean bot, UUID eventId, boolean opens, long millis) {
    @Nullable Stamp before =
        visitor.previousDayId().isEmpty()
            ? null
            : latest.getIfPresent(new Key(siteId, visitor.previousDayId(), bot));
    Stamp now =
        latest
            .asMap()
            .compute(
                new Key(siteId, visitor.id(), bot),
                (key, known) -> next(known == null ? before : known, eventId, opens, millis));
    return Optional.ofNullable(now.session());
  }

  private static Stamp next(@Nullable Stamp known, UUID eventId, boolean opens, long millis) {
    if (known == null || !known.reaches(millis)) {
      return new Stamp(opens ? eventId : null, millis);
    }
    UUID session = known.session();
    return new Stamp(session == null && opens ? eventId : session, Math.max(known.last(), millis));
  }
}
