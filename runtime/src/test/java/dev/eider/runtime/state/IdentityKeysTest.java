package dev.eider.runtime.state;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eider.runtime.disk.Disk;
import dev.eider.runtime.disk.ForgetfulDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdentityKeysTest {

  private static final byte[] MESSAGE = "customer 7".getBytes(UTF_8);

  @TempDir Path temporary;

  @Test
  void aKeyThatWasUsedOutlivesAPowerFailureAtAnyStep() throws IOException {
    int used = 0;
    for (int step = 1; step < 20; step++) {
      Path root = temporary.resolve("walk-" + step);
      ForgetfulDisk disk = ForgetfulDisk.over(root);
      disk.failAt(step);
      byte @Nullable [] before = use(root, disk);
      disk = disk.failPower();
      byte[] after = use(root, disk);
      if (before != null) {
        used++;
        assertThat(after).isEqualTo(before);
      }
      assertThat(after).isNotNull();
    }
    assertThat(used).isPositive();
  }

  @Test
  void sitesHaveKeysOfTheirOwnAndNobodySeesThem() throws IOException {
    Path root = temporary.resolve("state");
    IdentityKeys keys = new IdentityKeys(StateDirectory.open(root, Disk.real()));
    byte[] blog = keys.hmac("blog", MESSAGE);
    assertThat(keys.hmac("blog", MESSAGE)).isEqualTo(blog);
    assertThat(keys.hmac("shop", MESSAGE)).isNotEqualTo(blog);
    String secret = HexFormat.of().formatHex(Files.readAllBytes(root.resolve("blog.key")));
    assertThat(keys.toString()).doesNotContain(secret);
  }

  @Test
  void aKeyThatIsNoneIsNotUsed() throws IOException {
    Path root = temporary.resolve("state");
    StateDirectory directory = StateDirectory.open(root, Disk.real());
    directory.write("blog.key", new byte[31]);
    assertThatThrownBy(() -> new IdentityKeys(directory).hmac("blog", MESSAGE))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("state/identity/blog.key has 31 bytes and not 32.");
  }

  /** What a visitor is called, or null where the disk failed before that. */
  private static byte @Nullable [] use(Path root, ForgetfulDisk disk) {
    try {
      return new IdentityKeys(StateDirectory.open(root.resolve("identity"), disk))
          .hmac("blog", MESSAGE);
    } catch (IOException | RuntimeException e) {
      return null;
    }
  }
}
