package dev.eider.runtime.web;

import com.fasterxml.jackson.databind.JsonNode;
import dev.eider.runtime.access.AdminToken;
import dev.eider.runtime.access.Bearer;
import dev.eider.runtime.access.SiteKeys;
import dev.eider.runtime.config.SiteSettings;
import dev.eider.runtime.config.Sites;
import dev.eider.runtime.job.JobRequest;
import dev.eider.runtime.job.JobState;
import dev.eider.runtime.job.JobState.Phase;
import dev.eider.runtime.job.Jobs;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Method;
import io.helidon.http.Status;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.RejectedExecutionException;

/**
 * {@code /v1/analytics}: the lake's maintenance, one request a verb, answered when it is done. The
 * same jobs as under {@code /admin/jobs}, which suits what may take longer than a connection lasts.
 */
final class MaintenanceEndpoints {

  private static final String BASE = "/v1/analytics/";

  private final AdminToken token;
  private final SiteKeys keys;
  private final Sites sites;
  private final Jobs jobs;

  MaintenanceEndpoints(AdminToken token, SiteKeys keys, Sites sites, Jobs jobs) {
    this.token = token;
    this.keys = keys;
    this.sites = sites;
    this.jobs = jobs;
  }

  void on(Routes.Builder routes) {
    routes
        .on(Method.GET, BASE + "info", guarded(this::info))
        .on(Method.GET, BASE + "snapshots", guarded(this::snapshots))
        .on(Method.POST, BASE + "rollup", guarded(this::rollup))
        .on(Method.POST, BASE + "maintenance/compact", guarded(this::compact))
        .on(Method.POST, BASE + "maintenance/cleanup", guarded(this::cleanup))
        .on(Method.POST, BASE + "maintenance/expire-snapshots", guarded(this::expire));
  }

  private Routes.Endpoint guarded(Routes.Endpoint endpoint) {
    return exchange -> {
      String shown = Bearer.token(exchange.header(HeaderNames.AUTHORIZATION)).orElse("");
      if (shown.isEmpty() || !token.admits(shown)) {
        if (!shown.isEmpty()
            && keys.admitsAny(sites.all().stream().map(SiteSettings::siteId).toList(), shown)) {
          throw Refusal.of(
              Status.FORBIDDEN_403,
              "a site's key may not look after the lake; show the admin token");
        }
        throw Refusal.of(
            Status.UNAUTHORIZED_401,
            "show the admin token as Authorization: Bearer TOKEN",
            HeaderValues.create(HeaderNames.WWW_AUTHENTICATE, "Bearer realm=\"eider admin\""));
      }
      endpoint.answer(exchange);
    };
  }

  private void info(Exchange exchange) throws Exception {
    Asked asked = Asked.of(exchange);
    asked.onlyBe("table", "events");
    asked.nothingElse();
    exchange.json(Status.OK_200, run("info", false, Map.of()));
  }

  private void snapshots(Exchange exchange) throws Exception {
    Asked asked = Asked.of(exchange);
    Map<String, Long> parameters = asked.number("limit");
    asked.nothingElse();
    exchange.json(Status.OK_200, run("snapshots", false, parameters));
  }

  private void rollup(Exchange exchange) throws Exception {
    Asked asked = Asked.of(exchange);
    boolean delete = asked.flag("delete_after_rollup", false);
    // A flush takes all that was accepted, so what is that old is among it.
    Long age = asked.number("older_than_hours").getOrDefault("older_than_hours", 0L);
    if (age < 0 || age > 8760) {
      throw Refusal.of(Status.BAD_REQUEST_400, "older_than_hours is a whole number from 0 to 8760");
    }
    asked.nothingElse();
    JsonNode result = run("rollup", true, Map.of("delete_after_rollup", delete ? 1L : 0L));
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("status", "ok");
    answer.put("result", result);
    exchange.json(Status.OK_200, answer);
  }

  private void compact(Exchange exchange) throws Exception {
    Asked.of(exchange).nothingElse();
    answer(
        exchange,
        run("compact", true, Map.of()),
        List.of("status", "files_before", "files_after", "files_merged", "rows"));
  }

  private void cleanup(Exchange exchange) throws Exception {
    Asked asked = Asked.of(exchange);
    boolean dryRun = asked.flag("dry_run", true);
    Map<String, Long> parameters = asked.number("older_than_hours");
    asked.nothingElse();
    answer(
        exchange,
        run("cleanup", !dryRun, parameters),
        List.of("status", "files_cleaned", "older_than_hours", "dry_run"));
  }

