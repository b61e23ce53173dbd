package dev.eider.e2e.bench;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** Entry of {@code e2e/bench NAME}. */
public final class Bench {

  private static final String USAGE =
      "usage: e2e/bench ingest|events|flush|compact|query|life|footprint|small [--seconds N]"
          + " [--rounds N] [--events N] [--data DIR]";

  private Bench() {}

  /**
   * Runs a benchmark; its last lines are a JSON object for each figure. Exit 0 measured, 1 failed,
   * 2 wrongly asked.
   */
  public static void main(String[] arguments) throws Exception {
    if (arguments.length == 0) {
      System.err.println(USAGE);
      System.exit(2);
      return;
    }
    Path root = Path.of(System.getProperty("eider.root"));
    List<String> rest = Arrays.asList(arguments).subList(1, arguments.length);
    try {
      BenchOptions options = BenchOptions.parse(root, rest);
      switch (arguments[0]) {
        case "ingest" -> new IngestBench(root, options).run();
        case "events" -> new EventsBench(root, options).run();
        case "flush" -> new FlushBench(root, options).run();
        case "compact" -> new CompactBench(root, options).run();
        case "query" -> new QueryBench(root, options).run();
        case "life" -> new LifeBench(root, options).run();
        case "small" -> new SmallBench(root, options).run();
        case "footprint" -> new FootprintBench(root, options).run();
        default -> {
          System.err.println(USAGE);
          System.exit(2);
        }
      }
    } catch (BenchException e) {
      System.err.println("bench: " + e.getMessage());
      System.exit(1);
    }
  }
}
