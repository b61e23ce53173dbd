package dev.eider.runtime.lake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eider.runtime.config.LakePlace;
import dev.eider.runtime.disk.Disk;
import dev.eider.runtime.event.Event;
import dev.eider.runtime.server.S3Server;
import dev.eider.runtime.store.Bucket;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Objects of the lake that somebody deleted, and that are brought back. */
class UnreadableInBucketTest {

  private static final Instant NOON = Instant.parse("2026-05-04T12:00:00Z");

  @TempDir Path temporary;

  @Test
  void aGoodCopyIsTakenInAgain() throws Exception {
    S3Server server = S3Server.shared();
    LakePlace place =
        ServerPlaces.inBucket(
            server.bucket(), server.endpoint(), server.keys(), temporary.resolve("keys"));
    LakeSettings settings = Samples.settings(temporary.resolve("data")).withPlace(place);
    List<Event> events = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      events.add(Samples.view("a", "v" + i, NOON.plus(Duration.ofHours(i)), "/" + i));
    }
    try (Bucket bucket = new Bucket(place.s3().orElseThrow());
        Lake lake = Lake.open(settings, Disk.real())) {
      lake.own(Samples.JOURNAL, 1, Samples.NO_REPLAY);
      ServerPlaces.forget(lake);
      lake.accept(Samples.numbered(1, events));
      lake.flush();
      lake.compact(Steps.UNOBSERVED);
      String name = named(bucket, lake.liveFiles(Schema.EVENTS).getFirst().lastPart());
      byte[] good;
      try (InputStream in = bucket.read(name)) {
        good = in.readAllBytes();
      }
      bucket.delete(name);
      lake.compact(Steps.UNOBSERVED);
      assertThat(lake.unreadable()).hasSize(1);
      assertThat(Samples.count(lake, "a")).isEqualTo(40 - lake.unreadable().getFirst().rows());

      String copy = lake.unreadable().getFirst().copy();
      String prefix =
          "s3://%s/%s/".formatted(place.s3().orElseThrow().bucket(), ServerPlaces.PREFIX);
      assertThat(copy).startsWith(prefix);
      bucket.write(copy.substring(prefix.length()), good.length, new ByteArrayInputStream(good));
      lake.compact(Steps.UNOBSERVED);
      assertThat(lake.unreadable()).isEmpty();
      assertThat(Samples.count(lake, "a")).isEqualTo(40);
      assertThat(bucket.list(ServerPlaces.LAKE_ID + "/unreadable/")).isEmpty();
    }
  }

  private static String named(Bucket bucket, String file) throws Exception {
    return bucket.list("").keySet().stream()
        .filter(name -> name.endsWith(file))
        .findFirst()
        .orElseThrow();
  }
}
