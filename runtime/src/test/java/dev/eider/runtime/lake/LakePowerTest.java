package dev.eider.runtime.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eider.runtime.disk.ForgetfulDisk;
import dev.eider.runtime.disk.PowerFailedException;
import dev.eider.runtime.event.Event;
import dev.eider.runtime.journal.Journal;
import dev.eider.runtime.journal.JournalSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Power fails at every step on the way of an event: append, rotation, flush, settle, compaction,
 * retention, removal of segments. Whatever was accepted is counted exactly once afterwards. The
 * same way fails when the force of any file of the lake, or of a name, is left out.
 */
@Execution(ExecutionMode.CONCURRENT) // the longest of all
class LakePowerTest {

  private static final Instant MORNING = Instant.parse("2026-05-04T08:00:00Z");
  private static final LocalDate OLD_DAY = LocalDate.parse("2026-05-04");

  @TempDir Path temporary;
  private int runs;

  /** Of what was not forced nothing survives, or whatever the dice say. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void powerFailsAtEveryStep(boolean dice) throws Exception {
    // One for all steps: those of neighbouring seeds begin alike.
    Optional<Random> chance = dice ? Optional.of(new Random(1)) : Optional.empty();
    List<Integer> steps = steps();
    assertThat(steps).hasSizeGreaterThan(30);
    for (int step : steps) {
      if (step % 2 == (dice ? 0 : 1)) {
        assertThat(run(step, "", chance)).isTrue();
      }
    }
    assertThat(run(Integer.MAX_VALUE, "", Optional.empty())).isFalse();
  }

  /**
   * The operations at which the power is to fail: all of them with -Deider.power.all=true, or else
   * of several alike in a row, such as forcing the files of one transaction, the first.
   */
  private List<Integer> steps() throws Exception {
    List<String> operations = new ArrayList<>();
    Way way = new Way(fresh());
    way.disk.setFault(
        (operation, file) ->
            operations.add(
                way.doing + ' ' + operation + ' ' + file.toString().contains("journal/")));
    way.go();
    way.fail(Optional.empty());
    List<Integer> steps = new ArrayList<>();
    for (int i = 0; i < operations.size(); i++) {
      if (i == 0
          || Boolean.getBoolean("eider.power.all")
          || !operations.get(i).equals(operations.get(i - 1))) {
        steps.add(i + 1);
      }
    }
    return steps;
  }

  @Test
  void noForceOfFilesCanBeLeftOut() throws Exception {
    Way way = new Way(fresh());
    way.go();
    way.fail(Optional.empty());
    Set<String> kinds = new HashSet<>(way.disk.kinds());
    // Those of the journal and of the list of written files have tests of their own.
    kinds.removeIf(kind -> kind.matches(".* by (Journal|Segments|WriteAhead)\\b.*"));
    assertThat(kinds)
        .containsExactlyInAnyOrder(
            "createDirectories by VolumeStore.<init>",
            "force by VolumeStore.force",
            "forceDirectory by ForcedDirectories.force",
            "forceDirectory by FileCatalog.force",
            "forceDirectory by VolumeStore.deleted",
            "replace, its content, by RetentionMemory.write",
            "replace, its name, by RetentionMemory.write");
    // At the end of the way the folder of the catalog was forced for another file of it, too;
    // theCatalogsLogKeepsItsName ends where it was not.
    kinds.remove("forceDirectory by FileCatalog.force");
    for (String kind : kinds) {
      assertThatThrownBy(() -> run(Integer.MAX_VALUE, kind, Optional.empty()))
          .as("the walk without '%s'", kind)
          .isInstanceOf(AssertionError.class);
    }
  }

  /**
   * A clean stop writes the catalog's log into the catalog and deletes it: the first COMMIT after a
   * start begins a new one, under a name that nobody but us forces.
   */
  @Test
  void theCatalogsLogKeepsItsName() throws Exception {
    restarted("");
    assertThatThrownBy(() -> restarted("forceDirectory by FileCatalog.force"))
        .isInstanceOf(AssertionError.class);
  }

  private void restarted(String leftOut) throws Exception {
    Way way = new Way(fresh());
    way.disk.ignoring(leftOut);
    way.open();
    way.append("a", MORNING, 3);
    way.flush();
    way.stop();
    way.open();
    way.append("a", MORNING.plusSeconds(60), 3);
    way.flush();
    // The next segment's name is forced, and with it that those of the flush are gone.
    way.append("a", MORNING.plusSeconds(120), 6);
    way.append("a", MORNING.plusSeconds(180), 6);
    way.fail(Optional.empty());
    way.comesBack();
  }

