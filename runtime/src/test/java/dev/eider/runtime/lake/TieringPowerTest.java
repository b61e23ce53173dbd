package dev.eider.runtime.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eider.runtime.config.LakePlace;
import dev.eider.runtime.disk.ForgetfulDisk;
import dev.eider.runtime.event.Event;
import dev.eider.runtime.server.S3Server;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The power fails at each step of a move, and of letting go of what was moved. */
class TieringPowerTest {

  private static final Instant NOON = Instant.parse("2026-05-04T12:00:00Z");
  private static final TierPlan PLAN =
      new TierPlan(
          List.of(new TierPlan.Site("a", LocalDate.parse("2026-05-06"), Optional.empty())), false);

  @TempDir Path temporary;

  private final S3Server server = S3Server.shared();

  @Test
  void everyRowIsThereOnceAndNothingIsLeftInTheBucket() throws Exception {
    boolean died = true;
    int step = 1;
    for (; died; step++) {
      died = run(step, "");
    }
    assertThat(step).as("operations of it").isGreaterThan(5);
  }

  @Test
  void whatIsMovedHasToBeOnTheDiskBefore() throws Exception {
    // Without the note of the folder the objects of a catalog that names them cannot be reached.
    String kind = "replace, its content, by TieredStore.begin";
    assertThat(kinds()).contains(kind);
    assertThatThrownBy(() -> run(Integer.MAX_VALUE, kind))
        .isInstanceOf(LakeException.class)
        .hasMessageContaining("does not say which folder of the bucket older days lie in");
  }

  private Set<String> kinds() throws Exception {
    Path data = temporary.resolve("kinds");
    ForgetfulDisk disk = ForgetfulDisk.over(data);
    try (Lake lake = open(data, place(server.bucket()), disk, 1)) {
      fourDays(lake);
      lake.tier(PLAN, Steps.UNOBSERVED);
    }
    return disk.kinds();
  }

  private boolean run(int step, String leftOut) throws Exception {
    Path data = temporary.resolve("run-" + step);
    String bucket = server.bucket();
    LakePlace place = place(bucket);
    ForgetfulDisk disk = ForgetfulDisk.over(data);
    boolean died = false;
    Lake lake = open(data, place, disk, 1);
    fourDays(lake);
    disk.ignoring(leftOut);
    disk.failAt(step);
    try {
      lake.tier(PLAN, Steps.UNOBSERVED);
      lake.expire(0, false, Steps.UNOBSERVED);
      lake.cleanup(0, false, Steps.UNOBSERVED);
    } catch (LakeException e) {
      assertThat(e).hasStackTraceContaining("no power");
      died = true;
    }
    disk = PowerCut.of(disk, data, lake::close, Optional.empty());
    try (Lake next = open(data, place, disk, 2)) {
      String when = "power failed at operation " + step;
      assertThat(next.unreadable()).as(when).isEmpty();
      assertThat(Samples.count(next, "a")).as(when).isEqualTo(8);
      next.compact(Steps.UNOBSERVED);
      assertThat(objects(bucket)).as(when).isEqualTo(moved(next));
      next.tier(PLAN, Steps.UNOBSERVED);
      next.expire(0, false, Steps.UNOBSERVED);
      next.compact(Steps.UNOBSERVED);
      assertThat(objects(bucket)).as(when).hasSize(2).isEqualTo(moved(next));
      assertThat(Samples.count(next, "a")).as(when).isEqualTo(8);
      try (var files = Files.walk(data.resolve("lake/data/main/events"))) {
        assertThat(files.filter(Files::isRegularFile)).as(when).hasSize(2);
      }
    }
    return died;
  }

  private static Lake open(Path data, LakePlace place, ForgetfulDisk disk, long epoch) {
    Lake lake = Lake.open(Samples.settings(data).withPlace(place), disk);
    lake.own(Samples.JOURNAL, epoch, Samples.NO_REPLAY);
    return lake;
  }

  private LakePlace place(String bucket) throws IOException {
    Path keys = temporary.resolve("keys");
    server.keys().write(keys);
    return LakePlace.VOLUME.withTier(
        Optional.of(ServerPlaces.bucket(bucket, server.endpoint(), keys, Optional.empty())));
  }

  private static void fourDays(Lake lake) {
    List<Event> events = new ArrayList<>();
    for (int day = 0; day < 4; day++) {
      Instant at = NOON.plus(Duration.ofDays(day));
      events.add(Samples.view("a", "v" + day, at, "/"));
      events.add(Samples.view("a", "v" + day, at.plusSeconds(60), "/" + day));
    }
    lake.accept(Samples.numbered(1, events));
    lake.flush();
    lake.compact(Steps.UNOBSERVED);
  }

  private List<String> objects(String bucket) throws IOException {
    return server.sizes(bucket).keySet().stream()
        .filter(key -> key.endsWith(".parquet"))
        .map(key -> "s3://" + bucket + "/" + key)
        .sorted()
        .toList();
  }

  private static List<String> moved(Lake lake) {
    return lake.liveFiles(Schema.EVENTS).stream()
        .map(LakeFile::name)
        .filter(name -> name.startsWith("s3://"))
        .sorted()
        .toList();
  }
}
