package dev.eider.runtime.command;

import static java.util.Objects.requireNonNull;

import dev.eider.runtime.Runtime;
import dev.eider.runtime.RuntimeOptions;
import dev.eider.runtime.config.ConfigException;
import dev.eider.runtime.config.FlushSettings;
import dev.eider.runtime.config.RuntimeSettings;
import dev.eider.runtime.disk.DiskFullException;
import dev.eider.runtime.web.WebSettings;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code eider serve}: the runtime itself. */
@Command(
    name = "serve",
    description = "Take events in, keep them, and answer statistics, until told to stop.")
final class ServeCommand implements Callable<Integer> {

  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--sites",
      paramLabel = "DIR",
      required = true,
      defaultValue = "${env:EIDER_SITES}",
      description =
          "Directory with the AnalyticsSite YAML of the sites to serve; read again when it"
              + " changes.")
  private @Nullable Path sites;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      required = true,
      defaultValue = "${env:EIDER_DATA}",
      description = "Directory for everything that is kept. On a disk, not on tmpfs.")
  private @Nullable Path data;

  @Option(
      names = "--host",
      paramLabel = "ADDRESS",
      defaultValue = "${env:EIDER_HOST:-127.0.0.1}",
      description = "Address to listen on. Default: 127.0.0.1.")
  private String host = "";

  @Option(
      names = "--port",
      paramLabel = "PORT",
      defaultValue = "${env:EIDER_PORT:-8080}",
      description = "Port to listen on; 0 takes a free one. Default: 8080.")
  private int port;

  @Option(
      names = "--management-port",
      paramLabel = "PORT",
      defaultValue = "${env:EIDER_MANAGEMENT_PORT}",
      description = "A second port for probes, metrics and administration. Default: none.")
  private @Nullable Integer managementPort;

  @Option(
      names = "--admin-token-file",
      paramLabel = "FILE",
      defaultValue = "${env:EIDER_ADMIN_TOKEN_FILE}",
      description =
          "File with the admin token, or set EIDER_ADMIN_TOKEN. Default: made once and printed.")
  private @Nullable Path adminTokenFile;

  @Option(
      names = "--keys",
      paramLabel = "DIR",
      defaultValue = "${env:EIDER_KEYS}",
      description =
          "Directory with the sites' keys, DIR/<siteId>/ingest and DIR/<siteId>/stats. Default:"
              + " made once in the data directory.")
  private @Nullable Path keys;

  @Option(
      names = "--extensions",
      paramLabel = "DIR",
      required = true,
      defaultValue = "${env:EIDER_EXTENSIONS}",
      description = "Directory with DuckDB's extensions. The launcher knows it.")
  private @Nullable Path extensions;

  @Option(
      names = "--flush-max-events",
      paramLabel = "N",
      defaultValue = "${env:EIDER_FLUSH_MAX_EVENTS}",
      description = "Write hot rows to the lake when there are so many. Default: 10000.")
  private @Nullable Integer flushMaxEvents;

  @Option(
      names = "--flush-interval",
      paramLabel = "SECONDS",
      defaultValue = "${env:EIDER_FLUSH_INTERVAL}",
      description = "And at least so often. Default: 60.")
  private @Nullable Integer flushInterval;

  @Option(
      names = "--shutdown-timeout",
      paramLabel = "SECONDS",
      defaultValue = "${env:EIDER_SHUTDOWN_TIMEOUT}",
      description = "How long stopping may take. Default: 30.")
  private @Nullable Integer shutdownTimeout;

  @Mixin private final EngineOptions engine = new EngineOptions();

  @Option(
      names = "--stats-cache",
      paramLabel = "SIZE",
      defaultValue = "${env:EIDER_STATS_CACHE:-}",
      description =
          "Memory for answers that are given again while nothing changed, such as 64Mi; 0 keeps"
              + " none. Default: 16Mi.")
  private String statsCache = "";

  @Mixin private final PlaceOptions place = new PlaceOptions();
  @Mixin private final CollectOptions collect = new CollectOptions();
  @Mixin private final BackupOptions backup = new BackupOptions();
  @Mixin private final ArchiveOptions archive = new ArchiveOptions();

  @Override
  public Integer call() throws Exception {
    CommandSpec command = requireNonNull(spec);
    PrintWriter out = command.commandLine().getOut();
    Runtime runtime;
    try {
      runtime = Runtime.start(options());
    } catch (ConfigException e) {
      throw new ParameterException(command.commandLine(), String.valueOf(e.getMessage()), e);
    } catch (IOException e) {
      String why = String.valueOf(e.getMessage());
      // What fails with an open file does not say which.
      throw why.contains("/") || DiskFullException.isMeantBy(e)
          ? e
          : new CommandFailedException(
              "%s cannot be used as the data directory: %s".formatted(data, why), e);
    }
    runtime
        .madeAdminToken()
        .ifPresent(
            token -> out.println("Admin token (made now, kept in the data directory): " + token));
    out.println("Eider listens on http://%s:%d".formatted(host, runtime.port()));
    out.flush();
    Thread stop = Thread.ofPlatform().name("stop").unstarted(runtime::close);
    java.lang.Runtime.getRuntime().addShutdownHook(stop);
    runtime.awaitClosed();
    return 0;
  }

  private RuntimeOptions options() {
    return new RuntimeOptions(
        requireNonNull(sites),
        requireNonNull(data),
        requireNonNull(extensions),
        WebSettings.onLoopback(port)
            .withHost(host)
            .withManagementPort(
                managementPort == null ? OptionalInt.empty() : OptionalInt.of(managementPort)),
        Optional.ofNullable(System.getenv("EIDER_ADMIN_TOKEN")).filter(token -> !token.isBlank()),
        Optional.ofNullable(adminTokenFile),
        Optional.ofNullable(keys),
        engine.settings().withAnswers(statsCache),
        this::override);
  }

  private RuntimeSettings override(RuntimeSettings asked) {
    FlushSettings flush = asked.flush();
    return archive
        .override(backup.override(place.override(asked), place), place)
        .withCollect(collect.override(asked.collect()))
        .withFlush(
            new FlushSettings(
                flushMaxEvents == null ? flush.maxEvents() : flushMaxEvents,
                flushInterval == null ? flush.interval() : Duration.ofSeconds(flushInterval),
                shutdownTimeout == null
                    ? flush.shutdownTimeout()
                    : Duration.ofSeconds(shutdownTimeout)));
  }
}
