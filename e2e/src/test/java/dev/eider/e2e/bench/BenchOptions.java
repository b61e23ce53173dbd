package dev.eider.e2e.bench;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * How long and where.
 *
 * @param round length of one measurement
 * @param rounds how many, of the limit and of Eider in turn
 * @param events how many, for benchmarks that can be smaller or larger
 * @param days how many, today among them, for the benchmark of questions
 * @param data where the runtime's data directory is made; on the disk that is to be measured
 */
record BenchOptions(Duration round, int rounds, int events, int days, Path data) {

  static BenchOptions parse(Path root, List<String> arguments) {
    int seconds = 6;
    int rounds = 4;
    int events = 1_000_000;
    int days = 30;
    Path data = root.resolve("e2e/target/bench");
    for (int i = 0; i < arguments.size(); i += 2) {
      if (i + 1 == arguments.size()) {
        throw new BenchException("option " + arguments.get(i) + " needs a value");
      }
      String value = arguments.get(i + 1);
      switch (arguments.get(i)) {
        case "--seconds" -> seconds = number(value);
        case "--rounds" -> rounds = number(value);
        case "--events" -> events = number(value);
        case "--days" -> days = number(value);
        case "--data" -> data = Path.of(value);
        default ->
            throw new BenchException(
                "option "
                    + arguments.get(i)
                    + " is not known; there are --seconds, --rounds, --events, --days, --data");
      }
    }
    if (days < 2) {
      throw new BenchException("--days is at least 2: today and a day before it");
    }
    return new BenchOptions(Duration.ofSeconds(seconds), rounds, events, days, data);
  }

  private static int number(String value) {
    if (!value.matches("[1-9][0-9]{0,8}")) {
      throw new BenchException("'" + value + "' is not a number from 1 to 999999999");
    }
    return Integer.parseInt(value);
  }
}
