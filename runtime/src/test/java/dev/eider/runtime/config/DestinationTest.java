package dev.eider.runtime.config;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where copies may not go. */
class DestinationTest {

  @TempDir private Path folder;

  @Test
  void notIntoWhatIsCopiedAndNotAround() throws Exception {
    Path data = Files.createDirectories(folder.resolve("srv/data"));
    Path link = Files.createSymbolicLink(folder.resolve("link"), data);
    for (Path place :
        new Path[] {
          data,
          data.resolve("lake"),
          data.resolve("not/there/yet"),
          data.resolve("../data/backups"),
          folder.resolve("srv"),
          link.resolve("backups")
        }) {
      assertThatThrownBy(() -> in(place).requireApartFrom(data, "backups"))
          .as("%s", place)
          .isInstanceOf(ConfigException.class)
          .hasMessageStartingWith("backups would come to ")
          .hasMessageContaining("which lies in the data directory " + data + " or has it in it");
    }
    for (Path place : new Path[] {folder.resolve("srv/backups"), folder.resolve("srv/data2")}) {
      assertThatCode(() -> in(place).requireApartFrom(data, "backups"))
          .as("%s", place)
          .doesNotThrowAnyException();
    }
  }

  private static BackupSettings.Destination in(Path place) {
    return new BackupSettings.Encrypted(new BackupSettings.Folder(place), Path.of("key"));
  }
}
