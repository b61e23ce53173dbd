package dev.eider.runtime.state;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eider.runtime.disk.ForgetfulDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SaltsTest {

  private static final LocalDate TODAY = LocalDate.of(2026, 11, 21);
  private static final byte[] MESSAGE = "somebody".getBytes(UTF_8);

  @TempDir Path temporary;
  private Path root;
  private ForgetfulDisk disk;
  private Instant now = Instant.parse("2026-11-21T08:00:00Z");

  @BeforeEach
  void disk() throws IOException {
    root = temporary.resolve("data");
    disk = ForgetfulDisk.over(root);
  }

  @Test
  void eachSiteAndDayHasItsOwnAndKeepsIt() throws IOException {
    Salts salts = open();
    byte[] blogToday = salts.of("blog", TODAY).hmac(MESSAGE);
    assertThat(salts.of("blog", TODAY).hmac(MESSAGE)).isEqualTo(blogToday);
    assertThat(salts.of("shop", TODAY).hmac(MESSAGE)).isNotEqualTo(blogToday);
    assertThat(salts.of("blog", TODAY.plusDays(1)).hmac(MESSAGE)).isNotEqualTo(blogToday);
    disk = disk.kill();
    assertThat(open().of("blog", TODAY).hmac(MESSAGE)).isEqualTo(blogToday);
  }

  @Test
  void aSaltThatWasUsedOutlivesAPowerFailureAtAnyStep() throws IOException {
    Set<String> kinds = walkPowerFailures("");
    assertThat(kinds)
        .containsExactlyInAnyOrder(
            "createDirectories by StateDirectory.open",
            "forceDirectory by StateDirectory.read",
            "replace, its content, by StateDirectory.write",
            "replace, its name, by StateDirectory.write");
    for (String kind : kinds) {
      assertThatThrownBy(() -> walkPowerFailures(kind), "without '%s'", kind)
          .isInstanceOf(AssertionError.class);
    }
  }

  private Set<String> walkPowerFailures(String leftOut) throws IOException {
    for (int step = 1; step < 40; step++) {
      root = temporary.resolve("walk-" + leftOut.hashCode() + "-" + step);
      disk = ForgetfulDisk.over(root);
      disk.ignoring(leftOut);
      disk.failAt(step);
      byte[] used = use();
      disk = disk.kill();
      used = sameOr(used, use());
      disk = disk.failPower();
      sameOr(used, use());
    }
    return disk.kinds();
  }

  /** The id that somebody got, or nothing when the process died before. */
  private byte[] use() {
    try {
      return open().of("blog", TODAY).hmac(MESSAGE);
    } catch (IOException e) {
      return new byte[0];
    }
  }

  private static byte[] sameOr(byte[] before, byte[] after) {
    assertThat(after).isNotEmpty();
    if (before.length > 0) {
      assertThat(after).isEqualTo(before);
    }
    return after;
  }

  @Test
  void aSaltIsDestroyedAfterTwoDays() throws IOException {
    Salts salts = open();
    byte[] secret = salts.of("blog", TODAY).secret();
    now = now.plus(Duration.ofHours(47));
    salts.of("blog", TODAY.plusDays(1));
    assertThat(salts.destroyOld()).isZero();
    assertThat(salts.existing("blog", TODAY)).isPresent();
    assertThat(file()).contains(Base64.getEncoder().encodeToString(secret));

    now = now.plus(Duration.ofHours(1));
    assertThat(salts.destroyOld()).isEqualTo(1);
    assertThat(salts.existing("blog", TODAY)).isEmpty();
    assertThat(salts.existing("blog", TODAY.plusDays(1))).isPresent();
    assertThat(file()).doesNotContain(Base64.getEncoder().encodeToString(secret));
    try (var files = Files.list(root.resolve("state"))) {
      assertThat(files).hasSize(1);
    }
  }

  @Test
  void aClockThatJumpsByADayAndBackKeepsTheDaysSalt() throws IOException {
    Salts salts = open();
    byte[] today = salts.of("blog", TODAY).hmac(MESSAGE);
    for (Duration jump : List.of(Duration.ofHours(30), Duration.ofHours(-30))) {
      Instant right = now;
      now = now.plus(jump);
      salts.of("blog", LocalDate.ofInstant(now, ZoneOffset.UTC));
      assertThat(salts.destroyOld()).isZero();
      assertThat(salts.of("blog", TODAY).hmac(MESSAGE)).isEqualTo(today);
      now = right;
      assertThat(salts.destroyOld()).isZero();
      assertThat(salts.of("blog", TODAY).hmac(MESSAGE)).isEqualTo(today);
    }
  }

  @Test
  void whatGotOldWhileNothingRanIsDestroyedAtTheStart() throws IOException {
    byte[] before = open().of("blog", TODAY).hmac(MESSAGE);
    now = now.plus(Duration.ofDays(30));
    Salts later = open();
    assertThat(later.existing("blog", TODAY)).isEmpty();
    assertThat(file()).doesNotContain("blog");
    assertThat(later.of("blog", TODAY).hmac(MESSAGE)).isNotEqualTo(before);
  }

  @Test
  void noIdIsMadeWithASaltThatCannotBeKept() throws IOException {
    Salts salts = open();
    disk.setFault(
        (operation, file) -> {
          throw new IOException("Input/output error");
        });
    assertThatThrownBy(() -> salts.of("blog", TODAY)).isInstanceOf(IOException.class);
    assertThat(salts.existing("blog", TODAY)).isEmpty();
  }

  @Test
  void manyAtOnceGetTheSame() throws Exception {
    Salts salts = open();
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Salt>> all = new ArrayList<>();
      for (int i = 0; i < 50; i++) {
        all.add(executor.submit(() -> salts.of("blog", TODAY)));
      }
      for (Future<Salt> one : all) {
        assertThat(one.get()).isSameAs(all.getFirst().get());
      }
    }
  }

  @Test
  void onlyTheOwnerMayRead() throws IOException {
    open().of("blog", TODAY);
    assertThat(permissions(root.resolve("state"))).isEqualTo("rwx------");
    assertThat(permissions(root.resolve("state/salts.json"))).isEqualTo("rw-------");
  }

  @Test
  void aSaltNeverShowsItsSecret() throws IOException {
    Salt salt = open().of("blog", TODAY);
    assertThat(salt).hasToString("Salt[blog 2026-11-21]");
  }

  @Test
  void aFileThatCannotBeReadIsNotOverwrittenAndNotQuoted() throws IOException {
    open().of("blog", TODAY);
    Files.writeString(root.resolve("state/salts.json"), "{\"salts\":[{\"salt\":\"c2VjcmV0\"");
    assertThatThrownBy(this::open)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("Delete it")
        .hasMessageNotContaining("c2VjcmV0")
        .hasNoCause();
    Files.writeString(root.resolve("state/salts.json"), "{\"version\":2}");
    assertThatThrownBy(this::open)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("start the later version again");
  }

  @Test
  void smallSecretsAreMadeOnce() throws IOException {
    StateDirectory directory = StateDirectory.open(root.resolve("state"), disk);
    assertThat(directory.readOrMake("key", () -> new byte[] {1})).containsExactly(1);
    assertThat(directory.readOrMake("key", () -> new byte[] {2})).containsExactly(1);
    directory.write("key", new byte[] {3});
    assertThat(directory.read("key")).hasValue(new byte[] {3});
    assertThat(directory.read("none")).isEmpty();
  }

  private Salts open() throws IOException {
    return Salts.open(StateDirectory.open(root.resolve("state"), disk), () -> now);
  }

  private String file() throws IOException {
    return Files.readString(root.resolve("state/salts.json"));
  }

  private static String permissions(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }
}
