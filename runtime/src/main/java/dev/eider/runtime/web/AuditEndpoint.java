package dev.eider.runtime.web;

import dev.eider.runtime.audit.AuditEntry;
import dev.eider.runtime.audit.AuditLog;
import dev.eider.runtime.config.SiteSettings;
import dev.eider.runtime.config.Sites;
import io.helidon.http.Method;
import io.helidon.http.Status;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * {@code GET /admin/audit}: what was done to people's data, the newest first. {@code site_id} and
 * {@code action} say which entries, {@code since} how old ones, {@code limit} (100 unless given, at
 * most 1,000) and {@code offset} how many.
 */
final class AuditEndpoint {

  private static final int USUAL = 100;
  private static final int MOST = 1_000;

  private final AuditLog log;
  private final Sites sites;

  AuditEndpoint(AuditLog log, Sites sites) {
    this.log = log;
    this.sites = sites;
  }

  void on(Routes.Builder routes, AdminEndpoints admin) {
    routes.on(Method.GET, "/admin/audit", admin.guarded(this::answer));
  }

  private void answer(Exchange exchange) throws IOException {
    int limit = number(exchange, "limit", USUAL, MOST);
    int offset = number(exchange, "offset", 0, Integer.MAX_VALUE);
    List<AuditEntry> all = log.entries(wanted(exchange), since(exchange));
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("logs", all.stream().skip(offset).limit(limit).map(AuditEndpoint::shown).toList());
    answer.put("count", all.size());
    answer.put("limit", limit);
    answer.put("offset", offset);
    exchange.json(Status.OK_200, answer);
  }

  private Predicate<AuditEntry> wanted(Exchange exchange) {
    String named = exchange.queryParameter("site_id");
    // What was done to a site stays when it is no longer declared.
    String siteId = sites.named(named).map(SiteSettings::siteId).orElse(named);
    String action = exchange.queryParameter("action");
    return entry ->
        (siteId.isEmpty() || entry.siteId().equals(siteId))
            && (action.isEmpty() || entry.action().equals(action));
  }

  private static Instant since(Exchange exchange) {
    String since = exchange.queryParameter("since");
    try {
      return since.isEmpty() ? Instant.EPOCH : OffsetDateTime.parse(since).toInstant();
    } catch (DateTimeException e) {
      throw Refusal.of(Status.BAD_REQUEST_400, "since is a time, such as 2026-05-04T12:00:00Z");
    }
  }

  private static int number(Exchange exchange, String name, int otherwise, int most) {
    String given = exchange.queryParameter(name);
    if (given.isEmpty()) {
      return otherwise;
    }
    if (!given.matches("\\d{1,9}") || Integer.parseInt(given) > most) {
      throw Refusal.of(
          Status.BAD_REQUEST_400, "%s is a whole number up to %d".formatted(name, most));
    }
    return Integer.parseInt(given);
  }

  private static Map<String, String> shown(AuditEntry entry) {
    Map<String, String> shown = new LinkedHashMap<>();
    shown.put("at", entry.at().toString());
    shown.put("who", entry.who());
    shown.put("action", entry.action());
    shown.put("site_id", entry.siteId());
    shown.put("request_id", entry.requestId());
    shown.put("outcome", entry.outcome());
    shown.put("detail", entry.detail());
    return shown;
  }
}
