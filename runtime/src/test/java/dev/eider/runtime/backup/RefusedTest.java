package dev.eider.runtime.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eider.runtime.command.Eider;
import dev.eider.runtime.config.BackupSettings;
import dev.eider.runtime.disk.Disk;
import dev.eider.runtime.lake.Lake;
import dev.eider.runtime.lake.Samples;
import dev.eider.runtime.lake.Steps;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Backups of which something is wrong: what is said of them, and what a refused restore leaves. */
class RefusedTest {

  private static final Path EXTENSIONS = Path.of("target/extensions").toAbsolutePath();
  private static final Instant NOON = Instant.parse("2026-05-04T12:00:00Z");

  @TempDir private Path temporary;
  private Path place;
  private String older;
  private String newer;

  @BeforeEach
  void twoBackups() throws Exception {
    place = temporary.resolve("backups");
    Path data = temporary.resolve("data");
    try (Lake lake = Lake.open(Samples.settings(data), Disk.real())) {
      lake.own(Samples.JOURNAL, 1, Samples.NO_REPLAY);
      older = backUp(lake, data, 1);
      newer = backUp(lake, data, 2);
    }
  }

  private String backUp(Lake lake, Path data, int number) throws Exception {
    lake.accept(
        Samples.numbered(
            number, List.of(Samples.view("a", "v" + number, NOON.plusSeconds(number), "/"))));
    BackupSettings settings =
        BackupSettings.DEFAULT.to(Optional.of(new BackupSettings.Folder(place)));
    return new BackupRun(
            settings, data, EXTENSIONS, Disk.real(), InstantSource.fixed(NOON.plusSeconds(number)))
        .run(lake, () -> lake.flush(), Steps.UNOBSERVED)
        .id();
  }

  private Backups backups() {
    return new Backups(new FolderPlace(place, Disk.real()));
  }

  private Restorer into(Path data) {
    return new Restorer(backups(), data, EXTENSIONS, Disk.real(), InstantSource.system());
  }

  private void damage(String id, String name) throws IOException {
    Path file = place.resolve(Manifest.folder(id)).resolve(name);
    byte[] whole = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(whole, whole.length - 20));
  }

  @Test
  void aRefusedRestoreLeavesNothingOfWhatItBrought() throws Exception {
    damage(newer, Manifest.CATALOG);
    Manifest manifest = backups().find(Optional.of(newer));
    Path data = temporary.resolve("elsewhere");

    assertThatThrownBy(() -> into(data).restore(manifest, Steps.UNOBSERVED))
        .isInstanceOf(BackupException.class)
        .hasMessageContaining("is damaged")
        .hasNoSuppressedExceptions();
    assertThat(data.resolve(Aside.NAME)).doesNotExist();

    assertThatThrownBy(() -> into(data).restoreIfNone(() -> manifest, Steps.UNOBSERVED))
        .isInstanceOf(BackupException.class)
        .hasNoSuppressedExceptions();
    assertThat(data.resolve(Aside.NAME)).doesNotExist();
    assertThat(data.resolve("lake")).doesNotExist();
  }

  @Test
  void verifyingTheNewestSaysWhichCannotBeRead() throws Exception {
    Eider.Run sound = verify();
    assertThat(sound.code()).as(sound.err()).isZero();
    assertThat(sound.out()).startsWith("backup " + newer + " is sound: 2 rows of 1 sites");

    damage(newer, "manifest.json");
    Eider.Run doubtful = verify();
    assertThat(doubtful.code()).isEqualTo(1);
    assertThat(doubtful.out().lines())
        .satisfiesExactly(
            line -> assertThat(line).startsWith("backup " + older + " is sound: 1 rows of 1 sites"),
            line -> assertThat(line).startsWith("damaged: ").contains(newer));

    Eider.Run named = verify("--backup-id", older);
    assertThat(named.code()).as(named.err()).isZero();
    assertThat(named.out().lines()).hasSize(1);
  }

  private Eider.Run verify(String... more) {
    return Eider.run(
        Stream.concat(Stream.of("verify", "backup", "--from", place.toString()), Stream.of(more))
            .toArray(String[]::new));
  }
}
