package dev.eider.e2e.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;

/**
 * The disk under a directory, bare: what one forced write of 4 KiB at a file's end takes.
 *
 * @param type of the file system
 * @param medianMicros of a write with its fsync
 * @param p99Micros of the same
 */
record DiskProbe(String type, long medianMicros, long p99Micros) {

  private static final int WRITES = 300;

  /** File systems without a disk: what they call forced is lost with the power. */
  private static final List<String> MEMORY = List.of("tmpfs", "ramfs");

  /**
   * Measures.
   *
   * @throws BenchException when there is no disk
   */
  static DiskProbe of(Path directory) throws IOException {
    String type = Files.getFileStore(directory).type();
    if (MEMORY.contains(type)) {
      throw new BenchException(
          "%s is on %s, where nothing is durable; give --data a directory on a disk"
              .formatted(directory, type));
    }
    Path file = Files.createTempFile(directory, "probe", ".bin");
    long[] micros = new long[WRITES];
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      ByteBuffer block = ByteBuffer.allocateDirect(4096);
      for (int i = 0; i < WRITES; i++) {
        long start = System.nanoTime();
        channel.write(block.rewind());
        channel.force(false);
        micros[i] = (System.nanoTime() - start) / 1000;
      }
    } finally {
      Files.delete(file);
    }
    Arrays.sort(micros);
    return new DiskProbe(type, micros[WRITES / 2], micros[WRITES * 99 / 100]);
  }
}
