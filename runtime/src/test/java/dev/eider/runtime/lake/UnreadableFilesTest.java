package dev.eider.runtime.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eider.runtime.disk.Disk;
import dev.eider.runtime.disk.ForgetfulDisk;
import dev.eider.runtime.disk.PowerFailedException;
import dev.eider.runtime.event.Event;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Files of the lake that are empty, cut, overwritten or gone. */
class UnreadableFilesTest {

  private static final Instant MONDAY = Instant.parse("2026-05-04T12:00:00Z");
  private static final LocalDate DAY = LocalDate.parse("2026-05-04");

  /** Events of each of two sites on each of three days. */
  private static final int A_DAY = 30;

  @TempDir Path temporary;
  private Path data;
  private long seq = 1;
  private long epoch = 1;

  enum Damage {
    EMPTY {
      @Override
      void to(Path file) throws IOException {
        Files.write(file, new byte[0]);
      }
    },
    CUT {
      @Override
      void to(Path file) throws IOException {
        byte[] whole = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(whole, whole.length / 2));
      }
    },
    OVERWRITTEN {
      @Override
      void to(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        Arrays.fill(bytes, bytes.length / 4, bytes.length, (byte) 'x');
        Files.write(file, bytes);
      }
    },
    GONE {
      @Override
      void to(Path file) throws IOException {
        Files.delete(file);
      }
    };

