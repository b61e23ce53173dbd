package dev.eider.runtime.web;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.eider.runtime.access.AdminToken;
import dev.eider.runtime.access.SiteKeys;
import dev.eider.runtime.audit.AuditLog;
import dev.eider.runtime.collect.AcceptedBefore;
import dev.eider.runtime.collect.AddressWatch;
import dev.eider.runtime.collect.ClosedDays;
import dev.eider.runtime.collect.CollectParts;
import dev.eider.runtime.collect.Collector;
import dev.eider.runtime.collect.Drops;
import dev.eider.runtime.collect.TrustedProxies;
import dev.eider.runtime.collect.known.Datacentres;
import dev.eider.runtime.collect.known.Geo;
import dev.eider.runtime.config.CollectSettings;
import dev.eider.runtime.config.PrivacySettings;
import dev.eider.runtime.config.RateLimit;
import dev.eider.runtime.config.SiteSettings;
import dev.eider.runtime.config.Sites;
import dev.eider.runtime.disk.Disk;
import dev.eider.runtime.event.Event;
import dev.eider.runtime.job.Jobs;
import dev.eider.runtime.job.Verb;
import dev.eider.runtime.journal.Journal;
import dev.eider.runtime.journal.JournalSettings;
import dev.eider.runtime.lake.ErasureSubject;
import dev.eider.runtime.sql.EventsExport;
import dev.eider.runtime.sql.SqlAnswer;
import dev.eider.runtime.sql.SqlCancel;
import dev.eider.runtime.sql.SqlFormat;
import dev.eider.runtime.sql.SqlLimits;
import dev.eider.runtime.sql.SqlRequest;
import dev.eider.runtime.sql.Table;
import dev.eider.runtime.state.IdentityKeys;
import dev.eider.runtime.state.Salts;
import dev.eider.runtime.state.SavedItems;
import dev.eider.runtime.state.StateDirectory;
import dev.eider.runtime.stats.Days;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CopyOnWriteArrayList;

/** The web room with nothing behind it but what a test gives. */
final class WebFixture implements AutoCloseable {

  /** An address may send 100 a second, 500 at once. */
  private static final CollectSettings LIMITED =
      new CollectSettings(
          PrivacySettings.Mode.STANDARD,
          Optional.empty(),
          Optional.empty(),
          Optional.of(new RateLimit(100, 500)));

  static final String ADMIN = "the-admin-token";

  final Sites sites = new Sites(List.of(SiteSettings.of("blog.example.com")));
  final SiteKeys keys;
  final Jobs jobs;
  final List<Event> events = new CopyOnWriteArrayList<>();
  final Journal journal;
  final Health health = new Health(Map.of());
  final Meters meters = new Meters();
  final Drops drops =
      new Drops(
          (siteId, reason, count) ->
              meters.counter(
                  "eider.events.dropped",
                  "Events that were not kept, by reason",
                  count::getAsLong,
                  "site",
                  siteId,
                  "reason",
                  reason));

  /** Answers SQL; a test may put something else here. */
  volatile SqlSource sql = new NoSql();

  final Web web;
  private final HttpClient client = HttpClient.newHttpClient();

  WebFixture(Path directory, WebSettings settings, Map<String, Verb> verbs) throws IOException {
    this(directory, settings, verbs, JournalSettings.DEFAULT);
  }

  WebFixture(
      Path directory,
      WebSettings settings,
      Map<String, Verb> verbs,
      JournalSettings journalSettings)
      throws IOException {
    this(
        directory,
        settings,
        verbs,
        journalSettings,
        (site, question) -> JsonNodeFactory.instance.objectNode().put("site", site.siteId()));
  }

  private WebFixture(
      Path directory,
      WebSettings settings,
      Map<String, Verb> verbs,
      JournalSettings journalSettings,
      Statistics statistics)
      throws IOException {
    keys = new SiteKeys(directory, InstantSource.system());
    keys.makeMissing(List.of("blog.example.com"), Disk.real());
    journal = Journal.open(directory.resolve("journal"), journalSettings, Disk.real());
    journal.start(0, batch -> batch.forEach(accepted -> events.add(accepted.event())));
    Salts salts =
        Salts.open(
            StateDirectory.open(directory.resolve("salts"), Disk.real()), InstantSource.system());
    jobs = new Jobs(verbs, InstantSource.system());
    web =
        Web.start(
            settings,
            new WebParts(
                AdminToken.of(ADMIN),
                keys,
                sites,
                new Collector(
                    new CollectParts(
                        sites,
                        salts,
                        new IdentityKeys(
                            StateDirectory.open(directory.resolve("identity"), Disk.real())),
                        LIMITED,
                        Geo.NONE,
                        new Datacentres(List.of()),
                        AcceptedBefore.NOTHING,
                        ClosedDays.NONE,
                        drops,
                        new AddressWatch(AddressWatch.Observer.NONE),
                        System::nanoTime)),
                journal,
                () -> TrustedProxies.NONE,
                jobs,
                new FixedFigures(),
                statistics,
                saved(directory.resolve("segments")),
                saved(directory.resolve("annotations")),
                new LaterSql(),
                AuditLog.open(directory, Disk.real()),
                health,
                meters));
    health.started();
  }

