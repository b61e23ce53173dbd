package dev.eider.runtime.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eider.runtime.disk.ForgetfulDisk;
import dev.eider.runtime.event.Event;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Power fails after a file could not be read: what was set aside, the list of it, and what was put
 * in its place are still there. Each of these fails when its force is left out.
 */
class UnreadablePowerTest {

  private static final LocalDate DAY = LocalDate.parse("2026-05-04");
  private static final Instant MORNING = Instant.parse("2026-05-04T08:00:00Z");

  @TempDir Path temporary;
  private int runs;

  /** What happens to a life before the power fails and how it is after that. */
  @FunctionalInterface
  private interface Story {
    void of(Life life) throws Exception;
  }

  @Test
  void aFileThatWasSetAsideIsListedAndWhatIsLeftOfItIsKept() throws Exception {
    withAndWithout(
        life -> {
          byte[] left = life.cut(life.event("a", DAY));
          life.notices();
          // The catalog's own file goes; what is left has its other name only.
          life.lake.compact(Steps.UNOBSERVED);
          life.powerFails();
          UnreadableFile lost = life.lake.unreadable().getFirst();
          assertThat(life.data.resolve(lost.copy())).hasBinaryContent(left);
          assertThat(life.counted()).isEqualTo(3);
        },
        "createDirectories by VolumeStore.setAside",
        "forceDirectory by VolumeStore.setAside",
        "replace, its content, by Unreadable.write");
  }

  /** When the catalog has let go of a file, the list has it, at whatever moment the power fails. */
  @Test
  void noFileIsMissingInSilence() throws Exception {
    Story settingAside =
        life -> {
          life.cut(life.event("a", DAY));
          // So that the catalog's log has its name, and what is committed next is kept at once.
          life.flushes(Samples.view("b", "v", MORNING, "/"));
          life.notices();
          life.powerFails();
          assertThat(life.lake.unreadable()).hasSize(1);
          assertThat(life.counted()).isEqualTo(3);
        };
    int step = 1;
    while (dies(settingAside, step, "")) {
      step++;
    }
    // The last operation comes after the COMMIT, and forces the list's name too.
    int last = step - 1;
    assertThatThrownBy(() -> dies(settingAside, last, "replace, its name, by Unreadable.write"))
        .isInstanceOf(AssertionError.class);
  }

  @Test
  void whatWasTakenBackIsKept() throws Exception {
    withAndWithout(
        life -> {
          LakeFile file = life.event("a", DAY);
          byte[] good = Files.readAllBytes(file.path());
          life.cut(file);
          life.notices();
          Files.write(life.data.resolve(life.lake.unreadable().getFirst().copy()), good);
          life.lake.settle(Steps.UNOBSERVED);
          life.powerFails();
          assertThat(life.lake.unreadable()).isEmpty();
          assertThat(life.counted()).isEqualTo(6);
        },
        "force by VolumeStore.force");
  }

  @Test
  void sessionsAndMarksThatWereMadeAnewAreKept() throws Exception {
    for (String table : List.of(Schema.SESSIONS, Schema.MARKS)) {
      withAndWithout(
          life -> {
            // The commits that told the mark go, so it is in its file alone.
            life.lake.expire(0, false, Steps.UNOBSERVED);
            life.cut(life.lake.liveFiles(table).getFirst());
            life.notices();
            List<LakeFile> anew = life.lake.liveFiles(table);
            life.powerFails();
            assertThat(anew)
                .isNotEmpty()
                .allSatisfy(file -> assertThat(file.path()).hasSize(file.bytes()));
            assertThat(life.counted()).isEqualTo(6);
          },
          "force by VolumeStore.force");
    }
  }

  /** The open tree is not forced, so the name that was found there may be the last one. */
  @Test
  void aNameFromTheOpenTreeIsKept() throws Exception {
    withAndWithout(life -> life.mendsByLink(false), "forceDirectory by SetAside.mendByLink");
    withAndWithout(life -> life.mendsByLink(true), "createDirectories by SetAside.mendByLink");
  }

  private void withAndWithout(Story story, String... forces) throws Exception {
    assertThatCode(() -> tell(story, "")).doesNotThrowAnyException();
    for (String force : forces) {
      assertThatThrownBy(() -> tell(story, force), "without '%s'", force)
          .isInstanceOfAny(AssertionError.class, LakeException.class, IOException.class);
    }
  }

  private void tell(Story story, String leftOut) throws Exception {
    try (Life life = new Life(temporary.resolve("life-" + runs++))) {
      life.disk.ignoring(leftOut);
      story.of(life);
    }
  }

  /** Whether it came to the operation at which the power was to fail. */
  private boolean dies(Story story, int step, String leftOut) throws Exception {
    try (Life life = new Life(temporary.resolve("life-" + runs++))) {
      life.disk.ignoring(leftOut);
      life.dieAt = step;
      story.of(life);
      return life.died;
    } catch (AssertionError e) {
      throw new AssertionError("power failed at operation " + step, e);
    }
  }

  /** A lake with three events on each of two days. */
  private static final class Life implements AutoCloseable {

    private final Path data;
    private ForgetfulDisk disk;
    private Lake lake;
    private long epoch;
    private int dieAt = Integer.MAX_VALUE;
    private boolean died;

    Life(Path folder) throws IOException {
      data = folder.resolve("data");
      Files.createDirectories(folder);
      disk = ForgetfulDisk.over(data);
      open();
      List<Event> events = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        events.add(Samples.view("a", "v", MORNING.plus(Duration.ofDays(i / 3)), "/"));
      }
      lake.accept(Samples.numbered(1, events));
      lake.flush();
      lake.settle(Steps.UNOBSERVED);
    }

    private void open() {
      lake = Lake.open(Samples.settings(data).withSnapshotsKept(Duration.ZERO), disk);
      lake.own(Samples.JOURNAL, ++epoch, (after, through, into) -> {});
    }

    LakeFile event(String site, LocalDate date) {
      return lake.liveFiles(Schema.EVENTS).stream()
          .filter(file -> file.partition().equals(new LakeFile.Partition(site, date)))
          .findFirst()
          .orElseThrow();
    }

    /** Half of a file is lost, for good. */
    byte[] cut(LakeFile file) throws IOException {
      byte[] whole = Files.readAllBytes(file.path());
      byte[] left = Arrays.copyOf(whole, whole.length / 2);
      Files.write(file.path(), left);
      disk.force(file.path());
      lake.condemnEngine();
      return left;
    }

    void flushes(Event event) {
      lake.accept(Samples.numbered(7, List.of(event)));
      lake.flush();
    }

    /** Somebody's question fails. */
    void notices() {
      disk.failAt(dieAt);
      try {
        assertThat(lake.mend(new LakeException("somebody noticed"))).isTrue();
      } catch (LakeException e) {
        died = true;
      }
    }

    void powerFails() throws IOException {
      disk = PowerCut.of(disk, data, lake::close, Optional.empty());
      open();
    }

    /** Somebody deletes a file, or its whole folder. */
    void mendsByLink(boolean folder) throws Exception {
      Path gone = event("a", DAY).path();
      Files.delete(gone);
      disk.forceDirectory(gone.getParent());
      if (folder) {
        Files.delete(gone.getParent());
        disk.forceDirectory(gone.getParent().getParent());
      }
      notices();
      powerFails();
      assertThat(gone).exists();
      assertThat(lake.unreadable()).isEmpty();
      assertThat(counted()).isEqualTo(6);
    }

    long counted() throws Exception {
      return Samples.count(lake, "a");
    }

    @Override
    public void close() throws IOException {
      lake.close();
    }
  }
}
