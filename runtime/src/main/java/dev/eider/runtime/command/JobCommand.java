package dev.eider.runtime.command;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.eider.runtime.Offline;
import dev.eider.runtime.config.ConfigException;
import dev.eider.runtime.job.JobJson;
import dev.eider.runtime.job.JobState;
import dev.eider.runtime.journal.JournalInUseException;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * The verbs that a runtime does in its maintenance lane: asked for over HTTP and followed to their
 * end.
 *
 * <p>Made for CronJobs: asking again with the same id is the same job, SIGTERM cancels it at its
 * next safe step, and the result goes where the kubelet looks for it.
 */
abstract class JobCommand implements Callable<Integer> {

  @Spec private @Nullable CommandSpec spec;

  @ArgGroup(multiplicity = "0..1")
  private @Nullable Where where;

  /** Whose data: a running runtime's, or a directory that none is using. */
  static final class Where {

    @Option(
        names = "--runtime",
        paramLabel = "URL",
        required = true,
        description =
            "Where the runtime's administration answers, such as http://127.0.0.1:8080. Default:"
                + " EIDER_RUNTIME, which a pod knows of itself.")
    private @Nullable URI runtime;

    @ArgGroup(exclusive = false)
    private @Nullable Directory directory;
  }

  /** A data directory that no runtime is using. */
  static final class Directory {

    @Option(
        names = "--data",
        paramLabel = "DIR",
        required = true,
        description = "Or: a data directory that no runtime is using.")
    private @Nullable Path data;

    @Option(
        names = "--sites",
        paramLabel = "DIR",
        description = "With --data: directory of the sites' YAML.")
    private @Nullable Path sites;

    @Option(
        names = "--extensions",
        paramLabel = "DIR",
        required = true,
        defaultValue = "${env:EIDER_EXTENSIONS}",
        description = "With --data: directory of DuckDB's extensions. The launcher knows it.")
    private @Nullable Path extensions;
  }

  @Option(
      names = "--admin-token-file",
      paramLabel = "FILE",
      defaultValue = "${env:EIDER_ADMIN_TOKEN_FILE}",
      description = "File with the admin token; or set EIDER_ADMIN_TOKEN.")
  private @Nullable Path adminTokenFile;

  @Option(
      names = "--id",
      paramLabel = "ID",
      defaultValue = "${env:EIDER_ID}",
      description =
          "Name of this run. Asking again with the same id joins the same run, or tries again what"
              + " failed.")
  private @Nullable String id;

  @Option(
      names = "--result",
      paramLabel = "FILE",
      description =
          "Where the result goes as JSON; /dev/termination-log where there is one (in a pod).")
  private @Nullable Path result;

  @Option(
      names = "--patience",
      paramLabel = "SECONDS",
      defaultValue = "300",
      description = "How long a runtime that does not answer is waited for. Default: 300.")
  private long patience;

  private final String verb;

  JobCommand(String verb) {
    this.verb = verb;
  }

  /** With --data. */
  @Mixin private final PlaceOptions place = new PlaceOptions();

  /** With --data. */
  @Mixin private final BackupOptions backup = new BackupOptions();

  /** With --data. */
  @Mixin private final ArchiveOptions archive = new ArchiveOptions();

  /** With --data. */
  @Mixin private final EngineOptions engine = new EngineOptions();

  @ArgGroup(multiplicity = "0..1")
  private @Nullable Effect effect;

  /** Whether anything is removed. */
  static final class Effect {

    @Option(
        names = "--execute",
        required = true,
        description =
            "Remove what is to be removed; without it that is only counted. Verbs that remove no"
                + " live row need it not.")
    private boolean execute;

    @Option(
        names = "--dry-run",
        required = true,
        description = "Only count what is to be removed; so it is unless --execute is given.")
    private boolean dryRun;
  }

  private boolean execute() {
    return effect != null && effect.execute;
  }

  /** What is left to do here with a result. */
  void succeeded(JsonNode jobResult, PrintWriter out) throws IOException {}

  /** Numbers to be given along, by name. */
  Map<String, Long> parameters() {
    return Map.of();
  }