  /** The folder of a day was forgotten when it went, and is forced again when it comes back. */
  @Test
  void aDayThatComesBackKeepsItsName() throws Exception {
    Way way = new Way(fresh());
    way.go();
    way.oldIsForgotten();
    way.append("b", MORNING, 3);
    way.flush();
    way.lake.settle(Steps.UNOBSERVED);
    way.fail(Optional.empty());
    way.comesBack();
  }

  /**
   * Whatever the catalog still lists of the past can be read, wherever letting go of it ended.
   * After a clean stop, so that the log's name is new.
   */
  @Test
  void thePastIsWholeOrGone() throws Exception {
    boolean died = true;
    int step = 1;
    for (; died; step++) {
      Way way = new Way(fresh());
      way.open();
      way.append("a", MORNING, 3);
      way.flush();
      way.append("b", MORNING, 3);
      way.flush();
      way.lake.settle(Steps.UNOBSERVED);
      way.stop();
      way.open();
      way.disk.failAt(step);
      died = way.expires();
      way.fail(Optional.empty());
      way.open();
      String when = "power failed at operation " + step;
      for (Snapshot snapshot : way.lake.snapshots()) {
        try (LakeView view = way.lake.view("a", new AsOf.Snapshot(snapshot.snapshotId()))) {
          assertThat(Samples.count(view)).as(when).isBetween(0L, 3L);
        }
      }
      way.lake.compact(Steps.UNOBSERVED);
      way.everythingIsThereOnce(when);
      way.noOrphanIsLeft();
      way.stop();
    }
    assertThat(step).as("operations of it").isGreaterThan(6);
  }

  private Path fresh() {
    return temporary.resolve("run-" + runs++).resolve("data");
  }

  /** Goes the whole way until the given operation; answers whether it got that far. */
  private boolean run(int step, String leftOut, Optional<Random> chance) throws Exception {
    Way way = new Way(fresh());
    way.disk.ignoring(leftOut);
    way.disk.failAt(step);
    boolean died = false;
    try {
      way.go();
    } catch (Exception e) {
      if (!causedByPower(e)) {
        throw e;
      }
      died = true;
    }
    String then = way.doing;
    try {
      way.fail(chance);
      way.disk.ignoring(leftOut);
      way.comesBack();
    } catch (Exception | AssertionError e) {
      throw new AssertionError("power failed at operation %d, after: %s".formatted(step, then), e);
    }
    return died;
  }

  private static boolean causedByPower(Throwable error) {
    for (Throwable at = error; at != null; at = at.getCause()) {
      // The journal passes on what was wrong in words.
      if (at instanceof PowerFailedException
          || String.valueOf(at.getMessage()).contains("no power")) {
        return true;
      }
    }
    return false;
  }

  /** One runtime's life on one disk. */
  private static final class Way {

    private final Path data;
    private final Set<UUID> accepted = new HashSet<>();
    private final Set<UUID> offered = new HashSet<>();
    private final Set<UUID> old = new HashSet<>();
    private String doing = "nothing";
    private boolean retaining;
    private boolean retained;
    private ForgetfulDisk disk;
    private @Nullable Lake lake;
    private @Nullable Journal journal;

    Way(Path data) throws IOException {
      this.data = data;
      Files.createDirectories(data.getParent());
      this.disk = ForgetfulDisk.over(data);
    }

    void go() throws Exception {
      open();
      append("a", MORNING, 3);
      append("b", MORNING, 3);
      flush();
      doing = "settle";
      lake.settle(Steps.UNOBSERVED);
      // Earlier than what is settled: rows and sessions are written anew.
      append("a", MORNING.minus(Duration.ofMinutes(20)), 3);
      append("b", MORNING.plus(Duration.ofDays(1)), 2);
      flush();
      doing = "compact";
      lake.compact(step -> doing = step);
      append("b", MORNING.plus(Duration.ofDays(1)), 2);
      doing = "retain";
      retaining = true;
      lake.retain(plan(), step -> doing = step);
      retained = true;
      doing = "the end";
    }

    private static RetainPlan plan() {
      return new RetainPlan(
          List.of(new RetainPlan.Site("b", OLD_DAY.plusDays(1), 100, false)), false);
    }

