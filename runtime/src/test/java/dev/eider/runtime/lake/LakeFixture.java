package dev.eider.runtime.lake;

import dev.eider.runtime.disk.Disk;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/** A small lake as a release wrote it; see the README beside the zips. */
final class LakeFixture {

  static final Instant MORNING = Instant.parse("2026-05-04T08:00:00Z");

  private LakeFixture() {}

  /** Writes one with the code of now: {@code LakeFixture FILE.zip}. */
  public static void main(String[] arguments) throws Exception {
    Path data = Files.createTempDirectory("lake-fixture");
    try (Lake lake = Lake.open(Samples.settings(data), Disk.real())) {
      lake.own(Samples.JOURNAL, 1, Samples.NO_REPLAY);
      lake.accept(
          Samples.numbered(
              1,
              List.of(
                  Samples.full("a", "v1", MORNING),
                  Samples.view("a", "v1", MORNING.plusSeconds(60), "/"),
                  Samples.view("b", "v2", MORNING, "/b"))));
      lake.flush();
      lake.compact(Steps.UNOBSERVED);
      lake.accept(
          Samples.numbered(
              4, List.of(Samples.view("a", "v1", MORNING.plus(Duration.ofMinutes(2)), "/late"))));
      lake.flush();
    }
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(Path.of(arguments[0])));
        Stream<Path> files = Files.walk(data.resolve("lake"))) {
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        zip.putNextEntry(new ZipEntry(data.relativize(file).toString()));
        Files.copy(file, zip);
        zip.closeEntry();
      }
    }
  }

  /** Unpacks the one of a version into a data directory. */
  static void unpack(int version, Path data) throws IOException {
    String name = "lake-v%d.zip".formatted(version);
    try (InputStream in = LakeFixture.class.getResourceAsStream(name);
        ZipInputStream zip = new ZipInputStream(in)) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        Path file = data.resolve(entry.getName());
        Files.createDirectories(file.getParent());
        Files.copy(zip, file);
      }
    }
  }
}
