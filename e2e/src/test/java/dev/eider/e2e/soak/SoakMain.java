package dev.eider.e2e.soak;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.eider.e2e.Tally;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Entry of {@code e2e/soak [MINUTES]}. */
public final class SoakMain {

  private static final int BLOWS = 30;

  private SoakMain() {}

  /** Prints a table and, as its last line, one JSON object. Exit 0 all right, 1 not, 2 usage. */
  public static void main(String[] arguments) throws Exception {
    if (arguments.length > 1 || arguments.length == 1 && !arguments[0].matches("[0-9]{1,4}")) {
      System.err.println("usage: e2e/soak [MINUTES]");
      System.exit(2);
      return;
    }
    int minutes = arguments.length == 0 ? 0 : Integer.parseInt(arguments[0]);
    Path root = Path.of(System.getProperty("eider.root"));
    Path target = root.resolve("e2e/target");
    Path home = Files.createTempDirectory(target, "soak");
    long seed = System.nanoTime();
    Soak.Report report;
    try {
      report = new Soak(root, home, seed).run(BLOWS, Duration.ofMinutes(minutes));
    } catch (SoakException e) {
      System.err.println("soak: " + e.getMessage());
      System.err.println("soak: data and log are kept in " + home);
      System.exit(1);
      return;
    }
    print(report);
    System.out.println(json(report));
    if (report.isRight()) {
      remove(home);
    } else {
      System.err.println("soak: data and log are kept in " + home);
      System.exit(1);
    }
  }

  private static void print(Soak.Report report) {
    System.out.println();
    row("ended by SIGKILL", report.kills());
    row("ended by SIGTERM", report.terms());
    row("… with 1 s to stop", report.hurried());
    row("… shortly after a settle began", report.intoSettles());
    row("… shortly after a compaction began", report.intoCompactions());
    row("accepted events", report.accepted());
    row("events without an answer", report.unsure());
    row("in the statistics", report.inStatistics());
    row("in the open tree, by DuckDB alone", report.inOpenTree());
    row("a second process is refused", report.secondRefused());
    row("eider verify journal: sound", report.journalSound());
    row("took", report.took().toSeconds() + " s");
    System.out.println();
  }

  private static void row(String name, Object value) {
    String shown =
        switch (value) {
          case Integer number -> "%,d".formatted(number);
          case Tally tally when tally.isRight() -> "each accepted event once";
          case Tally tally ->
              "lost %s, doubled %s, invented %s"
                  .formatted(tally.lost(), tally.doubled(), tally.invented());
          default -> value.toString();
        };
    System.out.printf("%-36s %s%n", name, shown);
  }

  private static ObjectNode json(Soak.Report report) {
    return JsonMapper.builder()
        .build()
        .createObjectNode()
        .put("name", "soak")
        .put("value", report.accepted())
        .put("unit", "accepted events, each counted once")
        .put("kills", report.kills())
        .put("terms", report.terms())
        .put("settles", report.intoSettles())
        .put("compactions", report.intoCompactions())
        .put("unsure", report.unsure())
        .put("seconds", report.took().toSeconds())
        .put("right", report.isRight());
  }

  private static void remove(Path home) throws IOException {
    try (Stream<Path> paths = Files.walk(home)) {
      List<Path> all = paths.sorted(Comparator.reverseOrder()).toList();
      for (Path path : all) {
        Files.delete(path);
      }
    }
  }
}
