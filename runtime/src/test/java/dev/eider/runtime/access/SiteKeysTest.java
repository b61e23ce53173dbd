package dev.eider.runtime.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eider.runtime.access.SiteKeys.Use;
import dev.eider.runtime.disk.Disk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SiteKeysTest {

  @TempDir private Path folder;
  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));
  private final InstantSource clock = now::get;

  @Test
  void aSiteWithoutAKeyIsClosed() {
    assertThat(new SiteKeys(folder, clock).admits("blog", Use.STATS, "")).isFalse();
  }

  @Test
  void keysAreMadeOnceAndKeptFromOthers() throws IOException {
    SiteKeys keys = new SiteKeys(folder.resolve("keys"), clock);
    keys.makeMissing(List.of("blog"), Disk.real());
    String stats = Files.readString(keys.file("blog", Use.STATS)).strip();
    String ingest = Files.readString(keys.file("blog", Use.INGEST)).strip();
    keys.makeMissing(List.of("blog"), Disk.real());

    assertThat(stats).hasSize(43).isNotEqualTo(ingest);
    assertThat(keys.file("blog", Use.STATS)).hasContent(stats);
    assertThat(keys.admits("blog", Use.STATS, stats)).isTrue();
    assertThat(keys.admits("blog", Use.STATS, ingest)).isFalse();
    assertThat(keys.admits("blog", Use.INGEST, ingest)).isTrue();
    assertThat(keys.admits("shop", Use.STATS, stats)).isFalse();
    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(keys.file("blog", Use.STATS))))
        .isEqualTo("rw-------");
  }

  @Test
  void aKeyThatChangesHoldsFromThenOn() throws IOException {
    Path file = Files.createDirectory(folder.resolve("blog")).resolve("stats");
    Files.writeString(file, "first\n");
    SiteKeys keys = new SiteKeys(folder, clock);
    assertThat(keys.admits("blog", Use.STATS, "first")).isTrue();

    Files.writeString(file, "second\n");
    now.updateAndGet(time -> time.plus(Duration.ofSeconds(2)));
    assertThat(keys.admits("blog", Use.STATS, "first")).isFalse();
    assertThat(keys.admits("blog", Use.STATS, "second")).isTrue();

    Files.delete(file);
    now.updateAndGet(time -> time.plus(Duration.ofSeconds(2)));
    assertThat(keys.admits("blog", Use.STATS, "second")).isFalse();
  }

  @Test
  void anAdminTokenIsMadeOnce() throws IOException {
    Path file = folder.resolve("state/admin-token");
    AdminToken first = AdminToken.inFileMadeOnce(file, Disk.real(), clock);
    AdminToken second = AdminToken.inFileMadeOnce(file, Disk.real(), clock);
    String token = first.made().orElseThrow();

    assertThat(second.made()).isEmpty();
    assertThat(second.admits(token)).isTrue();
    assertThat(second.admits(token + "x")).isFalse();
    assertThat(AdminToken.inFile(folder.resolve("none"), clock).admits("")).isFalse();
    assertThat(first.toString()).doesNotContain(token);
  }

  @Test
  void onlyABearerShowsAToken() {
    assertThat(Bearer.token("Bearer abc")).contains("abc");
    assertThat(Bearer.token("bearer  abc ")).contains("abc");
    assertThat(Bearer.token("Basic abc")).isEmpty();
    assertThat(Bearer.token("Bearer ")).isEmpty();
    assertThat(Bearer.token("")).isEmpty();
  }
}
