package dev.eider.e2e.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A cgroup with little memory, as a container has one; of either version. Needs root. */
final class SmallContainer implements AutoCloseable {

  private static final Path ROOT = Path.of("/sys/fs/cgroup");

  private final Path group;
  private final boolean second;

  private SmallContainer(Path group, boolean second) {
    this.group = group;
    this.second = second;
  }

  /** Makes one. */
  static SmallContainer of(long memoryBytes) throws IOException {
    boolean second = Files.exists(ROOT.resolve("cgroup.controllers"));
    Path parent = second ? ROOT : ROOT.resolve("memory");
    if (!Files.isDirectory(parent) || !Files.isWritable(parent)) {
      throw new BenchException(
          parent + " cannot be written to; run this as root, where cgroups are mounted");
    }
    Path group = parent.resolve("eider-bench-" + ProcessHandle.current().pid());
    Files.createDirectory(group);
    SmallContainer made = new SmallContainer(group, second);
    Files.writeString(
        group.resolve(second ? "memory.max" : "memory.limit_in_bytes"), Long.toString(memoryBytes));
    return made;
  }

  /** The same command, inside. */
  List<String> command(List<String> words) {
    List<String> command =
        new ArrayList<>(
            List.of("sh", "-c", "echo $$ >\"$0\" && exec \"$@\"", group + "/cgroup.procs"));
    command.addAll(words);
    return command;
  }

  /** How often the system ended a process in it, since it had no memory left. */
  long killed() throws IOException {
    Path events = group.resolve(second ? "memory.events" : "memory.oom_control");
    return Files.readAllLines(events).stream()
        .filter(line -> line.startsWith("oom_kill "))
        .mapToLong(line -> Long.parseLong(line.substring("oom_kill ".length())))
        .sum();
  }

  @Override
  public void close() throws IOException {
    Files.delete(group);
  }
}
