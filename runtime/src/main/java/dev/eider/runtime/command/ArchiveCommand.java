package dev.eider.runtime.command;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.eider.runtime.archive.ArchiveManifest;
import dev.eider.runtime.archive.Archives;
import dev.eider.runtime.backup.BackupPlace;
import dev.eider.runtime.config.ConfigException;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code eider archive}: rows that retention has removed from the lake. */
@Command(
    name = "archive",
    description = "Rows that retention has removed. eider sql --archive asks them.",
    subcommands = {ArchiveCommand.All.class, ArchiveCommand.Restore.class})
final class ArchiveCommand implements Runnable {

  @Spec private @Nullable CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(
        requireNonNull(spec).commandLine(), "say what to do: eider archive list, or restore");
  }

  /** {@code eider archive list}. */
  @Command(
      name = "list",
      description = "List the files of an archive. It is read, and no runtime is asked.",
      mixinStandardHelpOptions = true)
  static final class All implements Callable<Integer> {

    @Spec private @Nullable CommandSpec spec;
    @Mixin private final ArchiveSource source = new ArchiveSource();

    @Option(names = "--site", paramLabel = "ID", description = "Of one site only.")
    private String site = "";

    @Override
    public Integer call() {
      try (BackupPlace place = source.open()) {
        PrintWriter out = requireNonNull(spec).commandLine().getOut();
        Archives.Found found = new Archives(place).find(site);
        for (ArchiveManifest manifest : found.whole()) {
          out.printf(
              "%s.parquet  %s to %s  %,d rows  %,d bytes  written %s%n",
              manifest.name(),
              manifest.first(),
              manifest.last(),
              manifest.rows(),
              manifest.bytes(),
              manifest.madeAt());
        }
        found.damaged().forEach(out::println);
        if (found.whole().isEmpty() && found.damaged().isEmpty()) {
          out.println(site.isEmpty() ? "nothing is archived there" : nothingOf(place));
        }
        out.flush();
        return found.damaged().isEmpty() ? 0 : 1;
      } catch (ConfigException | IOException e) {
        throw new CommandFailedException(String.valueOf(e.getMessage()), e);
      }
    }

    private String nothingOf(BackupPlace place) throws IOException {
      String others =
          new Archives(place)
              .all().whole().stream()
                  .map(ArchiveManifest::siteId)
                  .distinct()
                  .collect(Collectors.joining(", "));
      return "nothing of a site with the id '%s' is archived there; of these there is: %s"
          .formatted(site, others.isEmpty() ? "none" : others);
    }
  }

  /** {@code eider archive restore}. */
  @Command(
      name = "restore",
      description = {
        "Bring archived days of a runtime's sites back into its lake, each row once.",
        "Retention leaves them alone for --hold-days, and then removes them again. Without"
            + " --execute it only says how many rows there are."
      })
  static final class Restore extends JobCommand {

    @Option(
        names = "--site",
        paramLabel = "ID",
        description = "A site's id. Once or more. Default: all of the runtime.")
    private List<String> sites = List.of();

    @Option(
        names = "--first",
        paramLabel = "DAY",
        description = "The first day, such as 2026-01-31. Default: the archive's.")
    private @Nullable LocalDate first;

    @Option(names = "--last", paramLabel = "DAY", description = "The last day.")
    private @Nullable LocalDate last;

    @Option(
        names = "--hold-days",
        paramLabel = "DAYS",
        defaultValue = "30",
        description = "How long retention leaves them alone; 1 to 3650. Default: 30.")
    private long holdDays;

    Restore() {
      super("archive-restore");
    }

    @Override
    Map<String, Long> parameters() {
      Map<String, Long> parameters = new HashMap<>(Map.of("hold_days", holdDays));
      if (first != null) {
        parameters.put("first_day", number(first));
      }
      if (last != null) {
        parameters.put("last_day", number(last));
      }
      return parameters;
    }

    @Override
    JsonNode subject() {
      ObjectNode subject = JsonNodeFactory.instance.objectNode();
      ArrayNode named = subject.putArray("sites");
      sites.forEach(named::add);
      return subject;
    }

    private static long number(LocalDate day) {
      return Long.parseLong(day.format(DateTimeFormatter.BASIC_ISO_DATE));
    }
  }
}
