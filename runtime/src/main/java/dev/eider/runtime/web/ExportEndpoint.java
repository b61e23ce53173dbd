package dev.eider.runtime.web;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.eider.runtime.config.SiteSettings;
import dev.eider.runtime.lake.LakeException;
import dev.eider.runtime.sql.EventsExport;
import dev.eider.runtime.sql.SqlFormat;
import dev.eider.runtime.stats.Days;
import dev.eider.runtime.stats.InvalidQuery;
import dev.eider.runtime.stats.Parameters;
import dev.eider.runtime.stats.TooBusy;
import io.helidon.http.HeaderNames;
import io.helidon.http.Method;
import io.helidon.http.Status;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code GET /api/v1/export/events}: a site's events as they were accepted. */
final class ExportEndpoint {

  private static final Logger LOG = LoggerFactory.getLogger(ExportEndpoint.class);

  private final ReadAccess access;
  private final SqlSource source;

  ExportEndpoint(ReadAccess access, SqlSource source) {
    this.access = access;
    this.source = source;
  }

  void on(Routes.Builder routes) {
    routes.on(Method.GET, "/api/v1/export/events", this::answer);
  }

  private void answer(Exchange exchange) throws Exception {
    try {
      String key = access.key(exchange);
      Parameters parameters = StatsAccess.parameters(exchange);
      SiteSettings site = access.site(key, JsonNodeFactory.instance.textNode(parameters.siteId()));
      SqlFormat format = format(exchange);
      Days days = parameters.days(Instant.now(), site.zone());
      try (EventsExport export = source.export(site, days, format)) {
        // Before the answer begins: what goes wrong here can still be said.
        Path first = source.next(export).orElseThrow();
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
            () -> Refusal.of(Status.BAD_REQUEST_400, "format is one of csv, ndjson, parquet"));
  }
}
