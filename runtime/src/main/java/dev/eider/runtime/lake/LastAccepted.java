package dev.eider.runtime.lake;

import dev.eider.runtime.journal.Accepted;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;

/** The last event that each site got for each of its days, since the start. */
final class LastAccepted {

  /** Days of a site that are told apart; far more than a site gets events of between two starts. */
  private static final int MOST_DAYS = 4_000;

  private final Map<String, ConcurrentSkipListMap<LocalDate, Long>> sites =
      new ConcurrentHashMap<>();

  /** Takes note of events that whoever asks from now on sees. One batch at a time. */
  void note(List<Accepted> batch) {
    for (Accepted accepted : batch) {
      ConcurrentSkipListMap<LocalDate, Long> days =
          sites.computeIfAbsent(accepted.event().siteId(), site -> new ConcurrentSkipListMap<>());
      if (days.size() >= MOST_DAYS) {
        days.clear();
        // In every range, so that what was noted for the others is not missed.
        days.put(LocalDate.MIN, accepted.seq());
      }
      days.put(accepted.event().date(), accepted.seq());
    }
  }

  /** The number of the last event for days from the first to the last; 0 where there is none. */
  long of(String siteId, LocalDate first, LocalDate last) {
    ConcurrentSkipListMap<LocalDate, Long> days = sites.get(siteId);
    if (days == null) {
      return 0;
    }
    long all = days.getOrDefault(LocalDate.MIN, 0L);
    return days.subMap(first, true, last, true).values().stream()
        .mapToLong(Long::longValue)
        .reduce(all, Math::max);
  }
}
