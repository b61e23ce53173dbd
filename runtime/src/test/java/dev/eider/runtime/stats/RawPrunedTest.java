package dev.eider.runtime.stats;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eider.runtime.lake.RolledDay;
import dev.eider.runtime.lake.RolledDay.State;
import dev.eider.runtime.lake.RolledUp;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is said of rows that are gone: from when on something can be asked. */
class RawPrunedTest {

  private static final LocalDate FIRST = LocalDate.parse("2026-03-01");
  private static final String ROWS_ARE_GONE =
      "the rows of this site before 2026-03-03 were removed by its retention policy, and ";

  private static void refuse(RawPruned.Instead instead, State... states) {
    List<RolledDay> days = new ArrayList<>();
    for (State state : states) {
      LocalDate date = FIRST.plusDays(days.size());
      days.add(
          new RolledDay(
              date,
              state,
              1,
              start(date),
              start(date.plusDays(1)),
              start(date),
              start(date.plusDays(1)),
              "",
              ""));
    }
    RawPruned.refuse(
        new RolledUp(days, (columns, first, last) -> "", List.of()),
        new TimeRange(start(FIRST), start(FIRST.plusDays(states.length)), ZoneOffset.UTC),
        instead);
  }

  private static Instant start(LocalDate date) {
    return date.atStartOfDay(ZoneOffset.UTC).toInstant();
  }

  @Test
  void whereAllSumsAreKept() {
    assertThatThrownBy(
            () -> refuse(RawPruned.Instead.OTHER_DAYS, State.KEPT, State.KEPT, State.BUILT))
        .hasMessage(
            ROWS_ARE_GONE
                + "sums of days do not cover all of this date_range; ask from 2026-03-03 on, or for whole days of the site's calendar before it");
  }

  @Test
  void whereTheOldestSumsAreGone() {
    assertThatThrownBy(
            () -> refuse(RawPruned.Instead.OTHER_DAYS, State.GONE, State.KEPT, State.BUILT))
        .hasMessage(
            ROWS_ARE_GONE
                + "sums of days do not cover all of this date_range; ask from 2026-03-03 on, or for whole days of the site's calendar before it (from 2026-03-02 on: of some days before there are no sums)");
    assertThatThrownBy(
            () -> refuse(RawPruned.Instead.ANOTHER_FORM, State.GONE, State.KEPT, State.BUILT))
        .hasMessageStartingWith(
            ROWS_ARE_GONE
                + "sums of days cannot answer this; ask from 2026-03-03 on, or for whole days ")
        .hasMessageEndingWith(" (from 2026-03-02 on: of some days before there are no sums)");
  }

  @Test
  void whereNoSumsAreLeft() {
    assertThatThrownBy(
            () -> refuse(RawPruned.Instead.OTHER_DAYS, State.GONE, State.GONE, State.BUILT))
        .hasMessage(ROWS_ARE_GONE + "so were its sums of days; ask from 2026-03-03 on");
  }
}
