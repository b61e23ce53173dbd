package dev.eider.runtime.web;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.eider.runtime.audit.AuditEntry;
import dev.eider.runtime.audit.AuditLog;
import dev.eider.runtime.config.SiteSettings;
import dev.eider.runtime.config.Sites;
import dev.eider.runtime.erasure.ErasureOrder;
import dev.eider.runtime.lake.ErasureSubject;
import dev.eider.runtime.lake.LakeException;
import dev.eider.runtime.sql.EventsExport;
import dev.eider.runtime.sql.SqlFormat;
import dev.eider.runtime.stats.Days;
import dev.eider.runtime.stats.InvalidQuery;
import dev.eider.runtime.stats.Parameters;
import dev.eider.runtime.stats.StatsUnavailable;
import dev.eider.runtime.stats.TooBusy;
import io.helidon.http.HeaderNames;
import io.helidon.http.Method;
import io.helidon.http.Status;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code GET /api/v1/export/events}: a site's events as they were accepted. */
final class ExportEndpoint {

  private static final Logger LOG = LoggerFactory.getLogger(ExportEndpoint.class);

  private static final int LARGEST_BODY = 1 << 20;

  private final ReadAccess access;
  private final SqlSource source;
  private final Sites sites;
  private final AuditLog audit;

  ExportEndpoint(ReadAccess access, SqlSource source, Sites sites, AuditLog audit) {
    this.access = access;
    this.source = source;
    this.sites = sites;
    this.audit = audit;
  }

  void on(Routes.Builder routes) {
    routes
        .on(
            Method.GET,
            "/api/v1/export/events",
            exchange -> answer(exchange, site -> Optional.empty()))
        .on(
            Method.POST,
            "/api/v1/export/events",
            exchange -> {
              JsonNode body = Json.object(exchange.body(LARGEST_BODY));
              answer(exchange, site -> Optional.of(subject(body, site)));
            });
  }

  /** Whose events, as an erasure takes it; in the body, since addresses are logged by others. */
  private ErasureSubject subject(JsonNode body, SiteSettings site) {
    ObjectNode subject = ((ObjectNode) body).deepCopy();
    subject.putArray("sites").add(site.siteId());
    try {
      return ErasureOrder.of(subject, sites).subject();
    } catch (IllegalArgumentException e) {
      throw Refusal.of(Status.BAD_REQUEST_400, String.valueOf(e.getMessage()));
    }
  }

  private void answer(Exchange exchange, Function<SiteSettings, Optional<ErasureSubject>> whose)
      throws Exception {
    try {
      String key = access.key(exchange);
      Parameters parameters = StatsAccess.parameters(exchange);
      SiteSettings site = access.site(key, JsonNodeFactory.instance.textNode(parameters.siteId()));
      SqlFormat format = format(exchange);
      Days days = parameters.days(Instant.now(), site.zone());
      Optional<ErasureSubject> subject = whose.apply(site);
      try (EventsExport export = source.export(site, days, format, subject)) {
        // Before the answer begins: what goes wrong here can still be said.
        Path first = source.next(export).orElseThrow();
        audit.add(
            new AuditEntry(
                Instant.now(),
                access.isAdmin(key) ? AuditEntry.ADMIN : AuditEntry.STATS_KEY,
                "export",
                site.siteId(),
                exchange.id(),
                "done",
                "events %s from %s to %s as %s"
                    .formatted(
                        subject.isPresent() ? "of one person" : "of everybody",
                        days.first(),
                        days.last(),
                        format.extension())));
        exchange.with(
            HeaderNames.CONTENT_DISPOSITION,
            "attachment; filename=\"%s-%s-%s.%s\""
                .formatted(site.siteId(), days.first(), days.last(), format.extension()));
        exchange.stream(
            Status.OK_200,
            format.mediaType(),
            -1,
            out -> {
              for (Optional<Path> file = Optional.of(first);
                  file.isPresent();
                  file = source.next(export)) {
                Files.copy(file.get(), out);
              }
            });
      }
    } catch (InvalidQuery e) {
      throw Refusal.of(Status.BAD_REQUEST_400, String.valueOf(e.getMessage()));
    } catch (TooBusy e) {
      throw Refusal.busy(String.valueOf(e.getMessage()));
    } catch (StatsUnavailable e) {
      throw Refusal.later("not answered: " + e.getMessage(), 5);
    } catch (LakeException e) {
      LOG.warn("an export was not answered", e);
      throw Refusal.later("not answered: the lake could not be read; the log says more", 5);
    }
  }

  private static SqlFormat format(Exchange exchange) {
    String asked = exchange.queryParameter("format");
    return SqlFormat.of(asked.isEmpty() ? "csv" : asked)
        .filter(format -> format != SqlFormat.JSON)
        .orElseThrow(
            () ->
                Refusal.of(Status.BAD_REQUEST_400, "format is one of csv, ndjson, parquet, arrow"));
  }
}
