package dev.eider.e2e.errand;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Ends the first process of a container with SIGKILL. Runs on the container's node, as root, and
 * sees the node's processes: inside the container nobody could, since there the kernel shields
 * process 1.
 */
public final class KillContainer {
  private KillContainer() {}

  /**
   * Finds and ends it, and prints the line {@code end}.
   *
   * @param args the container's id
   */
  public static void main(String[] args) throws IOException {
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
      for (Path process : processes) {
        if (isFirstOf(process, args[0])) {
          long pid = Long.parseLong(process.getFileName().toString());
          boolean ended = ProcessHandle.of(pid).map(ProcessHandle::destroyForcibly).orElse(false);
          System.out.println("process " + pid + (ended ? " was killed" : " could not be killed"));
          System.out.println("end");
          System.exit(ended ? 0 : 1);
        }
      }
    }
    System.out.println("no process of container " + args[0] + " is on this node");
    System.exit(1);
  }

  private static boolean isFirstOf(Path process, String container) {
    try {
      return Files.readString(process.resolve("cgroup")).contains(container)
          && Files.readAllLines(process.resolve("status")).stream()
              .anyMatch(line -> line.matches("NSpid:.*\\s1"));
    } catch (IOException e) {
      return false; // it ended while we looked
    }
  }
}
