package dev.eider.runtime.lake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eider.runtime.event.Event;
import dev.eider.runtime.journal.Accepted;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;

/** What a lake was given for its only site, and has to have, once. */
final class Ledger {

  static final String SITE = "a";
  static final Instant NOON = Instant.parse("2026-05-04T12:00:00Z");

  private final List<Accepted> journal = new CopyOnWriteArrayList<>();
  private long seq;

  /** Hands all of it on once more, as a journal does. */
  Replay replay() {
    return (after, through, into) ->
        into.accept(
            journal.stream().filter(row -> row.seq() > after && row.seq() <= through).toList());
  }

  /** How much was accepted. */
  long accepted() {
    return seq;
  }

  /** Gives some small events. */
  void accept(Lake lake, int events) {
    List<Event> batch = new ArrayList<>();
    for (int i = 0; i < events; i++) {
      batch.add(Samples.view(SITE, "v" + i % 3, NOON.plusSeconds(seq * 60 + i), "/" + i));
    }
    accept(lake, batch);
  }

  /** Gives some 12 MB that do not compress. */
  void acceptLarge(Lake lake, Instant from) {
    Random random = new Random(seq);
    List<Event> batch = new ArrayList<>();
    for (int i = 0; i < 6_000; i++) {
      byte[] noise = new byte[1_500];
      random.nextBytes(noise);
      String path = "/" + Base64.getUrlEncoder().encodeToString(noise);
      batch.add(Samples.view(SITE, "v" + i % 300, from.plusSeconds(i), path));
    }
    accept(lake, batch);
  }

  private void accept(Lake lake, List<Event> batch) {
    List<Accepted> accepted = Samples.numbered(seq + 1, batch);
    journal.addAll(accepted);
    lake.accept(accepted);
    seq += batch.size();
  }

  /** Everything is counted once. */
  void check(Lake lake, String when) throws Exception {
    assertThat(Samples.count(lake, SITE)).as(when).isEqualTo(seq);
  }

  /** Everything is counted once, also when all that can be done was done. */
  void checkToTheEnd(Lake lake) throws Exception {
    check(lake, "before the last flush");
    lake.flush();
    lake.settle(Steps.UNOBSERVED);
    lake.compact(Steps.UNOBSERVED);
    lake.expire(0, false, Steps.UNOBSERVED);
    lake.cleanup(0, false, Steps.UNOBSERVED);
    assertThat(lake.hotRows()).as("rows that are not flushed").isZero();
    assertThat(lake.recentFiles()).as("files that are not settled").isZero();
    assertThat(lake.unreadable()).as("files that were set aside").isEmpty();
    check(lake, "at the end");
    try (LakeView view = lake.view(SITE)) {
      assertThat(
              Sql.number(
                  view.connection(), "SELECT count(DISTINCT event_id) FROM " + view.events()))
          .as("different events at the end")
          .isEqualTo(seq);
    }
  }

  /** Flush, settle and compact, in this order. */
  static List<Runnable> verbs(Lake lake) {
    return List.of(
        lake::flush, () -> lake.settle(Steps.UNOBSERVED), () -> lake.compact(Steps.UNOBSERVED));
  }
}
