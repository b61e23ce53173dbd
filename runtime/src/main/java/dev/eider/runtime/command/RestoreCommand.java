package dev.eider.runtime.command;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.eider.runtime.audit.AuditEntry;
import dev.eider.runtime.audit.AuditLog;
import dev.eider.runtime.backup.BackupErasure;
import dev.eider.runtime.backup.BackupException;
import dev.eider.runtime.backup.BackupPlace;
import dev.eider.runtime.backup.Backups;
import dev.eider.runtime.backup.Manifest;
import dev.eider.runtime.backup.ParquetBucket;
import dev.eider.runtime.backup.ParquetTree;
import dev.eider.runtime.backup.Restorer;
import dev.eider.runtime.config.BackupSettings;
import dev.eider.runtime.config.BackupSettings.Folder;
import dev.eider.runtime.config.ConfigException;
import dev.eider.runtime.config.RuntimeSettings;
import dev.eider.runtime.config.SiteDirectory;
import dev.eider.runtime.config.SiteSettings;
import dev.eider.runtime.config.Sites;
import dev.eider.runtime.disk.Disk;
import dev.eider.runtime.erasure.ErasureRun;
import dev.eider.runtime.erasure.Ledger;
import dev.eider.runtime.erasure.Seals;
import dev.eider.runtime.lake.Lake;
import dev.eider.runtime.lake.Steps;
import java.io.Console;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Brings a backup into a data directory. */
@Command(
    name = "restore",
    description = {
      "Brings a backup into a data directory that no runtime is using.",
      "All of it is read, verified and counted aside first; the lake that is there is set aside as"
          + " .pre-restore.<time>, and the journal stays: what it accepted and the backup does not"
          + " have is brought in again.",
      "With --s3-bucket or --catalog the lake goes there: into a folder and a schema that no lake"
          + " has used, by the name of --lake-id.",
      "Without --yes it says what it would do, and asks where somebody can answer."
    },
    mixinStandardHelpOptions = true)