  private void expire(Exchange exchange) throws Exception {
    Asked asked = Asked.of(exchange);
    boolean dryRun = asked.flag("dry_run", false);
    Map<String, Long> parameters = asked.number("older_than_days");
    asked.nothingElse();
    answer(
        exchange,
        run("expire", !dryRun, parameters),
        List.of("status", "expired_count", "older_than_days"));
  }

  private static void answer(Exchange exchange, JsonNode result, List<String> fields) {
    Map<String, JsonNode> answer = new LinkedHashMap<>();
    fields.forEach(field -> answer.put(field, result.path(field)));
    exchange.json(Status.OK_200, answer);
  }

  private JsonNode run(String verb, boolean execute, Map<String, Long> parameters)
      throws InterruptedException {
    String id = "v1-" + UUID.randomUUID();
    try {
      jobs.submit(verb, id, JobRequest.of(execute).with(parameters));
    } catch (IllegalArgumentException e) {
      throw Refusal.of(Status.BAD_REQUEST_400, String.valueOf(e.getMessage()));
    } catch (RejectedExecutionException e) {
      throw Refusal.later("maintenance is not taken just now: " + e.getMessage(), 10);
    }
    JobState ended =
        jobs.await(verb, id)
            .orElseThrow(() -> Refusal.later("the job was forgotten; ask again", 1));
    if (ended.phase() == Phase.CANCELLED) {
      throw Refusal.later(verb + " was cancelled; ask again", 10);
    }
    return Json.tree(
        ended
            .result()
            .orElseThrow(() -> Refusal.of(Status.INTERNAL_SERVER_ERROR_500, ended.error())));
  }

  /** What the query string says, or the JSON of the body. */
  private record Asked(Map<String, String> left) {

    private static final int LONGEST_BODY = 64 << 10;

    static Asked of(Exchange exchange) throws IOException {
      Map<String, String> found = new LinkedHashMap<>();
      byte[] body = exchange.body(LONGEST_BODY);
      if (!new String(body, StandardCharsets.UTF_8).isBlank()) {
        Json.object(body).properties().forEach(each -> found.put(each.getKey(), text(each)));
      }
      for (String part : exchange.rawQuery().split("&")) {
        if (!part.isEmpty()) {
          int equals = part.indexOf('=');
          String name = equals < 0 ? part : part.substring(0, equals);
          String value = equals < 0 ? "" : part.substring(equals + 1);
          if (found.put(decoded(name), decoded(value)) != null) {
            throw Refusal.of(
                Status.BAD_REQUEST_400,
                "parameter %s is given twice; give it once".formatted(decoded(name)));
          }
        }
      }
      return new Asked(found);
    }

    private static String text(Map.Entry<String, JsonNode> field) {
      if (field.getValue().isContainerNode()) {
        throw Refusal.of(
            Status.BAD_REQUEST_400,
            "parameter %s is a number, a text, or true or false".formatted(field.getKey()));
      }
      return field.getValue().asText();
    }

    private static String decoded(String part) {
      try {
        return URLDecoder.decode(part, StandardCharsets.UTF_8);
      } catch (IllegalArgumentException e) {
        throw Refusal.of(Status.BAD_REQUEST_400, "the query string is not URL-encoded");
      }
    }

    boolean flag(String name, boolean otherwise) {
      String value = left.remove(name);
      if (value == null) {
        return otherwise;
      }
      if (!value.equals("true") && !value.equals("false")) {
        throw Refusal.of(Status.BAD_REQUEST_400, name + " is true or false");
      }
      return value.equals("true");
    }

    Map<String, Long> number(String name) {
      String value = left.remove(name);
      if (value == null) {
        return Map.of();
      }
      if (!value.matches("-?\\d{1,18}")) {
        throw Refusal.of(Status.BAD_REQUEST_400, name + " is a whole number");
      }
      return Map.of(name, Long.parseLong(value));
    }

    void onlyBe(String name, String value) {
      String given = left.remove(name);
      if (given != null && !given.equals(value)) {
        throw Refusal.of(Status.BAD_REQUEST_400, "%s may be %s alone".formatted(name, value));
      }
    }

    void nothingElse() {
      if (!left.isEmpty()) {
        throw Refusal.of(
            Status.BAD_REQUEST_400,
            "parameter %s is not known here".formatted(left.keySet().iterator().next()));
      }
    }
  }
}
