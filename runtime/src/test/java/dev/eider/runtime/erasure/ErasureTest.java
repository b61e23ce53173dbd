package dev.eider.runtime.erasure;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import dev.eider.runtime.audit.AuditEntry;
import dev.eider.runtime.audit.AuditLog;
import dev.eider.runtime.backup.BackupErasure;
import dev.eider.runtime.backup.BackupException;
import dev.eider.runtime.backup.BackupPlace;
import dev.eider.runtime.backup.BackupRun;
import dev.eider.runtime.backup.Backups;
import dev.eider.runtime.backup.Manifest;
import dev.eider.runtime.backup.Restorer;
import dev.eider.runtime.command.Eider;
import dev.eider.runtime.config.BackupSettings;
import dev.eider.runtime.config.FlushSettings;
import dev.eider.runtime.config.LakePlace;
import dev.eider.runtime.disk.Disk;
import dev.eider.runtime.event.Event;
import dev.eider.runtime.journal.Journal;
import dev.eider.runtime.journal.JournalSettings;
import dev.eider.runtime.lake.ByteSearch;
import dev.eider.runtime.lake.EraseReport;
import dev.eider.runtime.lake.ErasureSubject;
import dev.eider.runtime.lake.Flusher;
import dev.eider.runtime.lake.Lake;
import dev.eider.runtime.lake.LakeException;
import dev.eider.runtime.lake.LakeView;
import dev.eider.runtime.lake.Samples;
import dev.eider.runtime.lake.SiteSums;
import dev.eider.runtime.lake.Steps;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ErasureTest {

  private static final Path EXTENSIONS = Path.of("target/extensions").toAbsolutePath();
  private static final String ALICE = "zz-alice-0123456789abcdef";
  private static final Instant NOON = Instant.parse("2026-05-04T12:00:00Z");

  @TempDir private Path temporary;
  private Path data;
  private Path place;
  private Optional<Path> erasureKey = Optional.empty();
  private Optional<Path> backupKey = Optional.empty();
  private Instant now = Instant.parse("2026-05-10T02:00:00Z");

  @BeforeEach
  void folders() {
    data = temporary.resolve("data");
    place = temporary.resolve("backups");
  }

  @Test
  void nothingIsLeftOnTheVolumeNorInBackupsAndNoneComesBack() throws Exception {
    String oldest;
    Receipt receipt;
    try (Running running = new Running()) {
      running.append(day(0));
      oldest = backUp(running);
      running.append(day(1));
      backUp(running);
      assertThat(ByteSearch.holding(temporary, ALICE)).isNotEmpty();
      ErasureCount counted = run().count(running.target(), order(ALICE), Steps.UNOBSERVED);
      assertThat(counted.bytesRewritten()).isPositive();
      assertThat(counted)
          .isEqualTo(
              new ErasureCount(
                  true,
                  2,
                  2,
                  2,
                  2,
                  counted.bytesRewritten(),
                  0,
                  0,
                  0,
                  2,
                  List.of(new EraseReport.Site("a", 2, 2))));

      running.append(List.of(Samples.view("a", ALICE, NOON.plusSeconds(5), "/hot")));
      // As a restore that was killed leaves it.
      Path half = Files.createDirectories(data.resolve(".restore/lake/data"));
      Files.writeString(half.resolve("half.parquet"), ALICE);
      // And a backup.
      Path dead = Files.createDirectories(place.resolve("backups/20260509T020000.000Z"));
      Files.writeString(dead.resolve("catalog.ducklake"), ALICE);
      Files.writeString(dead.resolve("schema.sql.partial"), ALICE);
      Files.writeString(place.resolve("data/main/recent/nobodys.parquet"), ALICE);
      receipt = run().erase(running.target(), "req-1", order(ALICE), Steps.UNOBSERVED);
      assertThat(receipt.events()).isEqualTo(3);
      assertThat(receipt.backupsRewritten()).isEqualTo(2);
      assertThat(receipt.backupsDeleted()).isZero();
      assertThat(receipt.journalSegments()).isPositive();
      assertThat(receipt.hasItsChecksum()).isTrue();
      assertThat(receipt.toString()).doesNotContain(ALICE);
      assertThat(ByteSearch.holding(temporary, ALICE)).isEmpty();
      assertThat(dead).doesNotExist();
      assertThat(running.lake.sums()).extracting(SiteSums::rows).containsExactly(2L, 2L);
      // Asking again is the same erasure.
      assertThat(run().erase(running.target(), "req-1", order(ALICE), Steps.UNOBSERVED))
          .isEqualTo(receipt);
      // What a person does later is another matter.
      now = Instant.now().plusSeconds(1);
    }
    for (Manifest manifest : manifests()) {
      try (BackupPlace from = BackupPlace.of(destination(), Disk.real())) {
        BackupRun.checksums(new Backups(from), manifest, Steps.UNOBSERVED);
      }
    }
    Path elsewhere = temporary.resolve("elsewhere");
    restore(elsewhere, oldest);
    try (Lake lake = Lake.open(Samples.settings(elsewhere), Disk.real())) {
      assertThat(lake.sums()).extracting(SiteSums::rows).containsExactly(1L, 1L);
    }
    assertThat(ByteSearch.holding(temporary, ALICE)).isEmpty();
  }

  @Test
  void backupsCanGoInstead() throws Exception {
    try (Running running = new Running()) {
      running.append(List.of(Samples.view("a", "bob", NOON, "/")));
      String without = backUp(running);
      running.append(day(0));
      backUp(running);
      ErasureOrder expire = new ErasureOrder(order(ALICE).subject(), ErasureOrder.Backups.EXPIRE);
      Receipt receipt = run().erase(running.target(), "req-1", expire, Steps.UNOBSERVED);
      assertThat(receipt.backupsDeleted()).isEqualTo(1);
      assertThat(manifests()).extracting(Manifest::id).containsExactly(without);
      assertThat(ByteSearch.holding(temporary, ALICE)).isEmpty();
    }
  }

  /** A copy of the backups that was kept elsewhere. */
  @Test
  void whatABackupBringsBackIsErasedBeforeItIsSeen() throws Exception {
    Path kept = temporary.resolve("kept");
    try (Running running = new Running()) {
      running.append(day(0));
      backUp(running);
      copy(place, kept);
      run().erase(running.target(), "req-1", order(ALICE), Steps.UNOBSERVED);
      run()
          .erase(
              running.target(),
              "req-2",
              new ErasureOrder(
                  new ErasureSubject(
                      sites("b"),
                      Set.of(),
                      Optional.of(new ErasureSubject.Property("plan", "pro")),
                      Optional.empty(),
                      Optional.empty(),
                      Map.of("country", "DE")),
                  ErasureOrder.Backups.REWRITE),
              Steps.UNOBSERVED);
    }
    // All that is beside the ledger.
    place.resolve("backups").toFile().renameTo(temporary.resolve("gone").toFile());
    copy(kept.resolve("backups"), place.resolve("backups"));
    copy(kept.resolve("data"), place.resolve("data"));
    assertThat(ByteSearch.holding(place, ALICE)).isNotEmpty();
    String old = manifests().getFirst().id();
    // Without the key nobody can tell whose rows they are.
    assertThatThrownBy(() -> restore(temporary.resolve("elsewhere"), old))
        .isInstanceOf(BackupException.class)
        .hasMessageContaining("2 erasures were asked for after backup " + old)
        .hasMessageContaining("state/erasure/" + Ledger.open(data, Disk.real()).key().name());
    assertThat(temporary.resolve("elsewhere/lake")).doesNotExist();
    restore(data, old);
    assertThat(ByteSearch.holding(data.resolve("lake"), ALICE)).isEmpty();
    try (Lake lake = Lake.open(Samples.settings(data), Disk.real())) {
      assertThat(lake.sums()).extracting(SiteSums::rows).containsExactly(1L);
    }
  }

  /** Where the volume is lost, what seals the key is enough to keep people erased. */
  @Test
  void onANewVolumeTheSecretTellsWhoWasErased() throws Exception {
    erasureKey = Optional.of(key("secret", 7));
    String old = erasedSinceAKeptBackup();
    Set<Path> ledger = files(place.resolve("erasures"));
    assertThat(ledger).hasSize(4).anySatisfy(file -> assertThat(file.toString()).endsWith(".enc"));
    byte[] secret = Files.readAllBytes(data.resolve("state/erasure/key"));
    for (Path file : files(place)) {
      assertThat(Files.readString(file, ISO_8859_1))
          .as("%s", file)
          .doesNotContain(
              new String(secret, ISO_8859_1),
              HexFormat.of().formatHex(secret),
              Base64.getEncoder().encodeToString(secret));
    }
    deleteTheVolume();

    Path elsewhere = temporary.resolve("elsewhere");
    Optional<Path> rightOne = erasureKey;
    erasureKey = Optional.empty();
    assertThatThrownBy(() -> restore(elsewhere, old)).hasMessageContaining("--erasure-key");
    erasureKey = Optional.of(key("another", 8));
    assertThatThrownBy(() -> restore(elsewhere, old)).hasMessageContaining("--erasure-key");
    assertThat(elsewhere.resolve("lake")).doesNotExist();

    // As a pod has it that is another site: its own and that of the site that was backed up.
    Path both = Files.createDirectories(temporary.resolve("both/..data")).getParent();
    Files.copy(erasureKey.get(), both.resolve("key"));
    Files.copy(rightOne.get(), both.resolve("of-source"));
    erasureKey = Optional.of(both);
    restore(elsewhere, old);
    onlyBobAndCarolAreIn(elsewhere);

    // What was brought is carried on: from the new volume's backups to the next one.
    data = elsewhere;
    now = now.plusSeconds(60);
    place = temporary.resolve("others");
    try (Running running = new Running()) {
      assertThat(run().replay(running.target(), true, Steps.UNOBSERVED))
          .isEqualTo(new ErasureRun.Replayed(1, List.of(), 0, 0));
    }
    copy(temporary.resolve("kept/backups"), place.resolve("backups"));
    copy(temporary.resolve("kept/data"), place.resolve("data"));
    erasureKey = Optional.of(key("another", 8));
    deleteTheVolume();
    restore(temporary.resolve("third"), old);
    onlyBobAndCarolAreIn(temporary.resolve("third"));
  }

  @Test
  void theKeyThatBackupsAreEncryptedByIsEnough() throws Exception {
    backupKey = Optional.of(key("own", 9));
    String old = erasedSinceAKeptBackup();
    deleteTheVolume();
    Path elsewhere = temporary.resolve("elsewhere");
    restore(elsewhere, old);
    onlyBobAndCarolAreIn(elsewhere);
  }

  /** An erasure of before there was anything to seal its key by. */
  @Test
  void theDailyRunSealsWhatLayOnTheVolumeAlone() throws Exception {
    String old = erasedSinceAKeptBackup();
    assertThat(files(place.resolve("erasures"))).hasSize(3);
    erasureKey = Optional.of(key("secret", 7));
    try (Running running = new Running()) {
      run().replay(running.target(), false, Steps.UNOBSERVED);
      assertThat(files(place.resolve("erasures"))).as("a dry run").hasSize(3);
      run().replay(running.target(), true, Steps.UNOBSERVED);
      run().replay(running.target(), true, Steps.UNOBSERVED);
      assertThat(files(place.resolve("erasures"))).hasSize(4);
    }
    deleteTheVolume();
    Path elsewhere = temporary.resolve("elsewhere");
    String[] restore = {
      "restore",
      "--from=" + place,
      "--backup-id=" + old,
      "--data=" + elsewhere,
      "--extensions=" + EXTENSIONS,
      "--yes"
    };
    Eider.Run without = Eider.run(restore);
    assertThat(without.code()).isEqualTo(1);
    assertThat(without.err()).contains("--erasure-key", "Nothing was touched");
    Eider.Run with =
        Eider.run(
            Stream.concat(Stream.of(restore), Stream.of("--erasure-key=" + erasureKey.get()))
                .toArray(String[]::new));
    assertThat(with.out()).as(with.err()).contains("restored 2 rows");
    assertThat(AuditLog.open(elsewhere, Disk.real()).entries(entry -> true, Instant.EPOCH))
        .extracting(AuditEntry::who, AuditEntry::action, AuditEntry::requestId, AuditEntry::detail)
        .containsExactly(tuple("command line", "restore", old, "2 rows from " + place));
    onlyBobAndCarolAreIn(elsewhere);
  }

  @Test
  void aSealThatIsNotThereIsSaidBeforeAnythingIsErased() throws Exception {
    erasureKey = Optional.of(Files.createDirectories(temporary.resolve("empty")));
    try (Running running = new Running()) {
      running.append(day(0));
      assertThatThrownBy(
              () -> run().erase(running.target(), "req-1", order(ALICE), Steps.UNOBSERVED))
          .isInstanceOf(BackupException.class)
          .hasMessageContaining("no file that is called key")
          .hasMessageContaining("--erasure-key");
      running.flusher.flush();
      assertThat(running.lake.sums()).extracting(SiteSums::rows).containsExactly(2L, 1L);
    }
  }

  /** A backup that has Alice's rows, in a place whose ledger has her erasure; answers its name. */
  private String erasedSinceAKeptBackup() throws Exception {
    Path kept = temporary.resolve("kept");
    String id;
    try (Running running = new Running()) {
      running.append(day(0));
      id = backUp(running);
      copy(place, kept);
      run().erase(running.target(), "req-1", order(ALICE), Steps.UNOBSERVED);
    }
    place.resolve("backups").toFile().renameTo(temporary.resolve("gone").toFile());
    copy(kept.resolve("backups"), place.resolve("backups"));
    copy(kept.resolve("data"), place.resolve("data"));
    if (backupKey.isEmpty()) {
      assertThat(ByteSearch.holding(place, ALICE)).as("in the old backup").isNotEmpty();
    }
    assertThat(ByteSearch.holding(place.resolve("erasures"), ALICE)).isEmpty();
    return id;
  }

  private void deleteTheVolume() {
    data = temporary.resolve("nowhere");
  }

  private static void onlyBobAndCarolAreIn(Path where) throws IOException {
    assertThat(ByteSearch.holding(where, ALICE)).isEmpty();
    try (Lake lake = Lake.open(Samples.settings(where), Disk.real())) {
      assertThat(lake.sums()).extracting(SiteSums::rows).containsExactly(1L, 1L);
    }
  }

  private Path key(String name, int seed) throws IOException {
    byte[] secret = new byte[32];
    Arrays.fill(secret, (byte) seed);
    return Files.writeString(
        temporary.resolve(name), Base64.getEncoder().encodeToString(secret) + "\n");
  }

  private static Set<Path> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).collect(Collectors.toSet());
    }
  }

  @Test
  void oneThatWasInterruptedIsNotSaidToBeDoneAndIsFinishedLater() throws Exception {
    List<String> steps = new ArrayList<>();
    try (Running running = new Running()) {
      running.append(day(0));
      backUp(running);
      run().erase(running.target(), "probe", order("nobody"), steps::add);
    }
    // Stops before some of the steps that an erasure takes, from the first to the last.
    int some = steps.size() / 6;
    for (int at = 0; at <= steps.size(); at += some) {
      folders();
      data = temporary.resolve("data-" + at);
      place = temporary.resolve("backups-" + at);
      now = now.plusSeconds(60);
      int stop = at;
      try (Running running = new Running()) {
        running.append(day(0));
        backUp(running);
        List<String> taken = new ArrayList<>();
        Steps until =
            step -> {
              taken.add(step);
              if (taken.size() == stop + 1) {
                throw new LakeException("stopped before: " + step);
              }
            };
        boolean stopped = false;
        try {
          run().erase(running.target(), "req-1", order(ALICE), until);
        } catch (LakeException e) {
          stopped = true;
        }
        Ledger ledger = Ledger.open(data, Disk.real());
        assertThat(ledger.receipt("req-1").isEmpty()).as("step %d", at).isEqualTo(stopped);
      }
      try (Running running = new Running()) {
        ErasureRun.Replayed replayed = run().replay(running.target(), true, Steps.UNOBSERVED);
        assertThat(replayed.erasures()).isEqualTo(1);
        assertThat(ByteSearch.holding(data, ALICE)).as("step %d", at).isEmpty();
        assertThat(ByteSearch.holding(place, ALICE)).as("step %d", at).isEmpty();
        assertThat(running.lake.sums()).extracting(SiteSums::rows).containsExactly(1L, 1L);
        // What had gone before it was interrupted is counted, too.
        assertThat(Ledger.open(data, Disk.real()).receipt("req-1").orElseThrow())
            .as("step %d", at)
            .satisfies(
                receipt ->
                    assertThat(receipt.sites()).containsExactly(new EraseReport.Site("a", 1, 1)))
            .extracting(Receipt::events, Receipt::sessions, Receipt::partitions)
            .containsExactly(1L, 1L, 1L);
      }
    }
  }

  @Test
  void eventsGoOnComingWhileOneIsErased() throws Exception {
    try (Running running = new Running()) {
      running.append(day(0));
      now = Instant.now();
      AtomicBoolean done = new AtomicBoolean();
      AtomicInteger sent = new AtomicInteger();
      AtomicReference<Optional<Exception>> trouble = new AtomicReference<>(Optional.empty());
      Thread sender =
          Thread.ofPlatform()
              .start(
                  () -> {
                    try {
                      while (!done.get() || sent.get() < 200) {
                        running.append(
                            List.of(Samples.view("a", "v" + sent.get() % 9, NOON, "/load")));
                        if (sent.incrementAndGet() % 20 == 0) {
                          try (LakeView view = running.lake.view("a")) {
                            assertThat(view.snapshot()).isPositive();
                          }
                        }
                      }
                    } catch (Exception e) {
                      trouble.set(Optional.of(e));
                    }
                  });
      await().until(() -> sent.get() > 20);
      Receipt receipt = run().erase(running.target(), "req-1", order(ALICE), Steps.UNOBSERVED);
      done.set(true);
      sender.join();
      assertThat(trouble.get()).isEmpty();
      assertThat(receipt.events()).isEqualTo(1);
      running.flusher.flush();
      assertThat(running.lake.sums())
          .extracting(SiteSums::rows)
          .containsExactly(1L + sent.get(), 1L);
      assertThat(ByteSearch.holding(data, ALICE)).isEmpty();
    }
  }

  /** Rows of a journal that comes to the lake late. */
  @Test
  void whatComesLateIsErasedByTheDailyRun() throws Exception {
    try (Running running = new Running()) {
      running.append(day(0));
      Receipt receipt = run().erase(running.target(), "req-1", order(ALICE), Steps.UNOBSERVED);
      Event late = Samples.view("a", ALICE, NOON, "/late");
      running.append(List.of(late));
      assertThat(run().replay(running.target(), false, Steps.UNOBSERVED).again()).isEqualTo(1);
      assertThat(run().replay(running.target(), true, Steps.UNOBSERVED).again()).isEqualTo(1);
      assertThat(ByteSearch.holding(data, ALICE)).isEmpty();
      // Accepted after the erasure.
      running.append(
          List.of(Samples.view("a", ALICE, receipt.acceptedUntil().plusSeconds(1), "/")));
      assertThat(run().replay(running.target(), true, Steps.UNOBSERVED).again()).isZero();
      assertThat(running.lake.sums()).extracting(SiteSums::rows).containsExactly(2L, 1L);
    }
  }

  /** Two sites' events of a day, one of Alice's among them. */
  private static List<Event> day(int day) {
    Instant at = NOON.plus(Duration.ofDays(day));
    return List.of(
        Samples.view("a", "bob", at, "/b"),
        Samples.view("a", ALICE, at.plusSeconds(1), "/a"),
        Samples.full("b", "carol", at));
  }

  private static ErasureOrder order(String visitor) {
    return new ErasureOrder(
        new ErasureSubject(
            sites("a"),
            Set.of(visitor),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Map.of()),
        ErasureOrder.Backups.REWRITE);
  }

  private static List<ErasureSubject.Site> sites(String... ids) {
    return Stream.of(ids).map(id -> new ErasureSubject.Site(id, OptionalInt.empty())).toList();
  }

  /** A journal and a lake, as a runtime has them. */
  private final class Running implements AutoCloseable {

    private final Journal journal;
    private final Lake lake;
    private final Flusher flusher;

    Running() throws IOException {
      Files.createDirectories(data);
      journal = Journal.open(data.resolve("journal"), JournalSettings.DEFAULT, Disk.real());
      lake = Lake.open(Samples.settings(data), Disk.real());
      flusher =
          Flusher.start(
              lake,
              journal,
              new FlushSettings(1_000_000, Duration.ofHours(1), Duration.ofSeconds(30)));
    }

    void append(List<Event> events) throws Exception {
      journal.append(events);
    }

    ErasureRun.Target target() {
      return new ErasureRun.Target(journal, flusher, lake);
    }

    @Override
    public void close() throws IOException {
      flusher.close();
      journal.close();
      lake.close();
    }
  }

  private ErasureRun run() {
    return new ErasureRun(
        data, EXTENSIONS, settings(), Optional.empty(), LakePlace.VOLUME, Disk.real(), clock());
  }

  private InstantSource clock() {
    return () -> now;
  }

  private BackupSettings settings() {
    return new BackupSettings(Optional.of(destination()), 14, 35, BackupSettings.Verify.CHECKSUM)
        .withErasureKey(erasureKey);
  }

  private BackupSettings.Destination destination() {
    BackupSettings.Destination folder = new BackupSettings.Folder(place);
    return backupKey
        .<BackupSettings.Destination>map(key -> new BackupSettings.Encrypted(folder, key))
        .orElse(folder);
  }

  private String backUp(Running running) throws Exception {
    now = now.plusSeconds(60);
    String id =
        new BackupRun(settings(), data, EXTENSIONS, Disk.real(), clock())
            .run(running.lake, running.flusher::flush, Steps.UNOBSERVED)
            .id();
    now = now.plusSeconds(60);
    return id;
  }

  private List<Manifest> manifests() throws IOException {
    try (BackupPlace from = BackupPlace.of(destination(), Disk.real())) {
      return new Backups(from).all().whole();
    }
  }

  private void restore(Path to, String id) throws IOException {
    try (BackupPlace from = BackupPlace.of(destination(), Disk.real())) {
      Backups backups = new Backups(from);
      Ledger ledger = Ledger.open(to, Disk.real());
      ledger.merge(from, new Seals(erasureKey));
      BackupErasure erased = new BackupErasure(backups, to, EXTENSIONS, Disk.real());
      Manifest manifest = backups.find(Optional.of(id));
      new Restorer(backups, to, EXTENSIONS, Disk.real(), clock())
          .replaying(
              (each, lake) -> ErasureRun.replay(ledger, erased, each, lake, Steps.UNOBSERVED))
          .restore(manifest, Steps.UNOBSERVED);
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path target = to.resolve(from.relativize(file).toString());
        Files.createDirectories(target.getParent());
        Files.copy(file, target, StandardCopyOption.REPLACE_EXISTING);
      }
    }
  }
}