final class RestoreCommand implements Callable<Integer> {

  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--at",
      paramLabel = "TIME",
      description = "Or: the newest one begun by this time, such as 2026-05-04T10:00:00Z.")
  private @Nullable String at;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      defaultValue = "${env:EIDER_DATA}",
      description = "The data directory to restore to; made if it is not there.")
  private @Nullable Path data;

  @Option(
      names = "--sites",
      paramLabel = "DIR",
      description = "Directory of the sites' YAML, where it says where the lake is to lie.")
  private @Nullable Path sites;

  @Option(
      names = "--site",
      paramLabel = "ID",
      description =
          "Bring this site alone, into the lake that is there or a new one. It must have no rows"
              + " there yet.")
  private @Nullable String site;

  @Option(
      names = "--parquet",
      paramLabel = "DIR|URL",
      description =
          "Or: build a lake from bare Parquet files of events in a folder or s3://bucket/prefix, as"
              + " they are left where a catalog is lost, or as Mallard Metrics has them in its data"
              + " directory; or from a backup of HitKeep.")
  private @Nullable String parquet;

  @Option(
      names = "--if-empty",
      description = "Do it without asking where no lake is; where one is, nothing is done.")
  private boolean ifEmpty;

  @Option(
      names = "--extensions",
      paramLabel = "DIR",
      defaultValue = "${env:EIDER_EXTENSIONS}",
      description = "Directory of DuckDB's extensions. The launcher knows it.")
  private @Nullable Path extensions;

  @Option(names = "--list", description = "Say which backups there are, and restore none.")
  private boolean list;

  @Option(names = "--yes", description = "Do it without asking.")
  private boolean yes;

  @Mixin private final BackupSource from = new BackupSource();

  @Override
  public Integer call() throws IOException {
    CommandSpec command = requireNonNull(spec);
    PrintWriter out = command.commandLine().getOut();
    if (from.id().isPresent() && at != null) {
      throw new ParameterException(command.commandLine(), "give --backup-id or --at, not both");
    }
    if (ifEmpty && site != null) {
      throw new ParameterException(
          command.commandLine(), "give --if-empty or --site, not both: one site comes to any lake");
    }
    if (!list && (data == null || extensions == null)) {
      throw new ParameterException(
          command.commandLine(), "say where to restore to: --data DIR (and --extensions DIR)");
    }
    if (parquet != null && (ifEmpty || list || site != null || at != null)) {
      throw new ParameterException(
          command.commandLine(),
          "--parquet builds a whole lake from all files; give it without flags about backups");
    }
    try {
      if (parquet != null) {
        return build(parquet, out);
      }
    } catch (ConfigException | IOException e) {
      throw new CommandFailedException(String.valueOf(e.getMessage()), e);
    }
    try (BackupPlace source = from.open()) {
      Backups backups = new Backups(source);
      if (list) {
        return list(backups, source, out);
      }
      return ifEmpty ? restoreIfEmpty(backups, out) : restore(backups, source, out);
    } catch (ConfigException | IOException e) {
      throw new CommandFailedException(String.valueOf(e.getMessage()), e);
    }
  }

  private static int list(Backups backups, BackupPlace source, PrintWriter out) throws IOException {
    Backups.Found found = backups.all();
    for (Manifest manifest : found.whole()) {
      out.printf(
          "%-24s %,14d rows %,16d bytes  %s%n",
          manifest.id(), manifest.rows(), manifest.bytes(), sites(manifest));
    }
    found
        .damaged()
        .forEach(each -> out.println((each.otherKey() ? "sealed: " : "damaged: ") + each.why()));
    out.printf("%d backups in %s%n", found.whole().size(), source.name());
    out.flush();
    return found.damaged().isEmpty() ? 0 : 1;
  }

  private int restore(Backups backups, BackupPlace source, PrintWriter out) throws IOException {
    Manifest manifest = wanted(backups);
    Restorer restorer = restorer(backups);
    out.printf(
        "from    %s, backup %s of %s%nto      %s%s%nsites   %s%nrows    %,d in %,d files, %,d"
            + " bytes%n",
        source.name(),
        manifest.id(),
        manifest.madeAt(),
        target(),
        !restorer.replaces()
            ? ""
            : site == null
                ? ", whose lake is set aside as .pre-restore.<time>"
                : ", whose other sites stay",
        site == null ? sites(manifest) : site,
        site == null ? manifest.rows() : rows(manifest, site),
        manifest.data().size(),
        manifest.bytes());
    out.flush();
    if (!yes && !agreed()) {
      out.println("nothing was done; give --yes to do it");
      out.flush();
      return 0;
    }
    Restorer.Restored restored =
        site == null
            ? restorer.restore(manifest, printing(out))
            : restorer.restoreSite(manifest, site, printing(out));
    writeDown(restored, source.name());
    out.printf("restored %,d rows of backup %s%n", restored.rows(), restored.id());
    restored.setAside().ifPresent(old -> out.println("the lake of before is in " + old));
    out.flush();
    return 0;
  }

  private int build(String where, PrintWriter out) throws IOException {
    return switch (from.bare(where)) {
      case BackupSettings.Folder folder -> {
        ParquetTree tree = ParquetTree.in(folder.path());
        yield build(tree.name(), tree.files().size(), folder.path(), out, steps -> tree);
      }
      case BackupSettings.Bucket bucket -> {
        Path scratch = target().resolve(".restore-parquet");
        try (ParquetBucket there = ParquetBucket.in(bucket)) {
          yield build(
              there.name(), there.files(), scratch, out, steps -> there.bring(scratch, steps));
        }
      }
      case BackupSettings.Encrypted encrypted ->
          throw new IllegalStateException("what is bare is not encrypted");
    };
  }

  /** Where the files are once they are needed. */
  @FunctionalInterface
  private interface Trees {
    ParquetTree bring(Steps steps) throws IOException;
  }

  private int build(String name, int files, Path folder, PrintWriter out, Trees trees)
      throws IOException {
    // No backups are read; the ledger of this directory alone is known.
    Backups none = new Backups(BackupPlace.of(new Folder(folder), Disk.real()));
    Restorer restorer =
        restorer(none)
            .replaying(
                (manifest, aside) ->
                    erased(none, target(), requireNonNull(extensions), manifest, aside));
    out.printf(
        "from    %s, %,d Parquet files or snapshots%nto      %s%s%n",
        name,
        files,
        target(),
        restorer.replaces() ? ", whose lake is set aside as .pre-restore.<time>" : "");
    out.flush();
    if (!yes && !agreed()) {
      out.println("nothing was done; give --yes to do it");
      out.flush();
      return 0;
    }
    Restorer.Restored restored = restorer.fromParquet(trees.bring(printing(out)), printing(out));
    writeDown(restored, name);
    out.printf("built a lake of %,d rows%n", restored.rows());
    restored.setAside().ifPresent(old -> out.println("the lake of before is in " + old));
    out.flush();
    return 0;
  }

  /** For pods that begin with a backup, each time they are begun. */
  private int restoreIfEmpty(Backups backups, PrintWriter out) throws IOException {
    Optional<Restorer.Restored> restored =
        restorer(backups).restoreIfNone(() -> ofSitesHere(wanted(backups)), printing(out));
    if (restored.isPresent()) {
      writeDown(restored.get(), backups.place().name());
    }
    ObjectNode result = JsonNodeFactory.instance.objectNode();
    result.put(
        "message",
        restored
            .map(done -> "restored %,d rows of backup %s".formatted(done.rows(), done.id()))
            .orElse("there is a lake already; nothing was restored"));
    restored.ifPresent(
        done -> {
          result.put("id", done.id());
          result.put("rows", done.rows());
        });
    out.println(result.path("message").asText());
    out.flush();
    ObjectNode job = JsonNodeFactory.instance.objectNode();
    job.put("name", "restore");
    job.put("state", "succeeded");
    job.set("result", result);
    TerminationMessage.write(job);
    return 0;
  }

  /** Refuses what no site here could show: nobody would look for the rows where they are. */
  private Manifest ofSitesHere(Manifest manifest) {
    Set<String> here =
        declared().all().stream().map(SiteSettings::siteId).collect(Collectors.toSet());
    boolean isAny =
        here.isEmpty()
            || manifest.sites().isEmpty()
            || manifest.sites().stream().map(Manifest.Site::siteId).anyMatch(here::contains);
    if (!isAny) {
      throw CommandFailedException.unusable(
          new BackupException(
              "backup %s has rows of %s, and here is only %s: a site that is to go on with them has spec.siteId: %s. Nothing was restored"
                  .formatted(
                      manifest.id(),
                      sites(manifest),
                      String.join(", ", new TreeSet<>(here)),
                      manifest.sites().getFirst().siteId())));
    }
    return manifest;
  }

  private Sites declared() {
    Sites known = new Sites();
    if (sites != null) {
      new SiteDirectory(sites, known).refresh();
    }
    return known;
  }

  private void writeDown(Restorer.Restored restored, String from) throws IOException {
    AuditLog.open(target(), Disk.real())
        .add(
            new AuditEntry(
                Instant.now(),
                AuditEntry.COMMAND_LINE,
                "restore",
                site == null ? "" : site,
                restored.id(),
                "done",
                "%d rows from %s%s"
                    .formatted(
                        restored.rows(),
                        from,
                        restored
                            .setAside()
                            .map(old -> "; the lake of before is in " + old)
                            .orElse(""))));
  }

  private static long rows(Manifest manifest, String siteId) {
    return manifest.sites().stream()
        .filter(found -> found.siteId().equals(siteId))
        .mapToLong(Manifest.Site::rows)
        .sum();
  }

  private Manifest wanted(Backups backups) throws IOException {
    try {
      return at == null ? backups.find(from.id()) : begunBy(backups, at);
    } catch (BackupException e) {
      throw CommandFailedException.unusable(e);
    }
  }

  private Path target() {
    return requireNonNull(data).toAbsolutePath().normalize();
  }

  private Restorer restorer(Backups backups) {
    RuntimeSettings asked = RuntimeSettings.DEFAULT;
    if (sites != null) {
      SiteDirectory directory = new SiteDirectory(sites, new Sites());
      directory.refresh();
      asked = directory.runtime();
    }
    Path plugins = requireNonNull(extensions);
    return new Restorer(backups, target(), plugins, Disk.real(), InstantSource.system())
        .to(from.place(asked))
        .replaying(
            (manifest, aside) -> {
              Ledger.open(target(), Disk.real())
                  .merge(backups.place(), new Seals(from.erasureKey()));
              return erased(backups, target(), plugins, manifest, aside);
            });
  }

  /** What was erased since the backup was made does not come back with it. */
  private static long erased(
      Backups backups, Path target, Path extensions, Manifest manifest, Lake aside)
      throws IOException {
    return ErasureRun.replay(
        Ledger.open(target, Disk.real()),
        new BackupErasure(backups, target, extensions, Disk.real()),
        manifest,
        aside,
        Steps.UNOBSERVED);
  }

  private static Steps printing(PrintWriter out) {
    return step -> {
      out.println(step);
      out.flush();
    };
  }

  private static boolean agreed() {
    Console console = System.console();
    return console != null
        && console.isTerminal()
        && "yes".equals(console.readLine("Restore it? Say yes: "));
  }

  private static Manifest begunBy(Backups backups, String time) throws IOException {
    Instant latest;
    try {
      latest = Instant.parse(time);
    } catch (DateTimeParseException e) {
      throw new CommandFailedException(
          "--at is '%s'; write a time in UTC, such as 2026-05-04T10:00:00Z".formatted(time), e);
    }
    return backups.begunBy(latest);
  }

  private static String sites(Manifest manifest) {
    return manifest.sites().stream().map(Manifest.Site::siteId).collect(Collectors.joining(", "));
  }
}
