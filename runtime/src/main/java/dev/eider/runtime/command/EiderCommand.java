package dev.eider.runtime.command;

import static java.util.Objects.requireNonNull;

import dev.eider.runtime.disk.DiskFullException;
import dev.eider.runtime.lake.LakeException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** {@code eider}: the verbs. */
@Command(
    name = "eider",
    description = "Web analytics: takes events in, keeps them, answers statistics.",
    mixinStandardHelpOptions = true,
    scope = ScopeType.INHERIT,
    versionProvider = Version.class,
    subcommands = {
      HelpCommand.class,
      ServeCommand.class,
      DemoCommand.class,
      RehearseCommand.class,
      VerifyCommand.class,
      JobCommand.Flush.class,
      JobCommand.Settle.class,
      JobCommand.Compact.class,
      JobCommand.Expire.class,
      JobCommand.Cleanup.class,
      JobCommand.Snapshots.class,
      JobCommand.Info.class,
      CatalogCommand.class,
      SqlCommand.class,
      ExportCommand.class,
      JobCommand.Retain.class,
      JobCommand.Tier.class,
      ArchiveCommand.class,
      JobCommand.Backup.class,
      RestoreCommand.class,
      EraseCommand.class,
      AuditCommand.class
    })
public final class EiderCommand implements Runnable {

  /** Asking again may help. */
  static final int FAILED = 1;

  /**
   * There is no such backup that can be read, and will not be by asking again. Not 3, which Java
   * ends with when it is out of memory.
   */
  static final int UNUSABLE = 4;

  @Spec private @Nullable CommandSpec spec;

  private EiderCommand() {}

  @Override
  public void run() {
    throw new ParameterException(
        requireNonNull(spec).commandLine(), "say what to do: eider serve, for example");
  }

  /**
   * Runs what the arguments say.
   *
   * @return 0 done, 1 failed, 2 wrongly asked for, 4 no usable backup
   */
  public static int run(String... arguments) {
    return commandLine().execute(arguments);
  }

  static CommandLine commandLine() {
    // It would tell a value that it doubts, which may be whom an erasure is about.
    CommandLine.tracer().setLevel(CommandLine.TraceLevel.OFF);
    return new CommandLine(new EiderCommand())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setParameterExceptionHandler(
            (failure, arguments) -> {
              CommandLine line = failure.getCommandLine();
              line.getErr().println(failure.getMessage());
              UnmatchedArgumentException.printSuggestions(failure, line.getErr());
              line.getErr().println("See: " + line.getCommandSpec().qualifiedName() + " --help");
              return line.getCommandSpec().exitCodeOnInvalidInput();
            })
        .setExecutionExceptionHandler(
            (failure, line, parsed) -> {
              PrintWriter err = line.getErr();
              // What is no fault of ours says all in a sentence.
              if (!(failure instanceof CommandFailedException
                  || failure instanceof LakeException
                  || failure instanceof IOException
                  || failure instanceof IllegalArgumentException)) {
                failure.printStackTrace(err);
              }
              // Last, since the last lines of a pod's log become its termination message.
              err.println(line.getCommandSpec().qualifiedName() + ": " + sentence(failure));
              return failure instanceof CommandFailedException failed ? failed.exitCode() : FAILED;
            });
  }

  private static String sentence(Exception failure) {
    if (failure instanceof NoSuchFileException missing) {
      return "there is no file " + missing.getFile();
    }
    if (failure instanceof AccessDeniedException denied) {
      return denied.getFile() + " may not be read or written";
    }
    if (failure instanceof FileSystemException system && system.getReason() == null) {
      return system.getFile() + " cannot be made, read or written";
    }
    String message = failure.getMessage();
    if (failure instanceof IOException io && DiskFullException.isMeantBy(io)) {
      return "there is no room left where it writes (%s); free some, or make the volume larger, and try again"
          .formatted(message);
    }
    return message == null || message.isEmpty() ? failure.toString() : message;
  }
}