  private static SavedItems saved(Path directory) throws IOException {
    return new SavedItems(StateDirectory.open(directory, Disk.real()), 3);
  }

  static WebFixture in(Path directory) throws IOException {
    return new WebFixture(
        directory,
        WebSettings.onLoopback(0).withManagementPort(OptionalInt.of(0)),
        Map.of("compact", run -> Map.of("status", "ok", "execute", run.execute())));
  }

  /** With statistics behind it. */
  static WebFixture with(Path directory, Statistics statistics) throws IOException {
    return new WebFixture(
        directory, WebSettings.onLoopback(0), Map.of(), JournalSettings.DEFAULT, statistics);
  }

  String ingestKey() throws IOException {
    return Files.readString(keys.file("blog.example.com", SiteKeys.Use.INGEST)).strip();
  }

  String statsKey() throws IOException {
    return Files.readString(keys.file("blog.example.com", SiteKeys.Use.STATS)).strip();
  }

  HttpRequest.Builder to(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + web.port() + path));
  }

  HttpRequest.Builder admin(String path) {
    return to(path).header("Authorization", "Bearer " + ADMIN);
  }

  HttpRequest.Builder management(String path) {
    return HttpRequest.newBuilder(
        URI.create("http://127.0.0.1:" + web.managementPort().orElseThrow() + path));
  }

  HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
    return send(request, BodyHandlers.ofString());
  }

  <T> HttpResponse<T> send(HttpRequest.Builder request, HttpResponse.BodyHandler<T> body)
      throws IOException, InterruptedException {
    return client.send(request.build(), body);
  }

  /** Status and body of an answer, as one line. */
  String answer(HttpRequest.Builder request) throws IOException, InterruptedException {
    HttpResponse<String> response = send(request);
    return response.statusCode() + " " + response.body();
  }

  @Override
  public void close() {
    client.shutdownNow();
    web.close();
    jobs.close();
    try {
      journal.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static final class FixedFigures implements Figures {

    @Override
    public Map<String, Object> runtime() {
      return Map.of("version", "test");
    }

    @Override
    public Map<String, Long> dropped(SiteSettings site) {
      return Map.of("rate_limited", 2L);
    }

    @Override
    public Map<String, Object> site(SiteSettings site) {
      return Map.of("events", 5);
    }
  }

  /** What {@link #sql} is by then. */
  private final class LaterSql implements SqlSource {

    @Override
    public SqlAnswer answer(List<SiteSettings> asked, SqlRequest request, SqlCancel cancel) {
      return sql.answer(asked, request, cancel);
    }

    @Override
    public EventsExport export(
        SiteSettings site, Days days, SqlFormat format, Optional<ErasureSubject> subject) {
      return sql.export(site, days, format, subject);
    }

    @Override
    public Optional<Path> next(EventsExport export) {
      return sql.next(export);
    }

    @Override
    public byte[] written(Table table, SqlFormat format) {
      return sql.written(table, format);
    }
  }

  /** Answers none, but writes tables. */
  static class NoSql implements SqlSource {

    @Override
    public SqlAnswer answer(List<SiteSettings> asked, SqlRequest request, SqlCancel cancel) {
      throw new AssertionError("no SQL was to be asked");
    }

    @Override
    public EventsExport export(
        SiteSettings site, Days days, SqlFormat format, Optional<ErasureSubject> subject) {
      throw new AssertionError("nothing was to be exported");
    }

    @Override
    public Optional<Path> next(EventsExport export) {
      return export.next();
    }

    @Override
    public byte[] written(Table table, SqlFormat format) {
      return table.written(
          format,
          new SqlLimits(
              Duration.ofSeconds(20),
              64L << 20,
              1,
              64L << 20,
              Path.of(System.getProperty("java.io.tmpdir"), "eider-tables")));
    }
  }

  /** Answers by a function. */
  static NoSql answering(Answering answering) {
    return new NoSql() {
      @Override
      public SqlAnswer answer(List<SiteSettings> asked, SqlRequest request, SqlCancel cancel) {
        return answering.answer(asked, request, cancel);
      }
    };
  }

  /** See {@link SqlSource#answer}. */
  @FunctionalInterface
  interface Answering {
    SqlAnswer answer(List<SiteSettings> asked, SqlRequest request, SqlCancel cancel);
  }
}
