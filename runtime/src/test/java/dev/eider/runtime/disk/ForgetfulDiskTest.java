package dev.eider.runtime.disk;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The tests' own disk must forget rightly, or the tests on it say nothing. */
class ForgetfulDiskTest {

  @TempDir Path temporary;
  private Path directory;
  private ForgetfulDisk disk;

  @BeforeEach
  void open() throws IOException {
    directory = temporary.resolve("data");
    disk = ForgetfulDisk.over(directory);
  }

  @Test
  void aFileIsKeptOnlyWithItsBytesAndItsNameForced() throws IOException {
    write("neither", false);
    write("bytes", true);
    disk.failPower();
    assertThat(directory).isEmptyDirectory();

    disk = ForgetfulDisk.over(directory);
    write("both", true);
    disk.forceDirectory(directory);
    write("name", false);
    disk.forceDirectory(directory);
    disk.failPower();
    assertThat(directory.resolve("both")).hasContent("both");
    assertThat(directory.resolve("name")).isEmptyFile();
  }

  @Test
  void bytesAfterTheLastForceAreForgotten() throws IOException {
    DiskFile file = disk.create(directory.resolve("log"));
    file.append(bytes("one"));
    file.force();
    disk.forceDirectory(directory);
    file.append(bytes("two"));
    disk.failPower();
    assertThat(directory.resolve("log")).hasContent("one");
    assertThatThrownBy(() -> file.append(bytes("x"))).isInstanceOf(PowerFailedException.class);
  }

  @Test
  void aReplacedFileIsTheOldOneAgainWithoutTheForceOfItsName() throws IOException {
    Path file = directory.resolve("settings");
    disk.replace(file, "old".getBytes(UTF_8));
    disk = disk.failPower();
    assertThat(file).hasContent("old");

    String kind = "replace, its name, by ForgetfulDiskTest.aReplacedFileIs";
    disk.ignoring(
        disk.kinds().stream()
            .filter(each -> each.startsWith("replace, its name"))
            .findFirst()
            .orElse(kind));
    disk.replace(file, "new".getBytes(UTF_8));
    assertThat(file).hasContent("new");
    disk.failPower();
    assertThat(file).hasContent("old");
  }

  @Test
  void deletedFilesComeBackUntilTheirDirectoryIsForced() throws IOException {
    Path file = directory.resolve("gone");
    disk.replace(file, "here".getBytes(UTF_8));
    disk.delete(file);
    // Takes the inode that is free now, on most file systems.
    Files.writeString(directory.resolve("other"), "other");
    disk = disk.failPower();
    assertThat(file).hasContent("here");
    disk.delete(file);
    disk.forceDirectory(directory);
    disk.failPower();
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void filesOfOthersAreWatchedToo() throws IOException {
    Path lake = directory.resolve("lake/data");
    Files.createDirectories(lake);
    Files.writeString(lake.resolve("a.parquet"), "a");
    Files.writeString(lake.resolve("b.parquet"), "b");
    disk.force(lake.resolve("a.parquet"));
    disk.forceDirectory(lake);
    disk.forceDirectory(lake.getParent());
    disk = disk.failPower();
    assertThat(directory).isEmptyDirectory();

    Files.createDirectories(lake);
    Files.writeString(lake.resolve("a.parquet"), "a");
    Files.writeString(lake.resolve("b.parquet"), "b");
    disk.link(directory.resolve("linked"), lake.resolve("a.parquet"));
    disk.force(lake.resolve("a.parquet"));
    disk.forceDirectory(lake);
    disk.forceDirectory(lake.getParent());
    disk.forceDirectory(directory);
    disk.failPower();
    assertThat(lake.resolve("a.parquet")).hasContent("a");
    assertThat(lake.resolve("b.parquet")).isEmptyFile();
    assertThat(directory.resolve("linked")).hasContent("a");
  }

  @Test
  void whatForcesItselfIsLeftAlone() throws IOException {
    disk = disk.leavingAlone(path -> path.getFileName().toString().startsWith("catalog"));
    Files.createDirectories(directory.resolve("lake"));
    Files.writeString(directory.resolve("lake/catalog.ducklake"), "rows");
    Files.writeString(directory.resolve("lake/x.parquet"), "x");
    disk.failPower();
    assertThat(directory.resolve("lake")).isDirectoryContaining("glob:**/catalog.ducklake");
    assertThat(directory.resolve("lake/x.parquet")).doesNotExist();
  }

  @Test
  void aKillForgetsNothing() throws IOException {
    write("unforced", false);
    assertThat(disk.tryLock(directory.resolve("lock"))).isPresent();
    ForgetfulDisk next = disk.kill();
    assertThat(directory.resolve("unforced")).hasContent("unforced");
    assertThat(next.tryLock(directory.resolve("lock"))).isPresent();
    assertThatThrownBy(() -> disk.list(directory)).isInstanceOf(PowerFailedException.class);
  }

  @Test
  void theNthOperationDiesHalfDone() throws IOException {
    DiskFile file = disk.create(directory.resolve("log"));
    disk.failAt(2);
    file.append(bytes("one"));
    assertThatThrownBy(() -> file.append(bytes("four"))).isInstanceOf(PowerFailedException.class);
    assertThatThrownBy(() -> file.append(bytes("five"))).isInstanceOf(PowerFailedException.class);
    assertThat(directory.resolve("log")).hasContent("onefo");
  }

  private void write(String name, boolean force) throws IOException {
    try (DiskFile file = disk.create(directory.resolve(name))) {
      file.append(bytes(name));
      if (force) {
        file.force();
      }
    }
  }

  private static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(UTF_8));
  }
}
