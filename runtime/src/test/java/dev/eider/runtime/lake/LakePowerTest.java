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
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Power fails at every step on the way of an event: append, rotation, flush, settle, compaction,
 * retention, removal of segments. Whatever was accepted is counted exactly once afterwards. The
 * same way fails when the force of any file of the lake, or of a name, is left out.
 *
 * <p>DuckDB forces its catalog and its log itself, so their bytes are what they were at that
 * moment; their names are only there if somebody forced them.
 */
class LakePowerTest {

  private static final Instant MORNING = Instant.parse("2026-05-04T08:00:00Z");
  private static final LocalDate OLD_DAY = LocalDate.parse("2026-05-04");

  @TempDir Path temporary;
  private int runs;

  @Test
  void powerFailsAtEveryStep() throws Exception {
    List<Integer> steps = steps();
    assertThat(steps).hasSizeGreaterThan(30);
    for (int step : steps) {
      assertThat(run(step, "", step % 2 == 0 ? new Random(step) : null)).isTrue();
    }
    assertThat(run(Integer.MAX_VALUE, "", null)).isFalse();
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
    way.fail(null);
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
    way.fail(null);
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
    // At the end of the way the folder of the catalog was forced for another file of it, too.
    kinds.remove("forceDirectory by FileCatalog.force");
    for (String kind : kinds) {
      assertThatThrownBy(() -> run(Integer.MAX_VALUE, kind, null))
          .as("the walk without '%s'", kind)
          .isInstanceOf(AssertionError.class);
    }
  }

  private Path fresh() {
    return temporary.resolve("run-" + runs++).resolve("data");
  }

  /** Goes the whole way until the given operation; answers whether it got that far. */
  private boolean run(int step, String leftOut, @Nullable Random chance) throws Exception {
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
    private final Path catalogFolder;
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
      this.catalogFolder = data.resolve("lake");
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
      long mark = lake.own(journal.id(), journal.epoch(), journal::replay);
      journal.start(mark, lake::accept);
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
    void fail(@Nullable Random chance) throws Exception {
      Map<Path, byte[]> catalog = new HashMap<>();
      for (Path file : catalogFiles()) {
        catalog.put(file, Files.readAllBytes(file));
      }
      ForgetfulDisk dying = disk.kill();
      stop();
      // Stopping writes the log into the catalog, which a dying machine does not.
      putBack(catalog);
      disk = chance == null ? dying.failPower() : dying.failPower(chance);
      for (Path file : catalogFiles()) {
        if (!catalog.containsKey(file)) {
          Files.delete(file);
        } else {
          Files.write(file, catalog.get(file));
        }
      }
    }

    private void putBack(Map<Path, byte[]> catalog) throws IOException {
      for (Path file : catalogFiles()) {
        if (!catalog.containsKey(file)) {
          Files.delete(file);
        }
      }
      for (Map.Entry<Path, byte[]> file : catalog.entrySet()) {
        Files.write(file.getKey(), file.getValue());
      }
    }

    private List<Path> catalogFiles() throws IOException {
      List<Path> files = new ArrayList<>();
      if (Files.isDirectory(catalogFolder)) {
        for (Path file : disk().list(catalogFolder)) {
          if (file.getFileName().toString().startsWith("catalog.ducklake")) {
            files.add(file);
          }
        }
      }
      return files;
    }

    private static dev.eider.runtime.disk.Disk disk() {
      return dev.eider.runtime.disk.Disk.real();
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
      everythingIsThereOnce("on coming back");
      lake.flush();
      lake.compact(Steps.UNOBSERVED);
      everythingIsThereOnce("after flush and compaction");
      noOrphanIsLeft();
      stop();
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