    /** Lets the past go and the files that only it needs; whether the power failed. */
    private boolean expires() {
      try {
        lake.expire(0, false, Steps.UNOBSERVED);
        lake.cleanup(0, false, Steps.UNOBSERVED);
        return false;
      } catch (LakeException e) {
        assertThat(causedByPower(e)).isTrue();
        return true;
      }
    }

    private void open() throws IOException {
      doing = "open";
      // The lake after the journal, so that no force of the journal's folder covers up for it.
      journal =
          Journal.open(
              data.resolve("journal"),
              JournalSettings.DEFAULT.withSegmentBytes(1024).withMinFreeBytes(0),
              disk);
      lake =
          Lake.open(
              Samples.settings(data).withMemoryLimit(128L << 20).withSnapshotsKept(Duration.ZERO),
              disk);
      lake.rollUpAs(new DayCounts("a", "b"));
      long mark = lake.own(journal.id(), journal.epoch(), journal::replay);
      journal.start(mark, lake::accept);
    }

    /** What retention deleted is no longer expected to be anywhere. */
    private void oldIsForgotten() {
      accepted.removeAll(old);
      old.clear();
      retaining = false;
      retained = false;
    }

    private void append(String site, Instant from, int count) throws Exception {
      doing = "append";
      List<Event> events = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        Event event = Samples.view(site, "v", from.plusSeconds(i), "/" + i);
        events.add(event);
        offered.add(event.id());
        if (site.equals("b") && event.date().equals(OLD_DAY)) {
          old.add(event.id());
        }
      }
      journal.append(events);
      events.forEach(event -> accepted.add(event.id()));
    }

    private void flush() {
      doing = "flush";
      FlushReport report = lake.flush();
      doing = "release";
      journal.release(report.mark());
    }

    /** The machine goes dark; its files become what they are when it is switched on again. */
    void fail(Optional<Random> chance) throws Exception {
      disk = PowerCut.of(disk, data, this::stop, chance);
    }

    private void stop() {
      if (lake != null) {
        lake.close();
      }
      try {
        if (journal != null) {
          journal.close();
        }
      } catch (IOException e) {
        // It died with the machine.
        assertThat(causedByPower(e)).isTrue();
      }
      lake = null;
      journal = null;
    }

    /** The next life finds everything, at once and after more maintenance. */
    void comesBack() throws Exception {
      if (retained) {
        assertThat(data.resolve("lake/data/main/events/site_id=b/date=" + OLD_DAY)).doesNotExist();
        assertThat(data.resolve("lake/retention.json")).content().contains("\"b\"");
      }
      open();
      // Some of it could be made anew, but should not have to be.
      assertThat(data.resolve("lake/unreadable")).as("files that cannot be read").doesNotExist();
      everythingIsThereOnce("on coming back");
      lake.flush();
      lake.compact(Steps.UNOBSERVED);
      everythingIsThereOnce("after flush and compaction");
      sumsAreThoseOfTheirRows();
      noOrphanIsLeft();
      stop();
    }

    private void sumsAreThoseOfTheirRows() throws Exception {
      for (String site : List.of("a", "b")) {
        try (LakeView view = lake.view(site)) {
          DayCounts.check(view);
        }
      }
      assertThat(lake.checkRollups(Steps.UNOBSERVED).differences()).isEmpty();
    }

    private void noOrphanIsLeft() throws IOException {
      try (Stream<Path> files = Files.walk(data.resolve("lake/data"))) {
        assertThat(files.filter(file -> file.toString().endsWith(".parquet")))
            .containsExactlyInAnyOrderElementsOf(lake.namedFiles());
      }
    }

    private void everythingIsThereOnce(String when) throws Exception {
      List<UUID> found = new ArrayList<>();
      for (String site : List.of("a", "b")) {
        try (LakeView view = lake.view(site)) {
          found.addAll(
              Sql.rows(
                  view.connection(),
                  "SELECT event_id::VARCHAR FROM " + view.events(),
                  row -> UUID.fromString(row.getString(1))));
        }
      }
      Set<UUID> expected = new HashSet<>(accepted);
      if (retaining) {
        expected.removeAll(old);
      }
      assertThat(found).as(when).doesNotHaveDuplicates().containsAll(expected);
      assertThat(offered).as(when).containsAll(found);
      if (retained) {
        assertThat(found).as(when).doesNotContainAnyElementsOf(old);
      }
    }
  }
}
