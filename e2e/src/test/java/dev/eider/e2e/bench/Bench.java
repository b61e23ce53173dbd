package dev.eider.e2e.bench;

import java.nio.file.Path;
import java.util.Arrays;

/** Entry of {@code e2e/bench NAME}. */
public final class Bench {

  private Bench() {}

  /**
   * Runs a benchmark; its last line is one JSON object. Exit 0 measured, 1 failed, 2 wrongly asked.
   */
  public static void main(String[] arguments) throws Exception {
    if (arguments.length == 0 || !arguments[0].equals("ingest")) {
      System.err.println("usage: e2e/bench ingest [--seconds N] [--rounds N] [--data DIR]");
      System.exit(2);
      return;
    }
    Path root = Path.of(System.getProperty("eider.root"));
    try {
      IngestBench bench =
          new IngestBench(
              root,
              BenchOptions.parse(root, Arrays.asList(arguments).subList(1, arguments.length)));
      bench.run();
    } catch (BenchException e) {
      System.err.println("bench: " + e.getMessage());
      System.exit(1);
    }
  }
}
