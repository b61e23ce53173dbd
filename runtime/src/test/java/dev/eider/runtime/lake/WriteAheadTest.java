package dev.eider.runtime.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eider.runtime.disk.Disk;
import dev.eider.runtime.disk.ForgetfulDisk;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WriteAheadTest {

  private static final Instant NOON = Instant.parse("2026-05-04T12:00:00Z");
  private static final Instant LATER = NOON.plus(Duration.ofDays(1));

  @TempDir Path folder;

  @Test
  void knowsWhatWasWrittenAndNotCommitted() throws Exception {
    String left = name(NOON.plusSeconds(1));
    String kept = name(NOON.plusSeconds(2));
    String old = name(NOON.minusSeconds(1));
    try (WriteAhead list = WriteAhead.open(file(), Disk.real(), NOON)) {
      list.wrote(List.of("/data/main/recent/" + left, "s3://bucket/x/main/recent/" + kept));
      list.committed(List.of("s3://bucket/x/main/recent/" + kept));
    }
    try (WriteAhead list = WriteAhead.open(file(), Disk.real(), LATER)) {
      WriteAhead.Listed listed = list.read();
      assertThat(listed)
          .isEqualTo(
              new WriteAhead.Listed(NOON, Set.of(left, kept), Set.of(kept), Set.of(), Set.of()));
      assertThat(listed.isOrphan("/anywhere/" + left, NOON)).isTrue();
      assertThat(listed.isOrphan(kept, LATER)).as("committed").isFalse();
      assertThat(listed.isOrphan(old, LATER)).as("from before the list").isFalse();
      assertThat(listed.isOrphan(name(NOON), LATER)).as("never said, but of this time").isTrue();
      assertThat(listed.isOrphan(name(LATER), NOON)).as("too young").isFalse();
      assertThat(listed.isOrphan("somebody-elses.parquet", LATER)).isFalse();

      list.write(listed.after(NOON.plusMillis(1500)));
      assertThat(list.read())
          .isEqualTo(
              new WriteAhead.Listed(
                  NOON.plusMillis(1500), Set.of(kept), Set.of(kept), Set.of(), Set.of()));
      list.deleting(List.of("/data/main/recent/" + kept));
      assertThat(list.read().isOrphan(kept, NOON)).as("its deletion had begun").isTrue();
      assertThat(list.read().after(NOON).isOrphan(kept, LATER)).as("and was done").isFalse();
    }
  }

  @Test
  void aPowerFailureTakesNoMoreThanTheEndOfTheList() throws Exception {
    ForgetfulDisk disk = ForgetfulDisk.over(folder.resolve("disk"));
    Path file = folder.resolve("disk/list.txt");
    String left = name(NOON.plusSeconds(1));
    WriteAhead list = WriteAhead.open(file, disk, NOON);
    list.wrote(List.of(left));
    disk = disk.failPower();
    try (WriteAhead again = WriteAhead.open(file, disk, LATER)) {
      assertThat(again.read())
          .isEqualTo(new WriteAhead.Listed(NOON, Set.of(), Set.of(), Set.of(), Set.of()));
      assertThat(again.read().isOrphan(left, LATER)).isTrue();
    }
  }

  @Test
  void whatCleanupReliesOnOutlivesAPowerFailure() throws Exception {
    for (String force :
        List.of(
            "replace, its content, by WriteAhead.open",
            "replace, its name, by WriteAhead.open",
            "force by WriteAhead.deleting",
            "replace, its content, by WriteAhead.write",
            "replace, its name, by WriteAhead.write")) {
      outlives("");
      assertThatThrownBy(() -> outlives(force), "without '%s'", force)
          .isInstanceOfAny(AssertionError.class, LakeException.class);
    }
  }

  private void outlives(String leftOut) throws Exception {
    Path root = Files.createTempDirectory(folder, "power").resolve("disk");
    Path file = root.resolve("list.txt");
    ForgetfulDisk disk = ForgetfulDisk.over(root);
    disk.ignoring(leftOut);
    String gone = name(NOON.plusSeconds(1));
    WriteAhead.Listed begun = new WriteAhead.Listed(NOON, Set.of(), Set.of(), Set.of(), Set.of());
    WriteAhead.open(file, disk, NOON);
    disk = disk.failPower();
    WriteAhead list = WriteAhead.open(file, disk, LATER);
    assertThat(list.read()).isEqualTo(begun);

    list.wrote(List.of(gone));
    list.committed(List.of(gone));
    list.deleting(List.of(gone));
    disk = disk.failPower();
    list = WriteAhead.open(file, disk, LATER);
    assertThat(list.read().deleting()).containsExactly(gone);

    list.write(begun.after(LATER));
    disk = disk.failPower();
    list = WriteAhead.open(file, disk, NOON);
    assertThat(list.read()).isEqualTo(begun.after(LATER));
  }

  @Test
  void aTornOrHolesLineNamesNothing() throws Exception {
    String good = name(NOON);
    WriteAhead.open(file(), Disk.real(), NOON).close();
    Files.writeString(
        file(),
        "wrote %s \0\0\0\0\n\0\0\0committed %s\nwrote ducklake-01a2".formatted(good, good),
        StandardOpenOption.APPEND);
    try (WriteAhead list = WriteAhead.open(file(), Disk.real(), LATER)) {
      assertThat(list.read())
          .isEqualTo(new WriteAhead.Listed(NOON, Set.of(good), Set.of(), Set.of(), Set.of()));
    }
    Files.writeString(file(), "something else\n");
    try (WriteAhead list = WriteAhead.open(file(), Disk.real(), LATER)) {
      assertThatThrownBy(list::read)
          .isInstanceOf(LakeException.class)
          .hasMessageContaining("is no list of written files");
    }
  }

  /** What a dead merge left goes with the next cleanup; strangers and what was committed stay. */
  @Test
  void cleanupDeletesOurOrphansAndNothingElse() throws Exception {
    Path data = folder.resolve("data");
    Path events = data.resolve("lake/data/main/events");
    try (Lake lake = Lake.open(Samples.settings(data), Disk.real())) {
      lake.own(Samples.JOURNAL, 1, Samples.NO_REPLAY);
      lake.accept(Samples.numbered(1, List.of(Samples.view("a", "v", NOON, "/"))));
      lake.flush();
      lake.settle(Steps.UNOBSERVED);
      Path mine = Files.writeString(events.resolve(name(Instant.now())), "half a file");
      Path older = Files.writeString(events.resolve(name(NOON)), "from before");
      Path strange = Files.writeString(events.resolve("copy-of-mine.parquet"), "a stranger");
      CompactReport report = lake.compact(Steps.UNOBSERVED);
      assertThat(report.cleanup().orphansRemoved()).isEqualTo(1);
      assertThat(mine).doesNotExist();
      assertThat(older).exists();
      assertThat(strange).exists();
    }
    // A person brings yesterday's catalog back: what it does not name is still what was accepted.
    Path catalog = data.resolve("lake/catalog.ducklake");
    byte[] yesterday = Files.readAllBytes(catalog);
    Set<Path> accepted;
    try (Lake lake = Lake.open(Samples.settings(data), Disk.real())) {
      lake.own(Samples.JOURNAL, 2, Samples.NO_REPLAY);
      lake.accept(Samples.numbered(2, List.of(Samples.view("a", "w", NOON, "/"))));
      lake.flush();
      accepted = parquet(data.resolve("lake/data/main/recent"));
    }
    Files.write(catalog, yesterday);
    try (Lake lake = Lake.open(Samples.settings(data), Disk.real())) {
      assertThat(lake.compact(Steps.UNOBSERVED).cleanup().orphansRemoved()).isZero();
      assertThat(parquet(data.resolve("lake/data/main/recent"))).isEqualTo(accepted).hasSize(2);
    }
  }

  private static Set<Path> parquet(Path root) throws Exception {
    try (Stream<Path> files = Files.walk(root)) {
      return files.filter(file -> file.toString().endsWith(".parquet")).collect(Collectors.toSet());
    }
  }

  private Path file() {
    return folder.resolve("list.txt");
  }

  /** A name as DuckLake makes them: a UUID of version 7. */
  private static String name(Instant at) {
    UUID random = UUID.randomUUID();
    long most = at.toEpochMilli() << 16 | 0x7000 | random.getMostSignificantBits() & 0x0fff;
    return "ducklake-%s.parquet".formatted(new UUID(most, random.getLeastSignificantBits()));
  }
}
