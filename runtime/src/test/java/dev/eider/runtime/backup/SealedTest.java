package dev.eider.runtime.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SealedTest {

  private static final int CHUNK = 1 << 16;

  @TempDir private Path temporary;
  private BackupKey key;

  @BeforeEach
  void makeKey() throws IOException {
    key = key(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 100, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK, 3 * CHUNK + 17})
  void whatIsSealedOpensToTheSame(int length) throws IOException {
    byte[] plain = bytes(length);
    byte[] sealed = seal(plain, "a");
    assertThat(sealed).hasSize((int) Sealed.sealedBytes(length));
    assertThat(Sealed.plainBytes(sealed.length)).isEqualTo(length);
    assertThat(open(sealed, "a", key)).isEqualTo(plain);
    assertThat(seal(plain, "a")).as("never the same twice").isNotEqualTo(sealed);
  }

  /** At each byte where something begins or ends, and at some between. */
  @Test
  void whatWasChangedOrCutOffIsRefused() throws IOException {
    byte[] sealed = seal(bytes(2 * CHUNK), "a");
    Random random = new Random(7);
    for (int i = 0; i < 60; i++) {
      int at = i < 34 ? i : random.nextInt(sealed.length);
      byte[] changed = sealed.clone();
      changed[at] ^= (byte) (1 << random.nextInt(8));
      assertThatThrownBy(() -> open(changed, "a", key))
          .as("byte %d", at)
          .isInstanceOf(BackupException.class);
    }
    int head = 33;
    for (int length :
        new int[] {0, 5, head, head + 3, head + CHUNK + 16, head + CHUNK + 40, sealed.length - 1}) {
      assertThatThrownBy(() -> open(Arrays.copyOf(sealed, length), "a", key))
          .as("cut to %d", length)
          .isInstanceOf(BackupException.class)
          .hasMessageContaining("a is damaged");
    }
    byte[] swapped = sealed.clone();
    System.arraycopy(sealed, head, swapped, head + CHUNK + 16, CHUNK + 16);
    System.arraycopy(sealed, head + CHUNK + 16, swapped, head, CHUNK + 16);
    assertThatThrownBy(() -> open(swapped, "a", key)).isInstanceOf(BackupException.class);
    assertThatThrownBy(() -> open(sealed, "b", key))
        .as("in another's place")
        .isInstanceOf(BackupException.class);
  }

  @Test
  void anotherKeySaysSo() throws IOException {
    byte[] sealed = seal(bytes(10), "a");
    BackupKey other = key(2);
    assertThatThrownBy(() -> open(sealed, "a", other))
        .isInstanceOf(BackupException.class)
        .hasMessageContaining("was encrypted by another key");
  }

  @Test
  void aKeyIsReadInItsThreeFormsAndNothingElseIsOne() throws IOException {
    byte[] secret = bytes(32);
    String hex = HexFormat.of().formatHex(secret);
    assertThat(written(secret).name())
        .isEqualTo(written(hex.getBytes()).name())
        .isEqualTo(written((Base64.getEncoder().encodeToString(secret) + "\n").getBytes()).name())
        .isEqualTo(
            written(Base64.getUrlEncoder().withoutPadding().encodeToString(secret).getBytes())
                .name());
    for (String wrong : new String[] {"", "secret", hex.substring(2), "z".repeat(64)}) {
      assertThatThrownBy(() -> written(wrong.getBytes()))
          .isInstanceOf(BackupException.class)
          .hasMessageContaining("openssl rand")
          .hasMessageNotContaining("secret");
    }
    assertThatThrownBy(() -> BackupKey.read(temporary.resolve("none")))
        .hasMessageContaining("cannot be read");
  }

  private BackupKey written(byte[] content) throws IOException {
    return BackupKey.read(Files.write(temporary.resolve("key"), content));
  }

  private BackupKey key(int seed) throws IOException {
    byte[] secret = new byte[32];
    new Random(seed).nextBytes(secret);
    return written(secret);
  }

  private byte[] seal(byte[] plain, String name) throws IOException {
    return Sealed.seal(new ByteArrayInputStream(plain), name, key).readAllBytes();
  }

  private static byte[] open(byte[] sealed, String name, BackupKey key) throws IOException {
    return Sealed.open(new ByteArrayInputStream(sealed), name, key).readAllBytes();
  }

  private static byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    return bytes;
  }
}
