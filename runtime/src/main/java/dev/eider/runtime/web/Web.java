package dev.eider.runtime.web;

import dev.eider.runtime.collect.EventsAdapter;
import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Method;
import io.helidon.http.Status;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.OptionalInt;

/** Everything that listens. Bound and answering once made; endpoints are listed in the README. */
public final class Web implements AutoCloseable {

  private static final Header PROMETHEUS =
      HeaderValues.createCached(
          HeaderNames.CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8");

  private final Listeners listeners;
  private final LiveFeed feed;

  private Web(Listeners listeners, LiveFeed feed) {
    this.listeners = listeners;
    this.feed = feed;
  }

  /**
   * Binds and listens.
   *
   * @throws java.io.UncheckedIOException when a port cannot be bound
   */
  public static Web start(WebSettings settings, WebParts parts) {
    AdminEndpoints admin =
        new AdminEndpoints(parts.adminToken(), parts.sites(), parts.jobs(), parts.figures());
    HealthEndpoints health = new HealthEndpoints(parts.health());
    Routes.Endpoint metrics =
        exchange ->
            exchange.send(
                Status.OK_200,
                PROMETHEUS,
                parts.meters().scrape().getBytes(StandardCharsets.UTF_8));

    Routes.Builder main = Routes.builder();
    health.on(main);
    admin.on(main);
    main.on(Method.GET, "/metrics", admin.guarded(metrics));
    main.usualNames(new ScriptNames(parts.sites()));
    new Tracker(parts.sites()).on(main);
    LiveFeed feed = new LiveFeed();
    parts.meters().gauge("eider.live.watchers", "Readers of live feeds", feed::watching);
    collect(parts, feed, main);
    StatsAccess stats =
        new StatsAccess(
            parts.sites(), parts.keys(), parts.adminToken(), parts.statistics(), parts.meters());
    new QueryEndpoint(stats, parts.sql()::written).on(main);
    new StatsEndpoints(stats, parts.figures(), parts.sql()::written).on(main);
    new LiveEndpoint(stats, feed).on(main);
    new SavedEndpoints(stats, parts.segments(), parts.annotations()).on(main);
    ReadAccess reading = new ReadAccess(parts.sites(), parts.keys(), parts.adminToken());
    ExportEndpoint export = new ExportEndpoint(reading, parts.sql(), parts.sites(), parts.audit());
    export.on(main);
    SqlEndpoint sql = new SqlEndpoint(reading, parts.sql(), parts.meters());
    sql.on(main);
    new ApiDocument().on(main);

    MaintenanceEndpoints maintenance =
        new MaintenanceEndpoints(parts.adminToken(), parts.keys(), parts.sites(), parts.jobs());
    maintenance.on(main);
    ErasureEndpoints erasures = new ErasureEndpoints(admin, parts.jobs());
    erasures.on(main);
    new RetentionEndpoint(parts.sites()).on(main, admin);
    AuditEndpoint audit = new AuditEndpoint(parts.audit(), parts.sites());
    audit.on(main, admin);

    Routes.Builder management = Routes.builder();
    health.on(management);
    admin.on(management);
    maintenance.on(management);
    erasures.on(management);
    // For the verbs in a pod, which know this port.
    export.on(management);
    sql.on(management);
    audit.on(management, admin);
    management.on(Method.GET, "/metrics", metrics);
    return new Web(new Listeners(settings, main.build(), management.build()), feed);
  }

  private static void collect(WebParts parts, LiveFeed feed, Routes.Builder routes) {
    InstantSource clock = InstantSource.system();
    Intake intake =
        new Intake(
            parts.collector(),
            parts.journal(),
            parts.keys(),
            parts.trustedProxies(),
            clock,
            feed,
            parts.meters());
    new PlausibleEndpoint(intake, new DebugAnswer(intake, parts.adminToken())).on(routes);
    new SelfEndpoint(intake, parts.sites()).on(routes);
    new UmamiEndpoint(intake, new UmamiTokens(clock)).on(routes);
    new GoatCounterEndpoint(intake, parts.sites(), parts.keys()).on(routes);
    LargeBodies largeBodies = new LargeBodies(EventsAdapter.MAX_BODY);
    new MatomoEndpoint(intake, largeBodies).on(routes);
    new EventsEndpoint(intake, largeBodies).on(routes);
  }

  /** The main port, also where a free one was taken. */
  public int port() {
    return listeners.port();
  }

  /** The management port, if there is one. */
  public OptionalInt managementPort() {
    return listeners.managementPort();
  }

  /** Takes no more connections, lets running requests end for up to 5 s, and closes. */
  @Override
  public void close() {
    // Or its readers would use up the time that running requests have.
    feed.close();
    listeners.close();
  }
}
