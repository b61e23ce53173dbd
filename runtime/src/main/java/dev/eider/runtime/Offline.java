package dev.eider.runtime;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.eider.runtime.audit.AuditEntry;
import dev.eider.runtime.audit.AuditLog;
import dev.eider.runtime.backup.BackupRun;
import dev.eider.runtime.config.ConfigException;
import dev.eider.runtime.config.EngineSettings;
import dev.eider.runtime.config.RuntimeSettings;
import dev.eider.runtime.config.SiteDirectory;
import dev.eider.runtime.config.Sites;
import dev.eider.runtime.disk.Disk;
import dev.eider.runtime.erasure.ErasureRun;
import dev.eider.runtime.job.JobRequest;
import dev.eider.runtime.job.JobState;
import dev.eider.runtime.job.Jobs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** A verb done on a data directory that no runtime is using. */
public final class Offline {

  private static final Duration LOOK = Duration.ofMillis(100);

  private Offline() {}

  /** The same with nothing else given along, under the verb's own name. */
  public static JobState run(
      Path data,
      Path extensions,
      Optional<Path> sites,
      UnaryOperator<RuntimeSettings> overrides,
      String verb,
      boolean execute,
      Map<String, Long> parameters,
      Consumer<String> progress)
      throws IOException, InterruptedException {
    return run(
        data,
        extensions,
        sites,
        overrides,
        EngineSettings.DEFAULT,
        verb,
        verb,
        execute,
        parameters,
        MissingNode.getInstance(),
        progress);
  }

  /**
   * Opens journal and lake, does the verb, and closes them.
   *
   * @param sites directory of manifests; empty serves verbs that ask nothing of a site
   * @param overrides flags, which win over what sites ask of their runtime
   * @param engine how much DuckDB may take
   * @param id the job's
   * @param execute whether what is to be removed is removed, and not only counted
   * @param parameters numbers for the verb, by name
   * @param subject what else the verb is given; missing where it is nothing
   * @param progress told what is being done whenever that changes
   * @return the job in its final state
   * @throws ConfigException when the data directory is not one
   * @throws IOException when a runtime is using it, or it cannot be read; the message says which
   */
  public static JobState run(
      Path data,
      Path extensions,
      Optional<Path> sites,
      UnaryOperator<RuntimeSettings> overrides,
      EngineSettings engine,
      String verb,
      String id,
      boolean execute,
      Map<String, Long> parameters,
      JsonNode subject,
      Consumer<String> progress)
      throws IOException, InterruptedException {
    if (!Files.isDirectory(data.resolve("lake"))) {
      throw new ConfigException(
          "--data: %s has no lake in it; give the data directory of a runtime".formatted(data));
    }
    Sites registry = new Sites();
    RuntimeSettings settings = RuntimeSettings.DEFAULT;
    if (sites.isPresent()) {
      SiteDirectory directory = new SiteDirectory(sites.get(), registry);
      directory.refresh();
      settings = directory.runtime();
    }
    settings = overrides.apply(settings);
    InstantSource clock = InstantSource.system();
    BackupRun backup = new BackupRun(settings.backup(), data, extensions, Disk.real(), clock);
    ErasureRun erasure =
        new ErasureRun(
            data,
            extensions,
            settings.backup(),
            settings.archive(),
            settings.place(),
            Disk.real(),
            clock);
    try (Storage storage = Storage.open(data, extensions, settings, engine, Disk.real());
        Jobs jobs =
            new Jobs(
                Verbs.of(
                    storage,
                    registry,
                    backup,
                    erasure,
                    new ArchiveOfSites(settings.archive(), Disk.real(), clock),
                    new AuditOfSites(
                        AuditLog.open(data, Disk.real()), registry, clock, AuditEntry.COMMAND_LINE),
                    clock),
                clock)) {
      storage.lake().rollUpAs(new RolledSites(registry));
      JobState state =
          jobs.submit(verb, id, JobRequest.of(execute).with(parameters).with(subject))
              .orElseThrow(() -> new ConfigException("no verb is called " + verb));
      String last = "";
      while (!state.phase().isFinal()) {
        if (!state.progress().equals(last)) {
          last = state.progress();
          progress.accept(last);
        }
        Thread.sleep(LOOK);
        state = jobs.find(verb, id).orElseThrow();
      }
      return state;
    }
  }
}
