package dev.eider.runtime.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eider.runtime.config.BackupSettings;
import dev.eider.runtime.disk.Disk;
import dev.eider.runtime.lake.ErasureSubject;
import dev.eider.runtime.lake.Lake;
import dev.eider.runtime.lake.LakeView;
import dev.eider.runtime.lake.Samples;
import dev.eider.runtime.lake.SiteSums;
import dev.eider.runtime.lake.Steps;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BackupTest extends ABackup {

  @Test
  void whatWasBackedUpComesBackAndWhatCameLaterStaysAside() throws Exception {
    List<SiteSums> then;
    try (Lake lake = open(1)) {
      accept(lake, "a", 30);
      accept(lake, "b", 20);
      lake.flush();
      lake.compact(Steps.UNOBSERVED);
      accept(lake, "a", 5);
      BackupReport report = backUp(lake, settings());
      then = lake.sums();
      assertThat(report.rows()).isEqualTo(55);
      assertThat(report.sites()).isEqualTo(2);
      assertThat(report.verified()).isEqualTo("checksum");
      accept(lake, "a", 7);
      lake.flush();
      lake.compact(Steps.UNOBSERVED);
    }
    Path held = Files.writeString(data.resolve("lake/held-days.json"), "[]");
    Restorer.Restored restored = restore(data);
    assertThat(restored.rows()).isEqualTo(55);
    assertThat(held).as("what retention leaves alone").hasContent("[]");
    try (Lake lake = open(2)) {
      assertThat(lake.sums()).isEqualTo(then);
      assertThat(lake.mark(Samples.JOURNAL)).as("the mark is the backup's").isEqualTo(55);
      assertThat(Samples.count(lake, "a")).isEqualTo(35);
      // What the journal has and the backup does not is brought in again.
      lake.accept(Samples.numbered(56, views("a", 7)));
      lake.flush();
      lake.compact(Steps.UNOBSERVED);
      assertThat(Samples.count(lake, "a")).isEqualTo(42);
    }
    try (Lake old = Lake.open(Samples.settings(restored.setAside().orElseThrow()), Disk.real())) {
      assertThat(old.sums()).extracting(SiteSums::rows).containsExactly(42L, 20L);
    }
  }

  @Test
  void theSecondCopiesOnlyWhatIsNew() throws Exception {
    try (Lake lake = open(1)) {
      accept(lake, "a", 500);
      lake.flush();
      lake.compact(Steps.UNOBSERVED);
      BackupReport first = backUp(lake, settings());
      accept(lake, "a", 5);
      now = now.plusSeconds(60);
      BackupReport second = backUp(lake, settings());
      assertThat(first.filesCopied()).isEqualTo(first.files() - 2);
      assertThat(second.filesCopied()).as("the flush's file, and the marks'").isLessThan(4);
      now = now.plusSeconds(60);
      BackupReport third = backUp(lake, settings());
      assertThat(third.filesCopied()).isZero();
      assertThat(third.rows()).isEqualTo(505);
    }
  }

  @Test
  void eventsGoOnComingWhileOneIsMade() throws Exception {
    try (Lake lake = open(1)) {
      accept(lake, "a", 100);
      lake.flush();
      Steps meanwhile =
          step -> {
            accept(lake, "a", 10);
            lake.flush();
            lake.compact(Steps.UNOBSERVED);
          };
      BackupReport report = run(settings()).run(lake, () -> lake.flush(), meanwhile);
      assertThat(report.rows()).isBetween(100L, 130L);
      Restorer.Restored restored = restore(temporary.resolve("elsewhere"));
      assertThat(restored.rows()).isEqualTo(report.rows());
    }
  }

  @Test
  void oldOnesGoWithWhatOnlyTheyNeed() throws Exception {
    BackupSettings keepTwo =
        new BackupSettings(settings().destination(), 2, 1, BackupSettings.Verify.CHECKSUM);
    List<String> ids = new ArrayList<>();
    try (Lake lake = open(1)) {
      for (int day = 0; day < 4; day++) {
        accept(lake, "a", 50);
        lake.flush();
        lake.compact(Steps.UNOBSERVED);
        BackupReport report = backUp(lake, keepTwo);
        ids.add(report.id());
        assertThat(report.removed()).isEqualTo(day < 2 ? List.of() : List.of(ids.get(day - 2)));
        now = now.plus(Duration.ofDays(2));
      }
    }
    Backups.Found left = backups().all();
    assertThat(left.whole()).extracting(Manifest::id).containsExactly(ids.get(3), ids.get(2));
    Set<String> needed = new HashSet<>();
    left.whole().forEach(backup -> backup.data().forEach(file -> needed.add(file.path())));
    assertThat(files(place.resolve("data"))).isEqualTo(needed);
    for (Manifest backup : left.whole()) {
      BackupRun.checksums(backups(), backup, Steps.UNOBSERVED);
    }
  }

  @Test
  void aDamagedOneIsRefusedBeforeAnythingIsTouched() throws Exception {
    try (Lake lake = open(1)) {
      accept(lake, "a", 30);
      backUp(lake, settings());
      accept(lake, "a", 3);
      lake.flush();
    }
    Path file = place.resolve("data").resolve(files(place.resolve("data")).iterator().next());
    byte[] whole = Files.readAllBytes(file);
    byte[] flipped = whole.clone();
    flipped[flipped.length / 2] ^= 1;
    byte[] cut = Arrays.copyOf(whole, whole.length - 1);
    for (byte[] damaged : List.of(flipped, cut)) {
      Files.write(file, damaged);
      assertThatThrownBy(() -> restore(data))
          .isInstanceOf(BackupException.class)
          .hasMessageContaining(file.getFileName().toString() + " is damaged")
          .hasMessageContaining("Nothing was touched");
      assertThatThrownBy(() -> BackupRun.checksums(backups(), newest(), Steps.UNOBSERVED))
          .isInstanceOf(BackupException.class);
    }
    Files.delete(file);
    assertThatThrownBy(() -> restore(data))
        .isInstanceOf(BackupException.class)
        .hasMessage(
            "%s is missing. Backup %s cannot be restored. Nothing was touched",
            file, newest().id());
    assertThat(data.resolve(Aside.NAME)).as("what was brought until then").doesNotExist();
    try (Lake lake = open(2)) {
      assertThat(Samples.count(lake, "a")).isEqualTo(33);
    }
    Files.write(file, whole);
    assertThat(restore(data).rows()).isEqualTo(30);
  }

  @Test
  void oneOfALaterReleaseIsRefused() throws Exception {
    try (Lake lake = open(1)) {
      accept(lake, "a", 3);
      backUp(lake, settings());
    }
    Manifest made = newest();
    Path manifest = place.resolve(Manifest.folder(made.id())).resolve("manifest.json");
    Files.write(manifest, of(made, 1, 99).json());
    assertThatThrownBy(() -> restore(data)).hasMessageContaining("has schema version 99");
    Files.write(manifest, of(made, 2, 99).json());
    assertThat(backups().all().damaged()).singleElement().asString().contains("has format 2");
  }

  private static Manifest of(Manifest like, int format, int schemaVersion) {
    return new Manifest(
        format,
        like.id(),
        like.madeAt(),
        schemaVersion,
        like.snapshot(),
        like.sites(),
        like.own(),
        like.data());
  }

  @Test
  void aRunningRuntimesDirectoryIsRefused() throws Exception {
    try (Lake lake = open(1)) {
      accept(lake, "a", 3);
      backUp(lake, settings());
      Files.createDirectories(data.resolve("journal"));
      try (var held = Disk.real().tryLock(data.resolve("journal/lock")).orElseThrow()) {
        assertThatThrownBy(() -> restore(data))
            .isInstanceOf(BackupException.class)
            .hasMessageContaining("is in use by a runtime");
      }
    }
  }

  @Test
  void theDrillRestoresAsideAndLeavesNothing() throws Exception {
    try (Lake lake = open(1)) {
      accept(lake, "a", 30);
      BackupReport report =
          backUp(
              lake,
              new BackupSettings(settings().destination(), 1, 1, BackupSettings.Verify.RESTORE));
      assertThat(report.verified()).isEqualTo("restore");
      try (Stream<Path> left = Files.list(data.resolve("tmp"))) {
        assertThat(left.map(path -> path.getFileName().toString()))
            .noneMatch(name -> name.startsWith("drill") || name.startsWith("export"));
      }
    }
  }

  @Test
  void stateComesBackWithoutSaltsAndReplacesNothing() throws Exception {
    Path state = data.resolve("state");
    Files.createDirectories(state.resolve("identity"));
    Files.createDirectories(state.resolve("salts"));
    Files.writeString(state.resolve("identity/a.key"), "key of a");
    Files.writeString(state.resolve("identity/b.key"), "key of b");
    Files.writeString(state.resolve("salts/a.json"), "salt");
    Files.writeString(state.resolve("admin-token"), "token");
    try (Lake lake = open(1)) {
      accept(lake, "a", 3);
      backUp(lake, settings());
    }
    Path target = temporary.resolve("elsewhere");
    Files.createDirectories(target.resolve("state/identity"));
    Files.writeString(target.resolve("state/identity/b.key"), "newer key of b");
    restore(target);
    assertThat(files(target.resolve("state")))
        .isEqualTo(Set.of("identity/a.key", "identity/b.key"));
    assertThat(Files.readString(target.resolve("state/identity/a.key"))).isEqualTo("key of a");
    assertThat(Files.readString(target.resolve("state/identity/b.key")))
        .isEqualTo("newer key of b");
  }

  @ParameterizedTest
  @ValueSource(strings = {"state/identity/a.key", "schema.sql"})
  void oneBitOfWhatItHasForItselfIsRefusedAndNoneOfItIsLeft(String name) throws Exception {
    Files.createDirectories(data.resolve("state/identity"));
    Files.writeString(data.resolve("state/identity/a.key"), "key of a");
    try (Lake lake = open(1)) {
      accept(lake, "a", 3);
      backUp(lake, settings());
    }
    Path file = place.resolve(Manifest.folder(newest().id())).resolve(name);
    byte[] whole = Files.readAllBytes(file);
    byte[] altered = whole.clone();
    altered[3] ^= 1;
    Files.write(file, altered);
    Path target = temporary.resolve("elsewhere");
    assertThatThrownBy(() -> restore(target))
        .isInstanceOf(BackupException.class)
        .hasMessageContainingAll(name + " is damaged", "Nothing was touched");
    assertThat(target.resolve("state")).doesNotExist();
    // Also where the data directory has such a file of its own.
    Files.createDirectories(target.resolve("state/identity"));
    Files.writeString(target.resolve("state/identity/a.key"), "newer key of a");
    assertThatThrownBy(() -> restore(target)).isInstanceOf(BackupException.class);

    Files.write(file, whole);
    restore(target);
    assertThat(Files.readString(target.resolve("state/identity/a.key")))
        .isEqualTo("newer key of a");
    assertThat(target.resolve(Aside.NAME)).doesNotExist();
  }

  @Test
  void oneSiteComesAloneIntoANewLakeAndIntoAnothers() throws Exception {
    List<SiteSums> then;
    Files.createDirectories(data.resolve("state/identity"));
    Files.writeString(data.resolve("state/identity/a.key"), "key of a");
    Files.writeString(data.resolve("state/identity/b.key"), "key of b");
    List<String> sessions;
    try (Lake lake = open(1)) {
      accept(lake, "a", 30);
      accept(lake, "b", 20);
      lake.flush();
      lake.compact(Steps.UNOBSERVED);
      accept(lake, "a", 5);
      accept(lake, "b", 6);
      backUp(lake, settings());
      then = lake.sums();
      sessions = sessions(lake);
    }
    // Its neighbour's files are not even looked for.
    try (Stream<Path> all = Files.walk(place.resolve("data"))) {
      List<Path> neighbours =
          all.filter(Files::isRegularFile)
              .filter(path -> path.toString().contains("site_id=b/"))
              .toList();
      assertThat(neighbours).isNotEmpty();
      for (Path file : neighbours) {
        Files.delete(file);
      }
    }
    Path target = temporary.resolve("own");
    assertThat(restorer(target).restoreSite(newest(), "a", Steps.UNOBSERVED).rows()).isEqualTo(35);
    assertThat(files(target.resolve("state"))).isEqualTo(Set.of("identity/a.key"));
    try (Lake lake = Lake.open(Samples.settings(target), Disk.real())) {
      lake.own(Samples.JOURNAL, 1, Samples.NO_REPLAY);
      assertThat(lake.sums()).containsExactly(then.getFirst());
      assertThat(sessions(lake)).isEqualTo(sessions);
      lake.accept(Samples.numbered(1, views("c", 4)));
      lake.flush();
      lake.compact(Steps.UNOBSERVED);
      assertThat(Samples.count(lake, "a")).isEqualTo(35);
      assertThat(sessions(lake)).hasSize(30);
    }
    // What was erased since does not come back with it.
    ErasureSubject someone =
        new ErasureSubject(
            List.of(new ErasureSubject.Site("a", OptionalInt.empty())),
            Set.of("v0"),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Map.of());
    Path cleaned = temporary.resolve("cleaned");
    assertThat(
            restorer(cleaned)
                .replaying(
                    (manifest, aside) -> aside.erase(someone, false, Steps.UNOBSERVED).events())
                .restoreSite(newest(), "a", Steps.UNOBSERVED)
                .rows())
        .isEqualTo(33);
    try (Lake lake = Lake.open(Samples.settings(cleaned), Disk.real())) {
      assertThat(lake.sums()).extracting(SiteSums::rows).containsExactly(33L);
      assertThat(sessions(lake)).hasSize(29);
    }
    // Done again nothing is done, and a site with other rows is left alone.
    restorer(target).restoreSite(newest(), "a", Steps.UNOBSERVED);
    assertThatThrownBy(() -> restorer(target).restoreSite(newest(), "c", Steps.UNOBSERVED))
        .hasMessageContaining("has nothing of site c; it has [a, b]");
    try (Lake lake = Lake.open(Samples.settings(target), Disk.real())) {
      lake.own(Samples.JOURNAL, 2, Samples.NO_REPLAY);
      lake.accept(Samples.numbered(5, views("a", 1)));
      lake.flush();
    }
    assertThatThrownBy(() -> restorer(target).restoreSite(newest(), "a", Steps.UNOBSERVED))
        .isInstanceOf(BackupException.class)
        .hasMessageContaining("rows of site a in");
    try (Lake lake = Lake.open(Samples.settings(target), Disk.real())) {
      assertThat(lake.sums()).extracting(SiteSums::rows).containsExactly(36L, 4L);
    }
    assertThat(target.resolve(".restore-site")).doesNotExist();
  }

  private static List<String> sessions(Lake lake) throws Exception {
    try (LakeView view = lake.view("a");
        var statement = view.connection().createStatement();
        var rows =
            statement.executeQuery(
                "SELECT session_id FROM %s ORDER BY 1".formatted(view.sessions()))) {
      List<String> found = new ArrayList<>();
      while (rows.next()) {
        found.add(rows.getString(1));
      }
      return found;
    }
  }

  @Test
  void itsAgeOutlivesRestartsAndFailuresDoNotMakeItYounger() throws Exception {
    assertThat(run(BackupSettings.DEFAULT).age()).isEmpty();
    assertThat(run(settings()).age()).hasValue(0);
    now = now.plusSeconds(100);
    assertThat(run(settings()).age()).as("no backup yet").hasValue(100);
    try (Lake lake = open(1)) {
      accept(lake, "a", 3);
      backUp(lake, settings());
      now = now.plusSeconds(50);
      assertThatThrownBy(
              () ->
                  run(settings())
                      .run(
                          lake,
                          () -> {
                            throw new IOException("away");
                          },
                          Steps.UNOBSERVED))
          .hasMessage("away");
    }
    assertThat(run(settings()).age()).hasValue(50);
  }

  @Test
  void whereALakeIsNoneIsWanted() throws Exception {
    try (Lake lake = open(1)) {
      accept(lake, "a", 3);
      backUp(lake, settings());
      accept(lake, "a", 4);
      lake.flush();
    }
    assertThat(
            restorer(data)
                .restoreIfNone(
                    () -> {
                      throw new IOException("not to be asked for");
                    },
                    Steps.UNOBSERVED))
        .isEmpty();
    try (Lake lake = open(2)) {
      assertThat(Samples.count(lake, "a")).isEqualTo(7);
    }
    Path empty = temporary.resolve("empty");
    assertThat(restorer(empty).restoreIfNone(this::newest, Steps.UNOBSERVED))
        .hasValueSatisfying(restored -> assertThat(restored.rows()).isEqualTo(3));
    assertThat(restorer(empty).restoreIfNone(this::newest, Steps.UNOBSERVED)).isEmpty();
  }

  @Test
  void encryptedByAKeyItIsOfUseToNobodyElse() throws Exception {
    Path keyFile = Files.writeString(temporary.resolve("key"), "0123456789abcdef".repeat(4));
    Path otherFile = Files.writeString(temporary.resolve("other"), "fedcba9876543210".repeat(4));
    BackupSettings.Destination folder = new BackupSettings.Folder(place);
    BackupSettings.Destination encrypted = new BackupSettings.Encrypted(folder, keyFile);
    BackupSettings drilled =
        new BackupSettings(Optional.of(encrypted), 1, 1, BackupSettings.Verify.RESTORE);
    try (Lake lake = open(1)) {
      accept(lake, "a", 30);
      backUp(lake, settings());
      now = now.plusSeconds(1);
      BackupReport first = backUp(lake, drilled);
      assertThat(first.filesCopied())
          .as("what was brought in clear is brought again")
          .isEqualTo(first.files() - 2);
      now = now.plusSeconds(1);
      assertThat(backUp(lake, drilled).filesCopied()).isZero();
      now = now.plus(Duration.ofDays(3));
      assertThat(backUp(lake, drilled).removed()).as("the one in clear, too").hasSize(3);
    }
    for (String name : files(place)) {
      assertThat(name).endsWith(".enc");
      byte[] content = Files.readAllBytes(place.resolve(name));
      assertThat(new String(content, StandardCharsets.ISO_8859_1))
          .startsWith("EIDERGCM")
          .doesNotContain("PAR1")
          .doesNotContain("sha256");
    }
    assertThatThrownBy(() -> newest()).hasMessageContaining("--backup-key-file");
    try (BackupPlace wrong =
        BackupPlace.of(new BackupSettings.Encrypted(folder, otherFile), Disk.real())) {
      assertThatThrownBy(() -> new Backups(wrong).find(Optional.empty()))
          .hasMessageContaining("encrypted by another key");
    }
    try (BackupPlace right = BackupPlace.of(encrypted, Disk.real())) {
      Backups there = new Backups(right);
      Manifest newest = there.find(Optional.empty());
      BackupRun.checksums(there, newest, Steps.UNOBSERVED);
      Path target = temporary.resolve("elsewhere");
      assertThat(
              new Restorer(there, target, EXTENSIONS, Disk.real(), () -> now)
                  .restore(newest, Steps.UNOBSERVED)
                  .rows())
          .isEqualTo(30);
      Path file = place.resolve("data").resolve(files(place.resolve("data")).iterator().next());
      byte[] whole = Files.readAllBytes(file);
      whole[whole.length - 20] ^= 1;
      Files.write(file, whole);
      assertThatThrownBy(
              () ->
                  new Restorer(there, target, EXTENSIONS, Disk.real(), () -> now)
                      .restore(newest, Steps.UNOBSERVED))
          .hasMessageContaining("is damaged");
    }
    assertThat(restoredRows(temporary.resolve("elsewhere"))).containsExactly(30L);
  }
}