  /** What else is given along; missing where it is nothing. */
  JsonNode subject() throws IOException {
    return MissingNode.getInstance();
  }

  @Override
  public Integer call() throws Exception {
    CommandSpec command = requireNonNull(spec);
    PrintWriter out = command.commandLine().getOut();
    if (where != null && where.directory != null) {
      return inDirectory(where.directory, out);
    }
    URI runtime = where == null ? null : where.runtime;
    if (runtime == null) {
      String own = System.getenv("EIDER_RUNTIME");
      if (own == null || own.isBlank()) {
        throw new ParameterException(
            command.commandLine(),
            "say whose data: --runtime URL of one that runs, or --data DIR that none is using");
      }
      runtime = URI.create(own.strip());
    }
    return inRuntime(runtime, command, out);
  }

  private int inDirectory(Directory directory, PrintWriter out)
      throws IOException, InterruptedException {
    JobState job;
    try {
      job =
          Offline.run(
              requireNonNull(directory.data),
              requireNonNull(directory.extensions),
              Optional.ofNullable(directory.sites),
              asked -> archive.override(backup.override(place.override(asked), place), place),
              engine.settings(),
              verb,
              run(),
              execute(),
              parameters(),
              subject(),
              line -> print(out, line));
    } catch (JournalInUseException e) {
      throw new CommandFailedException(
          "%s is in use by a runtime: ask that one, --runtime URL, or stop it first"
              .formatted(directory.data),
          e);
    } catch (ConfigException | IllegalArgumentException | IOException e) {
      throw new CommandFailedException(String.valueOf(e.getMessage()), e);
    }
    return finish(JobJson.of(job), out);
  }

  private int inRuntime(URI runtime, CommandSpec command, PrintWriter out) throws Exception {
    JobClient client = new JobClient(runtime, token(command), Duration.ofSeconds(patience));
    String run = run();
    Thread cancel = Thread.ofPlatform().unstarted(() -> cancel(client, run, out));
    java.lang.Runtime.getRuntime().addShutdownHook(cancel);
    JsonNode job;
    try {
      job = client.run(verb, run, execute(), parameters(), subject(), line -> print(out, line));
    } catch (CommandFailedException e) {
      // It was refused, or nobody answers: there is nothing to cancel.
      isStopping(cancel);
      throw e;
    }
    return isStopping(cancel) ? 1 : finish(job, out);
  }

  /** Whether SIGTERM came, and the hook does the rest; it never does otherwise. */
  private static boolean isStopping(Thread hook) {
    try {
      java.lang.Runtime.getRuntime().removeShutdownHook(hook);
      return false;
    } catch (IllegalStateException e) {
      return true;
    }
  }

  /** Not the process's number: a pod gives the same ones again, and would get an old answer. */
  private String run() {
    return id == null ? verb + "-" + UUID.randomUUID() : id;
  }

  private int finish(JsonNode job, PrintWriter out) throws IOException {
    String state = job.path("state").asText();
    print(
        out,
        "%s: %s"
            .formatted(
                state, job.hasNonNull("error") ? job.path("error").asText() : job.path("result")));
    write(job);
    if (state.equals("succeeded")) {
      succeeded(job.path("result"), out);
    }
    return state.equals("succeeded") ? 0 : 1;
  }

  private void cancel(JobClient client, String run, PrintWriter out) {
    print(out, "stopping: the job is cancelled at its next safe step");
    try {
      finish(client.cancel(verb, run), out);
    } catch (IOException | InterruptedException | CommandFailedException e) {
      print(out, "could not be cancelled: " + e.getMessage());
    }
  }

  private void write(JsonNode job) throws IOException {
    byte[] json = job.toString().getBytes(StandardCharsets.UTF_8);
    if (result != null) {
      Files.write(result, json);
    }
    // Where a verb is done by kubectl exec, that file is the runtime's and not ours.
    if (where != null) {
      TerminationMessage.write(job);
    }
  }

