package dev.eider.runtime.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.eider.runtime.command.Eider;
import dev.eider.runtime.config.BackupSettings;
import dev.eider.runtime.disk.Disk;
import dev.eider.runtime.disk.DiskFullException;
import dev.eider.runtime.lake.Lake;
import dev.eider.runtime.lake.Samples;
import dev.eider.runtime.lake.Steps;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Backups of which something is wrong: what is said of them, and what a refused restore leaves. */
class RefusedTest {

  private static final Path EXTENSIONS = Path.of("target/extensions").toAbsolutePath();
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Instant NOON = Instant.parse("2026-05-04T12:00:00Z");

  @TempDir private Path temporary;
  private Path place;
  private final AtomicInteger runs = new AtomicInteger();
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

  private void damage(String id, String name) {
    Path file = place.resolve(Manifest.folder(id)).resolve(name);
    try {
      byte[] whole = Files.readAllBytes(file);
      Files.write(file, Arrays.copyOf(whole, whole.length - 20));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
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
  void whatLiesBesideBackupsIsNotLookedInto() throws Exception {
    Path data = temporary.resolve("data");
    Path found = Files.createDirectories(place.resolve("lost+found"));
    Files.writeString(found.resolve("x.partial"), "somebody else's");
    Path half = place.resolve("data/main/half.parquet.partial");
    Files.writeString(half, "of a backup that died");
    Files.createDirectories(place.resolve("backups/20260101T000000.000Z/state"));
    Path late = place.resolve("backups/20260504T115900.000Z/catalog.ducklake");
    Files.writeString(Files.createDirectories(late.getParent()).resolve(late.getFileName()), "x");
    try (Lake lake = Lake.open(Samples.settings(data), Disk.real())) {
      lake.own(Samples.JOURNAL, 2, Samples.NO_REPLAY);
      backUp(lake, data, 3);
    }
    assertThat(found.resolve("x.partial")).exists();
    assertThat(late).as("another may be making it").exists();
    assertThat(half).doesNotExist();
    assertThat(place.resolve("backups/20260101T000000.000Z")).doesNotExist();
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

  @Test
  void byAnotherKeyNothingIsWrittenOverWhatOthersNeed() throws Exception {
    Path data = temporary.resolve("data");
    Path sealed = temporary.resolve("sealed");
    String first;
    try (Lake lake = Lake.open(Samples.settings(data), Disk.real())) {
      lake.own(Samples.JOURNAL, 2, Samples.NO_REPLAY);
      first = run(lake, data, encrypted(sealed, "a")).id();
      assertThatThrownBy(() -> run(lake, data, encrypted(sealed, "b")))
          .isInstanceOf(BackupException.class)
          .hasMessage(
              sealed
                  + " has 1 backups that were encrypted by another key, the last is "
                  + first
                  + ": give that key, or back up to another folder or prefix by the new one. Nothing was copied");
      run(lake, data, new BackupSettings.Folder(sealed));
    }
    try (BackupPlace right = BackupPlace.of(encrypted(sealed, "a"), Disk.real())) {
      Backups there = new Backups(right);
      BackupRun.checksums(there, there.find(Optional.of(first)), Steps.UNOBSERVED);
    }
  }

  private BackupSettings.Destination encrypted(Path folder, String digit) throws IOException {
    return new BackupSettings.Encrypted(
        new BackupSettings.Folder(folder),
        Files.writeString(temporary.resolve("key-" + digit), digit.repeat(64)));
  }

  private BackupReport run(Lake lake, Path data, BackupSettings.Destination to) throws Exception {
    BackupSettings settings =
        new BackupSettings(Optional.of(to), 10, 10, BackupSettings.Verify.CHECKSUM);
    Instant at = NOON.plusSeconds(100 + runs.incrementAndGet());
    return new BackupRun(settings, data, EXTENSIONS, Disk.real(), InstantSource.fixed(at))
        .run(lake, lake::flush, Steps.UNOBSERVED);
  }

  @Test
  void anAlteredManifestIsNoBackup() throws Exception {
    Manifest sound = backups().find(Optional.of(newer));
    Path file = place.resolve(Manifest.folder(newer)).resolve("manifest.json");
    ObjectNode tree = (ObjectNode) JSON.readTree(file.toFile());
    ((ArrayNode) tree.get("data")).remove(0);
    Files.writeString(file, tree.toPrettyString());

    assertThatThrownBy(() -> backups().find(Optional.of(newer)))
        .isInstanceOf(BackupException.class)
        .hasMessageContaining("manifest.json is damaged: it has another checksum than was written");
    assertThat(verify().out().lines().skip(1)).singleElement().asString().contains(newer);

    // As it was written before manifests had checksums, in whatever layout.
    tree = (ObjectNode) JSON.readTree(sound.json());
    tree.remove("sha256");
    Files.writeString(file, tree.toString());
    assertThat(backups().find(Optional.of(newer))).isEqualTo(sound);
  }

  @Test
  void whoWantsTheNewestDoesNotGetAnOlderOneUnasked() throws Exception {
    damage(newer, "manifest.json");
    String said =
        "backup %s cannot be read, and the newest before it that can be is %s: say that it is to be"
            + " that one, by --backup-id or spec.restoreFrom.backupId. ";
    for (ThrowingCallable asked :
        List.<ThrowingCallable>of(
            () -> backups().find(Optional.empty()),
            () -> backups().begunBy(NOON.plusSeconds(2)),
            () -> backups().begunBy(NOON.plusSeconds(3)))) {
      assertThatThrownBy(asked)
          .isInstanceOf(BackupException.class)
          .hasMessageStartingWith(said.formatted(newer, older))
          .hasMessageContaining("manifest.json");
    }
    assertThat(backups().begunBy(NOON.plusSeconds(1)).id()).isEqualTo(older);
    assertThat(backups().find(Optional.of(older)).id()).isEqualTo(older);
    Eider.Run restore =
        Eider.run(
            "restore",
            "--from=" + place,
            "--data=" + temporary.resolve("elsewhere"),
            "--extensions=" + EXTENSIONS,
            "--yes");
    assertThat(restore.code()).isNotZero();
    assertThat(restore.err()).contains(said.formatted(newer, older));
    assertThat(temporary.resolve("elsewhere/lake")).doesNotExist();
  }

  /** The name tells what is in it, so nobody would bring it again. */
  @ParameterizedTest
  @EnumSource(
      value = BackupSettings.Verify.class,
      names = {"CHECKSUM", "RESTORE"})
  void aFileThatIsDamagedThereIsBroughtAgain(BackupSettings.Verify verify) throws Exception {
    Manifest.File file = backups().find(Optional.of(older)).data().getFirst();
    Path damaged = place.resolve("data").resolve(file.path());
    byte[] bytes = Files.readAllBytes(damaged);
    bytes[bytes.length / 2] ^= 1;
    Files.write(damaged, bytes);
    assertThatThrownBy(() -> checksums(older)).hasMessageContaining("is damaged");

    try (Lake lake = Lake.open(Samples.settings(temporary.resolve("data")), Disk.real())) {
      lake.own(Samples.JOURNAL, 2, Samples.NO_REPLAY);
      BackupReport report = run(lake, verify, Disk.real(), Steps.UNOBSERVED);
      assertThat(report.filesCopied()).isEqualTo(1);
      checksums(report.id());
    }
    checksums(older);
  }

  @Test
  void oneThatIsNotWhatWasWrittenIsNotKept() throws Exception {
    Steps damaging =
        step -> {
          if (step.startsWith("verify file 1 of")) {
            damage(newestFolder(), Manifest.CATALOG);
          }
        };
    try (Lake lake = Lake.open(Samples.settings(temporary.resolve("data")), Disk.real())) {
      lake.own(Samples.JOURNAL, 2, Samples.NO_REPLAY);
      assertThatThrownBy(() -> run(lake, BackupSettings.Verify.CHECKSUM, Disk.real(), damaging))
          .isInstanceOf(BackupException.class)
          .hasMessageContaining(Manifest.CATALOG + " is damaged")
          .hasMessageEndingWith("It is not kept");
    }
    assertThat(backups().all().whole()).extracting(Manifest::id).containsExactly(newer, older);
  }

  @Test
  void whatThereIsNoRoomForIsNotBegun() throws Exception {
    Manifest manifest = backups().find(Optional.of(newer));
    Path data = temporary.resolve("elsewhere");
    assertThatThrownBy(
            () ->
                new Restorer(backups(), data, EXTENSIONS, full(), InstantSource.system())
                    .restore(manifest, Steps.UNOBSERVED))
        .isInstanceOf(DiskFullException.class)
        .hasMessage(
            "%s has room for 10 bytes, and backup %s has %,d: make room, or give it a larger volume."
                + " Nothing was touched",
            data, newer, manifest.bytes());
    assertThat(data.resolve(Aside.NAME)).doesNotExist();

    try (Lake lake = Lake.open(Samples.settings(temporary.resolve("data")), Disk.real())) {
      lake.own(Samples.JOURNAL, 2, Samples.NO_REPLAY);
      lake.accept(Samples.numbered(3, List.of(Samples.view("a", "v3", NOON, "/"))));
      assertThatThrownBy(() -> run(lake, BackupSettings.Verify.CHECKSUM, full(), Steps.UNOBSERVED))
          .isInstanceOf(DiskFullException.class)
          .hasMessageStartingWith(place + " has room for 10 bytes, and this backup has ")
          .hasMessageContaining("Nothing was copied");
    }
    assertThat(backups().all().whole()).extracting(Manifest::id).containsExactly(newer, older);
  }

  /** It may well be whole. */
  @Test
  void oneThatCannotBeTriedIsKept() throws Exception {
    try (Lake lake = Lake.open(Samples.settings(temporary.resolve("data")), Disk.real())) {
      lake.own(Samples.JOURNAL, 2, Samples.NO_REPLAY);
      AtomicInteger asked = new AtomicInteger();
      // Room where backups are, and none for the drill.
      Disk full = with(() -> asked.getAndIncrement() == 0 ? Long.MAX_VALUE : 10L);
      assertThatThrownBy(() -> run(lake, BackupSettings.Verify.RESTORE, full, Steps.UNOBSERVED))
          .isInstanceOf(DiskFullException.class)
          .hasMessageContaining("has room for 10 bytes");
    }
    assertThat(backups().all().whole())
        .extracting(Manifest::id)
        .containsExactly(newestFolder(), newer, older);
  }

  private BackupReport run(Lake lake, BackupSettings.Verify verify, Disk disk, Steps steps)
      throws Exception {
    BackupSettings settings =
        new BackupSettings(Optional.of(new BackupSettings.Folder(place)), 14, 35, verify);
    return new BackupRun(
            settings,
            temporary.resolve("data"),
            EXTENSIONS,
            disk,
            InstantSource.fixed(NOON.plusSeconds(9)))
        .run(lake, () -> lake.flush(), steps);
  }

  private void checksums(String id) throws IOException {
    BackupRun.checksums(backups(), backups().find(Optional.of(id)), Steps.UNOBSERVED);
  }

  private String newestFolder() {
    return BackupMaker.ID.format(NOON.plusSeconds(9));
  }

  /** A volume with room for 10 bytes. */
  private static Disk full() {
    return with(() -> 10L);
  }

  private static Disk with(LongSupplier freeBytes) {
    return (Disk)
        Proxy.newProxyInstance(
            Disk.class.getClassLoader(),
            new Class<?>[] {Disk.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("freeBytes")) {
                return freeBytes.getAsLong();
              }
              try {
                return method.invoke(Disk.real(), arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  private Eider.Run verify(String... more) {
    return Eider.run(
        Stream.concat(Stream.of("verify", "backup", "--from", place.toString()), Stream.of(more))
            .toArray(String[]::new));
  }
}
