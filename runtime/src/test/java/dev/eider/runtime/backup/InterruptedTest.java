package dev.eider.runtime.backup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eider.runtime.config.BackupSettings;
import dev.eider.runtime.disk.Disk;
import dev.eider.runtime.event.Event;
import dev.eider.runtime.lake.Lake;
import dev.eider.runtime.lake.Samples;
import dev.eider.runtime.lake.SiteSums;
import dev.eider.runtime.lake.Steps;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A process that is killed while it backs up or restores, at every step: what was done stays, what
 * was not is not. Killed is whoever calls the disk the so-and-so-many-th time, before it is done.
 */
class InterruptedTest {

  private static final Instant NOON = Instant.parse("2026-05-04T12:00:00Z");
  private static final Path EXTENSIONS = Path.of("target/extensions").toAbsolutePath();
  private static final int MOST_STEPS = 200;

  @TempDir private Path temporary;

  private int runs;

  private static final class Killed extends Error {
    private static final long serialVersionUID = 1;
  }

  /** What is done with a disk that kills. */
  @FunctionalInterface
  private interface Work {
    void on(Disk disk) throws Exception;
  }

  /** A disk by which the room's own classes are killed at a step; the lake's steps are its own. */
  private static Disk killing(int step) {
    int[] at = {0};
    return (Disk)
        Proxy.newProxyInstance(
            Disk.class.getClassLoader(),
            new Class<?>[] {Disk.class},
            (proxy, method, arguments) -> {
              boolean ours =
                  StackWalker.getInstance()
                      .walk(
                          frames ->
                              frames
                                  .map(StackWalker.StackFrame::getClassName)
                                  .filter(name -> name.startsWith("dev.eider.runtime."))
                                  .filter(name -> !name.contains("InterruptedTest"))
                                  .findFirst()
                                  .orElse("")
                                  .startsWith("dev.eider.runtime.backup"));
              if (ours && at[0]++ == step) {
                throw new Killed();
              }
              try {
                return method.invoke(Disk.real(), arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  private static boolean isKilledAt(int step, Work work) throws Exception {
    try {
      work.on(killing(step));
      return false;
    } catch (Killed e) {
      return true;
    }
  }

  @Test
  void oneWholeLakeIsThereWheneverARestoreIsKilled() throws Exception {
    Path place = temporary.resolve("backups");
    Path begun = temporary.resolve("begun");
    try (Lake lake = open(begun)) {
      lake.accept(Samples.numbered(1, views(3)));
      backUp(lake, begun, place, Disk.real());
      lake.accept(Samples.numbered(4, views(2)));
      lake.flush();
    }
    int step = 0;
    int leftovers = 0;
    boolean killed = true;
    while (killed && step < MOST_STEPS) {
      Path data = temporary.resolve("restore-" + runs++);
      copy(begun, data);
      killed = isKilledAt(step++, disk -> restore(place, data, disk));
      leftovers += Files.exists(data.resolve(Aside.NAME)) ? 1 : 0;
      assertThat(rows(data)).as("killed at step %d", step).isIn(List.of(List.of(5L), List.of(3L)));
      restore(place, data, Disk.real());
      assertThat(rows(data)).as("again after step %d", step).isEqualTo(List.of(3L));
      assertThat(aside(data)).as("lakes set aside after step %d", step).contains(List.of(5L));
      assertThat(data.resolve(Aside.NAME)).doesNotExist();
    }
    assertThat(step).as("steps of a restore").isBetween(10, MOST_STEPS - 1);
    assertThat(leftovers).as("steps whose kill left what is no lake").isGreaterThan(5);
  }

  @Test
  void aBackupThatIsKilledIsNoneAndTheNextIsWhole() throws Exception {
    int step = 0;
    boolean killed = true;
    while (killed && step < MOST_STEPS) {
      Path place = temporary.resolve("place-" + runs);
      Path data = temporary.resolve("data-" + runs++);
      try (Lake lake = open(data)) {
        lake.accept(Samples.numbered(1, views(3)));
        lake.flush();
        killed = isKilledAt(step++, disk -> backUp(lake, data, place, disk));
        Backups there = new Backups(new FolderPlace(place, Disk.real()));
        assertThat(there.all().damaged()).isEmpty();
        for (Manifest manifest : there.all().whole()) {
          BackupRun.checksums(there, manifest, Steps.UNOBSERVED);
        }
        backUp(lake, data, place, Disk.real());
      }
      Path target = temporary.resolve("target-" + runs);
      restore(place, target, Disk.real());
      assertThat(rows(target)).as("after step %d", step).isEqualTo(List.of(3L));
    }
    assertThat(step).as("steps of a backup").isBetween(5, MOST_STEPS - 1);
  }

  private static BackupReport backUp(Lake lake, Path data, Path place, Disk disk) throws Exception {
    BackupSettings settings =
        BackupSettings.DEFAULT.to(Optional.of(new BackupSettings.Folder(place)));
    return new BackupRun(settings, data, EXTENSIONS, disk, Instant::now)
        .run(lake, () -> lake.flush(), Steps.UNOBSERVED);
  }

  private static void restore(Path place, Path data, Disk disk) throws IOException {
    Backups backups = new Backups(new FolderPlace(place, Disk.real()));
    new Restorer(backups, data, EXTENSIONS, disk, Instant::now)
        .restore(backups.find(Optional.empty()), Steps.UNOBSERVED);
  }

  private static List<Long> rows(Path data) {
    try (Lake lake = Lake.open(Samples.settings(data), Disk.real())) {
      return lake.sums().stream().map(SiteSums::rows).toList();
    }
  }

  /** Rows of the lakes that were set aside. */
  private static List<List<Long>> aside(Path data) throws IOException {
    try (Stream<Path> folders = Files.list(data)) {
      return folders
          .filter(folder -> folder.getFileName().toString().startsWith(".pre-restore."))
          .map(InterruptedTest::rows)
          .toList();
    }
  }

  private static Lake open(Path data) {
    Lake lake = Lake.open(Samples.settings(data), Disk.real());
    lake.own(Samples.JOURNAL, 1, Samples.NO_REPLAY);
    return lake;
  }

  private static List<Event> views(int count) {
    List<Event> events = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      events.add(Samples.view("a", "v" + i, NOON.plusSeconds(i), "/" + i));
    }
    return events;
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> all = Files.walk(from)) {
      for (Path path : all.toList()) {
        Path target = to.resolve(from.relativize(path));
        if (Files.isDirectory(path)) {
          Files.createDirectories(target);
        } else {
          Files.copy(path, target, StandardCopyOption.REPLACE_EXISTING);
        }
      }
    }
  }
}