  private String token(CommandSpec command) throws IOException {
    if (adminTokenFile != null) {
      return Files.readString(adminTokenFile).strip();
    }
    String fromEnvironment = System.getenv("EIDER_ADMIN_TOKEN");
    if (fromEnvironment == null || fromEnvironment.isBlank()) {
      throw new ParameterException(
          command.commandLine(), "give the admin token: --admin-token-file, or EIDER_ADMIN_TOKEN");
    }
    return fromEnvironment.strip();
  }

  private static void print(PrintWriter out, String line) {
    out.println(line);
    out.flush();
  }

  /** {@code eider flush}. */
  @Command(name = "flush", description = "Write all hot rows to the lake now.")
  static final class Flush extends JobCommand {
    Flush() {
      super("flush");
    }
  }

  /** {@code eider settle}. */
  @Command(name = "settle", description = "Move flushed rows to their site and date.")
  static final class Settle extends JobCommand {
    Settle() {
      super("settle");
    }
  }

  /** {@code eider compact}. */
  @Command(
      name = "compact",
      description = "Settle, merge small files, expire old snapshots, remove what is superseded.")
  static final class Compact extends JobCommand {
    Compact() {
      super("compact");
    }
  }

  /** {@code eider expire}. */
  @Command(
      name = "expire",
      description = "Let old snapshots go, and those between that nobody can ask about.")
  static final class Expire extends JobCommand {

    @Option(
        names = "--older-than-days",
        paramLabel = "DAYS",
        defaultValue = "90",
        description = "Snapshots older than this go; 1 to 3650. Default: 90.")
    private long days;

    Expire() {
      super("expire");
    }

    @Override
    Map<String, Long> parameters() {
      return Map.of("older_than_days", days);
    }
  }

  /** {@code eider cleanup}. */
  @Command(
      name = "cleanup",
      description = "Delete files that no snapshot needs any more, and what crashes left behind.")
  static final class Cleanup extends JobCommand {

    @Option(
        names = "--older-than-hours",
        paramLabel = "HOURS",
        defaultValue = "168",
        description = "Files that nobody has needed for so long go; 1 to 8760. Default: 168.")
    private long hours;

    Cleanup() {
      super("cleanup");
    }

    @Override
    Map<String, Long> parameters() {
      return Map.of("older_than_hours", hours);
    }
  }

  /** {@code eider snapshots}. */
  @Command(name = "snapshots", description = "List the versions of the lake that can be read.")
  static final class Snapshots extends JobCommand {

    @Option(
        names = "--limit",
        paramLabel = "N",
        defaultValue = "100",
        description = "So many of the newest; 1 to 10000. Default: 100.")
    private long limit;

    Snapshots() {
      super("snapshots");
    }

    @Override
    Map<String, Long> parameters() {
      return Map.of("limit", limit);
    }
  }

  /** {@code eider info}. */
  @Command(name = "info", description = "Say how many files, bytes and rows the lake has.")
  static final class Info extends JobCommand {
    Info() {
      super("info");
    }
  }

  /** {@code eider verify rollups}. */
  @Command(
      name = "rollups",
      description = {
        "Sums up again every day whose rows are there, and compares; changes nothing.",
        "Exit code 0: all sums are those of their rows. 1: some differ, and which."
      })
  static final class VerifyRollups extends JobCommand {
    VerifyRollups() {
      super("verify-rollups");
    }
  }

  /** {@code eider retain}. */
  @Command(name = "retain", description = "Remove rows that are older than their site keeps them.")
  static final class Retain extends JobCommand {

    @Option(
        names = "--release-guard",
        description =
            "Let it remove what the guard stopped it from: somebody has looked at what that said.")
    private boolean release;

    Retain() {
      super("retain");
    }

    @Override
    Map<String, Long> parameters() {
      return Map.of("release_guard", release ? 1L : 0L);
    }
  }

  /** {@code eider tier}. */
  @Command(
      name = "tier",
      description =
          "Move days that are as old as their site's policy says from the volume to the bucket;"
              + " eider retain does so, too. Without --execute it only counts.")
  static final class Tier extends JobCommand {
    Tier() {
      super("tier");
    }
  }

  /** {@code eider backup}. */
  @Command(name = "backup", description = "Make a backup, verify it, and let old ones go.")
  static final class Backup extends JobCommand {
    Backup() {
      super("backup");
    }
  }
}
