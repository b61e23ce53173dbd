package dev.eider.runtime.lake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eider.runtime.disk.Disk;
import dev.eider.runtime.event.Event;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettleTest {

  private static final Instant NOON = Instant.parse("2026-05-04T12:00:00Z");

  @TempDir Path data;
  private long seq = 1;

  @Test
  void bringsRowsToTheirSiteAndDay() throws Exception {
    try (Lake lake = open()) {
      List<Event> events = new ArrayList<>();
      for (int i = 0; i < 3000; i++) {
        events.add(
            Samples.view("site-" + i % 3, "v" + i % 50, NOON.plusSeconds(i * 40L), "/" + i % 9));
      }
      accept(lake, events);
      lake.flush();
      SettleReport report = lake.settle(Steps.UNOBSERVED);
      assertThat(report.rows()).isEqualTo(3000);
      assertThat(lake.recentFiles()).isZero();
      assertThat(Samples.count(lake, "site-1")).isEqualTo(1000);
      try (LakeView view = lake.view("site-1")) {
        assertThat(
                Sql.number(
                    view.connection(),
                    "SELECT count(*) FROM read_parquet('%s/open/*/*/*.parquet')".formatted(data)))
            .isEqualTo(3000);
        assertThat(
                Sql.number(
                    view.connection(),
                    "SELECT count(*) FROM lake.sessions WHERE visitor_ids IS NOT NULL"))
            .isZero();
        assertThat(Sql.number(view.connection(), "SELECT sum(events)::BIGINT FROM lake.sessions"))
            .isEqualTo(3000);
      }
    }
  }

  private void accept(Lake lake, List<Event> events) {
    lake.accept(Samples.numbered(seq, events));
    seq += events.size();
  }

  private Lake open() {
    Lake lake = Lake.open(Samples.settings(data), Disk.real());
    lake.own(Samples.JOURNAL, 1, Samples.NO_REPLAY);
    return lake;
  }
}