    abstract void to(Path file) throws IOException;
  }

  @BeforeEach
  void data() {
    data = temporary.resolve("data");
  }

  @ParameterizedTest
  @EnumSource(Damage.class)
  void aDayThatCannotBeReadIsNamedAndTheOthersAnswer(Damage damage) throws Exception {
    try (Lake lake = open()) {
      settled(lake);
      LakeFile file = eventFile(lake, "a", DAY.plusDays(1));
      byte[] good = Files.readAllBytes(file.path());
      damage(lake, damage, file);

      assertThat(ask(lake, "a")).isEqualTo(2 * A_DAY);
      assertThat(ask(lake, "b")).isEqualTo(3 * A_DAY);
      assertThat(lake.unreadable())
          .singleElement()
          .satisfies(
              lost -> {
                assertThat(lost.table()).isEqualTo("events");
                assertThat(lost.path()).isEqualTo(data.relativize(file.path()).toString());
                assertThat(lost.rows()).isEqualTo(A_DAY);
                assertThat(lost.firstDate()).isEqualTo(DAY.plusDays(1));
                assertThat(lost.lastDate()).isEqualTo(DAY.plusDays(1));
                assertThat(lost.ofOneSite()).isTrue();
                assertThat(lost.firstSite()).isEqualTo("a");
                assertThat(lost.reason()).isNotBlank();
              });
      try (LakeView view = lake.view("a")) {
        assertThat(view.unreadable()).isEqualTo(lake.unreadable());
      }
      try (LakeView view = lake.view("b")) {
        assertThat(view.unreadable()).isEmpty();
      }

      // Everything else goes on, for the same site and day too.
      accept(lake, day("a", DAY.plusDays(1), A_DAY));
      lake.flush();
      lake.settle(Steps.UNOBSERVED);
      lake.compact(Steps.UNOBSERVED);
      assertThat(ask(lake, "a")).isEqualTo(3 * A_DAY);
      RetainReport report =
          lake.retain(
              new RetainPlan(List.of(new RetainPlan.Site("b", DAY.plusDays(1), 100, false)), false),
              Steps.UNOBSERVED);
      assertThat(report.rows()).isEqualTo(A_DAY);
      assertThat(lake.unreadable()).hasSize(1);
      assertThat(globbed(lake)).isEqualTo(5 * A_DAY);

      // A good copy, from a backup say, is taken in by the next compaction.
      putBack(lake.unreadable().getFirst(), good);
      lake.compact(Steps.UNOBSERVED);
      assertThat(lake.unreadable()).isEmpty();
      assertThat(ask(lake, "a")).isEqualTo(4 * A_DAY);
      assertThat(globbed(lake)).isEqualTo(6 * A_DAY);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"EMPTY", "GONE"})
  void rowsThatWereNotSettledYetMayBeOfSeveralSites(Damage damage) throws Exception {
    try (Lake lake = open()) {
      accept(lake, day("a", DAY, A_DAY));
      accept(lake, day("c", DAY.plusDays(1), A_DAY));
      lake.flush();
      accept(lake, day("a", DAY, A_DAY));
      lake.flush();
      LakeFile first = recentFiles(lake).getFirst();
      byte[] good = Files.readAllBytes(first.path());
      damage(lake, damage, first);

      assertThat(ask(lake, "a")).isEqualTo(A_DAY);
      assertThat(ask(lake, "c")).isZero();
      UnreadableFile lost = lake.unreadable().getFirst();
      assertThat(lost.rows()).isEqualTo(2 * A_DAY);
      assertThat(List.of(lost.firstSite(), lost.lastSite())).containsExactly("a", "c");
      assertThat(List.of(lost.firstDate(), lost.lastDate())).containsExactly(DAY, DAY.plusDays(1));
      assertThat(lost.concerns("b")).isTrue();
      assertThat(lost.concerns("d")).isFalse();

      assertThat(lake.settle(Steps.UNOBSERVED).rows()).isEqualTo(A_DAY);
      putBack(lost, good);
      assertThat(lake.settle(Steps.UNOBSERVED).rows()).isEqualTo(2 * A_DAY);
      assertThat(ask(lake, "a")).isEqualTo(2 * A_DAY);
      assertThat(ask(lake, "c")).isEqualTo(A_DAY);
      assertThat(lake.unreadable()).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"EMPTY", "GONE"})
  void sessionsAreMadeAnewFromTheirEvents(Damage damage) throws Exception {
    try (Lake lake = open()) {
      settled(lake);
      List<String> before = sessions(lake);
      LakeFile file = files(lake, Schema.SESSIONS).getFirst();
      damage(lake, damage, file);
      assertThatThrownBy(() -> sessions(lake))
          .satisfies(error -> assertThat(lake.mend(error)).isTrue());
      assertThat(sessions(lake)).isEqualTo(before);
      assertThat(lake.unreadable()).isEmpty();
      lake.compact(Steps.UNOBSERVED);
      assertThat(sessions(lake)).isEqualTo(before);
    }
  }

  /** One session went on, and one became part of another that a late row begins. */
  @ParameterizedTest
  @EnumSource(names = {"EMPTY", "GONE"})
  void sessionsThatWereSupersededStaySo(Damage damage) throws Exception {
    try (Lake lake = open()) {
      accept(lake, List.of(Samples.view("a", "goes on", MONDAY, "/1")));
      accept(lake, List.of(Samples.view("a", "begins before", MONDAY, "/1")));
      lake.flush();
      lake.settle(Steps.UNOBSERVED);
      accept(lake, List.of(Samples.view("a", "goes on", MONDAY.plusSeconds(60), "/2")));
      accept(lake, List.of(Samples.view("a", "begins before", MONDAY.minusSeconds(60), "/2")));
      lake.flush();
      lake.settle(Steps.UNOBSERVED);
      List<String> before = sessions(lake);
      assertThat(before).hasSize(2);
      assertThat(files(lake, Schema.SUPERSEDED)).extracting(LakeFile::rows).containsExactly(2L);
      damage(lake, damage, files(lake, Schema.SUPERSEDED).getFirst());
      assertThatThrownBy(() -> sessions(lake))
          .satisfies(error -> assertThat(lake.mend(error)).isTrue());
      assertThat(sessions(lake)).isEqualTo(before);
      lake.compact(Steps.UNOBSERVED);
      assertThat(sessions(lake)).isEqualTo(before);
      assertThat(files(lake, Schema.SUPERSEDED)).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"EMPTY", "GONE"})
  void nothingIsCountedTwiceWhenTheMarkCannotBeRead(Damage damage) throws Exception {
    long mark;
    try (Lake lake = open()) {
      accept(lake, day("a", DAY, A_DAY));
      lake.flush();
      accept(lake, day("a", DAY, A_DAY));
      lake.flush();
      // Now the mark is in a file, and only there.
      lake.expire(0, false, Steps.UNOBSERVED);
      mark = lake.mark(Samples.JOURNAL);
      damage(lake, damage, files(lake, Schema.MARKS).getLast());
    }
    try (Lake lake = open()) {
      assertThat(lake.mark(Samples.JOURNAL)).isEqualTo(mark).isEqualTo(2 * A_DAY);
      accept(lake, day("a", DAY, A_DAY));
      lake.flush();
      assertThat(ask(lake, "a")).isEqualTo(3 * A_DAY);
      assertThat(lake.unreadable()).isEmpty();
    }
  }

  @Test
  void theMarkIsKnownWhenItsFileAndTheEngineAreLostAtOnce() throws Exception {
    try (Lake lake = open()) {
      accept(lake, day("a", DAY, A_DAY));
      lake.flush();
      accept(lake, day("a", DAY, A_DAY));
      lake.flush();
      // Now the mark is in one file, and only there.
      lake.expire(0, false, Steps.UNOBSERVED);
      damage(lake, Damage.EMPTY, files(lake, Schema.MARKS).getFirst());
      assertThat(ask(lake, "a")).isEqualTo(2 * A_DAY);
      accept(lake, day("a", DAY, A_DAY));
      lake.flush();
      assertThat(ask(lake, "a")).isEqualTo(3 * A_DAY);
      assertThat(lake.mark(Samples.JOURNAL)).isEqualTo(3 * A_DAY);
      assertThat(lake.unreadable()).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(names = "CUT")
  void aStartGoesOnWithoutWhatCannotBeRead(Damage damage) throws Exception {
    LakeFile file;
    try (Lake lake = open()) {
      settled(lake);
      file = eventFile(lake, "a", DAY);
      damage(lake, damage, file);
    }
    for (int again = 0; again < 2; again++) {
      try (Lake lake = open()) {
        assertThat(ask(lake, "a")).isEqualTo(2 * A_DAY);
        assertThat(ask(lake, "b")).isEqualTo(3 * A_DAY);
        assertThat(lake.unreadable())
            .extracting(UnreadableFile::path)
            .containsExactly(data.relativize(file.path()).toString());
        assertThat(globbed(lake)).isEqualTo(5 * A_DAY);
      }
    }
  }

  @Test
  void aSettledFileThatWasDeletedComesBackFromTheOpenTree() throws Exception {
    try (Lake lake = open()) {
      settled(lake);
      LakeFile file = eventFile(lake, "a", DAY);
      Files.delete(file.path());
      assertThat(ask(lake, "a")).isEqualTo(3 * A_DAY);
      assertThat(lake.unreadable()).isEmpty();
      assertThat(file.path()).hasSize(file.bytes());
    }
  }

  @Test
  void aFolderThatIsMissingAsAWholeIsNoReasonToLetGoOfAllFiles() throws Exception {
    Path events = data.resolve("lake/data/main/events");
    Path elsewhere = temporary.resolve("elsewhere");
    try (Lake lake = open()) {
      settled(lake);
      Files.move(events, elsewhere);
      Files.move(data.resolve("open"), temporary.resolve("open-elsewhere"));
      assertThatThrownBy(() -> lake.settle(Steps.UNOBSERVED))
          .isInstanceOf(LakeException.class)
          .hasMessageContaining("see whether the volume is mounted as a whole");
      Files.move(elsewhere, events);
      Files.move(temporary.resolve("open-elsewhere"), data.resolve("open"));
      lake.settle(Steps.UNOBSERVED);
      assertThat(ask(lake, "a")).isEqualTo(3 * A_DAY);
      assertThat(lake.unreadable()).isEmpty();
    }
  }

  @Test
  void whatIsLeftOfAFileDoesNotOutliveItsDays() throws Exception {
    try (Lake lake = open()) {
      settled(lake);
      damage(lake, Damage.CUT, eventFile(lake, "a", DAY));
      lake.settle(Steps.UNOBSERVED);
      Path copy = data.resolve(lake.unreadable().getFirst().copy());
      assertThat(copy).isRegularFile();
      RetainPlan plan =
          new RetainPlan(List.of(new RetainPlan.Site("a", DAY.plusDays(1), 100, false)), false);
      lake.retain(plan, Steps.UNOBSERVED);
      assertThat(copy).doesNotExist();
      assertThat(lake.unreadable()).isEmpty();
    }
  }

  @Test
  void aCrashAtAnyStepOfSettingAsideAndTakingBackCountsNothingTwice() throws Exception {
    ForgetfulDisk disk = ForgetfulDisk.over(data);
    Lake lake = open(disk);
    try {
      accept(lake, day("a", DAY, A_DAY));
      accept(lake, day("a", DAY.plusDays(1), A_DAY));
      lake.flush();
      lake.settle(Steps.UNOBSERVED);
      int operation = 0;
      boolean crashed = true;
      while (crashed) {
        operation++;
        LakeFile file = eventFile(lake, "a", DAY);
        byte[] good = Files.readAllBytes(file.path());
        damage(lake, Damage.EMPTY, file);
        disk.failAt(operation);
        crashed = crashes(lake, good);
        lake.close();
        disk = disk.kill();
        lake = open(disk);
        String when = "after a crash at operation " + operation;
        assertThat(ask(lake, "a")).as(when).isIn((long) A_DAY, 2L * A_DAY);
        if (!lake.unreadable().isEmpty()) {
          putBack(lake.unreadable().getFirst(), good);
        }
        lake.settle(Steps.UNOBSERVED);
        assertThat(ask(lake, "a")).as(when).isEqualTo(2 * A_DAY);
        assertThat(globbed(lake)).as(when).isEqualTo(2 * A_DAY);
        assertThat(lake.unreadable()).as(when).isEmpty();
      }
      assertThat(operation).as("operations that were made to crash").isGreaterThan(12);
    } finally {
      lake.close();
    }
  }

  /** Sets the file aside and takes it back; whether it came to that. */
  private boolean crashes(Lake lake, byte[] good) throws Exception {
    try {
      ask(lake, "a");
      putBack(lake.unreadable().getFirst(), good);
      lake.settle(Steps.UNOBSERVED);
      return false;
    } catch (LakeException | PowerFailedException e) {
      return true;
    }
  }

  /** Both names of a settled file are one file, so nothing of it is left. */
  private static void damage(Lake lake, Damage damage, LakeFile file) throws IOException {
    damage.to(file.path());
    Path link = lake.shown(file);
    if (file.table().equals(Schema.EVENTS) && damage == Damage.GONE) {
      Files.delete(link);
    }
    // The engine may still have the good bytes in memory, and answer rightly from there.
    lake.condemnEngine();
  }

  private void putBack(UnreadableFile lost, byte[] good) throws IOException {
    Path copy = data.resolve(lost.copy());
    Files.createDirectories(copy.getParent());
    Files.write(copy, good);
  }

  /** Two sites, three days each, a file a site and day. */
  private void settled(Lake lake) {
    for (String site : List.of("a", "b")) {
      for (int day = 0; day < 3; day++) {
        accept(lake, day(site, DAY.plusDays(day), A_DAY));
      }
    }
    lake.flush();
    lake.settle(Steps.UNOBSERVED);
  }

  private static List<Event> day(String site, LocalDate day, int count) {
    List<Event> events = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Instant at = MONDAY.plusSeconds(86_400 * (day.toEpochDay() - DAY.toEpochDay()) + i * 100L);
      events.add(Samples.view(site, "v" + i % 7, at, "/" + i % 5));
    }
    return events;
  }

  private void accept(Lake lake, List<Event> events) {
    lake.accept(Samples.numbered(seq, events));
    seq += events.size();
  }

  /** As statistics ask: again after what is unreadable was set aside. */
  private static long ask(Lake lake, String site) throws Exception {
    for (int attempt = 1; ; attempt++) {
      try (LakeView view = lake.view(site)) {
        return Sql.number(
            view.connection(),
            "SELECT count(pathname) FROM " + view.events() + " WHERE event_name <> ''");
      } catch (SQLException e) {
        if (attempt == 3 || !lake.mend(e)) {
          throw e;
        }
      }
    }
  }

  private long globbed(Lake lake) throws Exception {
    try (LakeView view = lake.view("a")) {
      return Sql.number(
          view.connection(),
          "SELECT count(pathname) FROM read_parquet('%s/open/*/*/*.parquet')".formatted(data));
    }
  }

  private static List<String> sessions(Lake lake) throws Exception {
    try (LakeView view = lake.view("a")) {
      return Sql.texts(
          view.connection(),
          "SELECT t::VARCHAR FROM (SELECT s.* EXCLUDE (version) FROM %s) t ORDER BY session_id"
              .formatted(Superseded.live()));
    }
  }

  private static LakeFile eventFile(Lake lake, String site, LocalDate date) {
    return files(lake, Schema.EVENTS).stream()
        .filter(file -> file.partition().equals(new LakeFile.Partition(site, date)))
        .findFirst()
        .orElseThrow();
  }

  private static List<LakeFile> recentFiles(Lake lake) {
    return files(lake, Schema.RECENT);
  }

  private static List<LakeFile> files(Lake lake, String table) {
    return lake.liveFiles(table);
  }

  private Lake open() {
    return open(Disk.real());
  }

  private Lake open(Disk disk) {
    Lake lake = Lake.open(Samples.settings(data), disk);
    lake.own(Samples.JOURNAL, epoch++, (after, through, into) -> {});
    return lake;
  }
}
