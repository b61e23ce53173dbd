package dev.eider.runtime.lake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eider.runtime.disk.Disk;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a view reads for a stretch of time. */
class ViewedTablesTest {

  private static final Instant MIDNIGHT = Instant.parse("2026-05-05T00:00:00Z");

  @TempDir Path temporary;

  private Lake lake;

  @BeforeEach
  void open() {
    lake = Lake.open(Samples.settings(temporary), Disk.real());
    lake.own(Samples.JOURNAL, 1, Samples.NO_REPLAY);
    lake.accept(
        Samples.numbered(
            1,
            List.of(
                Samples.view("a", "ann", MIDNIGHT.minusSeconds(7_200), "/before"),
                Samples.view("a", "ann", MIDNIGHT.minusMillis(1), "/last"),
                Samples.view("a", "bob", MIDNIGHT, "/first"),
                Samples.view("a", "bob", MIDNIGHT.plusSeconds(7_200), "/later"),
                Samples.view("b", "cas", MIDNIGHT, "/other"))));
    lake.flush();
    lake.settle(Steps.UNOBSERVED);
  }

  @AfterEach
  void close() {
    lake.close();
  }

  @Test
  void onlyTheRowsOfAStretchAreThere() throws Exception {
    try (LakeView view = lake.visitedView("a")) {
      String before = view.events(Set.of("pathname"), MIDNIGHT.minusSeconds(3_600), MIDNIGHT);
      String after = view.events(Set.of("pathname"), MIDNIGHT, MIDNIGHT.plusSeconds(3_600));
      String both =
          view.events(Set.of("pathname"), MIDNIGHT.minusMillis(1), MIDNIGHT.plusMillis(1));
      String none =
          view.events(Set.of("pathname"), MIDNIGHT.plusSeconds(7_201), MIDNIGHT.plusSeconds(9_000));

      assertThat(paths(view, before)).containsExactly("/last");
      assertThat(paths(view, after)).containsExactly("/first");
      assertThat(paths(view, both)).containsExactly("/first", "/last");
      assertThat(paths(view, none)).isEmpty();
      assertThat(Stream.of(before, after, both, none).map(ViewedTablesTest::files))
          .as("files whose events all happened before or after are not read")
          .containsExactly(1, 1, 2, 0);
    }
  }

  @Test
  void filesThatLieInAStretchAreReadAsTheyAre() throws Exception {
    try (LakeView view = lake.visitedView("a")) {
      String inside =
          view.events(
              Set.of("pathname"), MIDNIGHT.minusSeconds(7_200), MIDNIGHT.plusSeconds(7_201));
      String edge =
          view.events(
              Set.of("pathname"), MIDNIGHT.minusSeconds(7_200), MIDNIGHT.plusSeconds(7_200));

      assertThat(paths(view, inside)).containsExactly("/before", "/first", "/last", "/later");
      assertThat(inside).doesNotContain("make_timestamp_ms");
      assertThat(paths(view, edge)).containsExactly("/before", "/first", "/last");
      assertThat(edge).containsOnlyOnce("\"timestamp\" >=");
    }
  }

  @Test
  void onlyColumnsThatAreAskedForAreThere() throws Exception {
    lake.accept(Samples.numbered(6, List.of(Samples.view("a", "dan", MIDNIGHT, "/now"))));
    for (LakeView opened : List.of(lake.visitedView("a"), lake.view("a"))) {
      try (LakeView view = opened) {
        String some =
            view.events(Set.of("pathname", "nothing"), MIDNIGHT, MIDNIGHT.plusSeconds(3_600));

        assertThat(
                Sql.texts(
                    view.connection(), "SELECT column_name FROM (DESCRIBE FROM " + some + ")"))
            .containsExactly("pathname", "session_id", "previous_visitor_id", "is_settled");
        assertThat(paths(view, some)).containsExactly("/first", "/now");
      }
    }
  }

  private static int files(String relation) {
    return relation.split("\\.parquet'", -1).length - 1;
  }

  private static List<String> paths(LakeView view, String relation) throws SQLException {
    return Sql.texts(view.connection(), "SELECT pathname FROM " + relation + " ORDER BY pathname");
  }
}
