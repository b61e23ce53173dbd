package dev.eider.runtime.command;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.eider.runtime.disk.Disk;
import dev.eider.runtime.journal.JournalCheck;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Looks whether what is kept can be read. Changes nothing. */
@Command(
    name = "verify",
    description = "Looks whether what is kept is sound; changes nothing.",
    mixinStandardHelpOptions = true,
    subcommands = {
      VerifyCommand.OfJournal.class,
      VerifyBackupCommand.class,
      JobCommand.VerifyRollups.class
    })
final class VerifyCommand implements Runnable {

  @Spec private @Nullable CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(
        requireNonNull(spec).commandLine(),
        "say what to verify: eider verify journal, backup or rollups");
  }

  /** Every segment of a journal, also while a runtime writes to it. */
  @Command(
      name = "journal",
      description = {
        "Reads every segment of the journal in a data directory, also while a runtime uses it.",
        "Exit code 0: sound. 1: something cannot be read, or is missing."
      },
      mixinStandardHelpOptions = true)
  static final class OfJournal implements Callable<Integer> {

    @Spec private @Nullable CommandSpec spec;

    @Option(
        names = "--data",
        paramLabel = "DIR",
        required = true,
        defaultValue = "${env:EIDER_DATA}",
        description = "The data directory.")
    private @Nullable Path data;

    @Option(names = "--json", description = "Say it as one JSON object.")
    private boolean json;

    @Override
    public Integer call() throws IOException {
      Path directory = requireNonNull(data).resolve("journal");
      if (!Files.isDirectory(directory)) {
        throw new CommandFailedException(
            "%s has no journal in it; give the data directory of a runtime".formatted(data));
      }
      JournalCheck check = JournalCheck.of(directory, Disk.real());
      PrintWriter out = requireNonNull(spec).commandLine().getOut();
      if (json) {
        out.println(asJson(check));
      } else {
        print(directory, check, out);
      }
      out.flush();
      return check.sound() ? 0 : 1;
    }

    private static String asJson(JournalCheck check) {
      try {
        return JsonMapper.builder().build().writeValueAsString(check);
      } catch (JsonProcessingException e) {
        throw new IllegalStateException("a journal's check cannot be written as JSON", e);
      }
    }

    private static void print(Path directory, JournalCheck check, PrintWriter out) {
      out.printf(
          "%-34s %12s %10s %12s %12s %6s  %s%n",
          "segment", "bytes", "records", "first seq", "last seq", "epoch", "begun");
      for (JournalCheck.SegmentCheck segment : check.segments()) {
        out.printf(
            "%-34s %,12d %,10d %12d %12d %6d  %s%n",
            segment.file(),
            segment.bytes(),
            segment.records(),
            segment.firstSeq(),
            segment.lastSeq(),
            segment.epoch(),
            segment.created());
        if (!segment.problem().isEmpty()) {
          out.printf("  cannot be read: %s%n", segment.problem());
        }
        for (JournalCheck.Part part : segment.bad()) {
          out.printf(
              "  %d bytes at offset %d cannot be read: %s%n",
              part.length(), part.offset(), part.reason());
        }
        if (segment.tornBytes() > 0) {
          out.printf(
              "  %d bytes at its end are half written: being written just now, or left by a crash."
                  + " None of it was accepted%n",
              segment.tornBytes());
        }
      }
      check
          .gaps()
          .forEach(
              gap ->
                  out.printf(
                      "events %d to %d are in no segment: lost, unless the lake has them%n",
                      gap.fromSeq(), gap.toSeq()));
      if (!check.quarantined().isEmpty()) {
        out.printf(
            "%d parts were copied aside by earlier starts: %s%n",
            check.quarantined().size(), directory.resolve("quarantine"));
      }
      out.printf(
          "%,d records in %d segments: %s%n",
          check.records(),
          check.segments().size(),
          check.sound()
              ? "sound"
              : "damaged. The next start copies aside what it cannot read and goes on with the"
                  + " rest; keep a copy of the directory first");
    }
  }
}
