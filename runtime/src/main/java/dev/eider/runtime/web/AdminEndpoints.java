package dev.eider.runtime.web;

import com.fasterxml.jackson.databind.JsonNode;
import dev.eider.runtime.access.AdminToken;
import dev.eider.runtime.access.Bearer;
import dev.eider.runtime.config.ConfigException;
import dev.eider.runtime.config.Manifests;
import dev.eider.runtime.config.SiteSettings;
import dev.eider.runtime.config.Sites;
import dev.eider.runtime.job.JobJson;
import dev.eider.runtime.job.JobRequest;
import dev.eider.runtime.job.JobState;
import dev.eider.runtime.job.Jobs;
import dev.eider.runtime.job.NotFoundException;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Method;
import io.helidon.http.Status;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.RejectedExecutionException;
import java.util.regex.Pattern;

/** {@code /admin}: sites are pushed, jobs asked for, the runtime looked at. By token only. */
final class AdminEndpoints {

  private static final int LARGEST_BODY = 1 << 20;
  private static final List<String> OF_JOB =
      List.of("id", "execute", "retry", "parameters", "subject");

  private static final Pattern JOB_ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,252}");

  private final AdminToken token;
  private final Sites sites;
  private final Jobs jobs;
  private final Figures figures;

  AdminEndpoints(AdminToken token, Sites sites, Jobs jobs, Figures figures) {
    this.token = token;
    this.sites = sites;
    this.jobs = jobs;
    this.figures = figures;
  }

  void on(Routes.Builder routes) {
    routes
        .on(Method.GET, "/admin/status", guarded(this::status))
        .on(Method.GET, "/admin/sites", guarded(this::allSites))
        .on(Method.GET, "/admin/sites/{siteId}", guarded(this::site))
        .on(Method.PUT, "/admin/sites/{siteId}", guarded(this::putSite))
        .on(Method.GET, "/admin/jobs", guarded(this::allJobs))
        .on(Method.POST, "/admin/jobs/{name}", guarded(this::submit))
        .on(Method.GET, "/admin/jobs/{name}/{id}", guarded(this::job))
        .on(Method.DELETE, "/admin/jobs/{name}/{id}", guarded(this::cancel));
  }

  /** The endpoint for those who show the admin token. */
  Routes.Endpoint guarded(Routes.Endpoint endpoint) {
    return exchange -> {
      if (Bearer.token(exchange.header(HeaderNames.AUTHORIZATION))
          .filter(token::admits)
          .isEmpty()) {
        throw Refusal.of(
            Status.UNAUTHORIZED_401,
            "show the admin token as Authorization: Bearer TOKEN",
            HeaderValues.create(HeaderNames.WWW_AUTHENTICATE, "Bearer realm=\"eider admin\""));
      }
      endpoint.answer(exchange);
    };
  }

  private void status(Exchange exchange) {
    Map<String, Object> answer = new LinkedHashMap<>(figures.runtime());
    Map<String, Object> last = new TreeMap<>();
    jobs.lastOfEachName().forEach((name, job) -> last.put(name, JobJson.of(job)));
    answer.put("lastJobs", last);
    exchange.json(Status.OK_200, answer);
  }

  private void allSites(Exchange exchange) {
    List<Map<String, Object>> all = new ArrayList<>();
    sites.all().forEach(site -> all.add(identity(site)));
    exchange.json(Status.OK_200, Map.of("sites", all));
  }

  private void site(Exchange exchange) {
    String siteId = exchange.parameter("siteId");
    SiteSettings site =
        sites
            .byId(siteId)
            .orElseThrow(
                () -> Refusal.of(Status.NOT_FOUND_404, "no site has the id " + quoted(siteId)));
    Map<String, Object> answer = identity(site);
    answer.putAll(figures.site(site));
    exchange.json(Status.OK_200, answer);
  }

  private void putSite(Exchange exchange) throws Exception {
    String siteId = exchange.parameter("siteId");
    JsonNode body = Json.object(exchange.body(LARGEST_BODY));
    List<JsonNode> documents = new ArrayList<>();
    documents.add(body.path("site"));
    if (body.path("retentionPolicy").isObject()) {
      documents.add(body.path("retentionPolicy"));
    }
    try {
      Manifests manifests = Manifests.of(documents);
      if (manifests.sites().size() != 1) {
        throw new ConfigException(
            "the body must be {\"site\": an AnalyticsSite of eider.dev, \"retentionPolicy\": its"
                + " RetentionPolicy where it refers to one}");
      }
      Manifests.Resolved resolved =
          manifests.sites().getFirst().resolve(manifests.policies(), sites.byId(siteId));
      SiteSettings site = resolved.settings();
      if (!site.siteId().equals(siteId)) {
        throw new ConfigException(
            "the path names the site %s, the body the site %s"
                .formatted(quoted(siteId), site.siteId()));
      }
      Map<String, Object> answer = identity(sites.put(site));
      resolved.problem().ifPresent(problem -> answer.put("problem", problem));
      exchange.json(Status.OK_200, answer);
    } catch (ConfigException e) {
      throw Refusal.of(Status.BAD_REQUEST_400, String.valueOf(e.getMessage()));
    }
  }

  private void allJobs(Exchange exchange) {
    exchange.json(Status.OK_200, Map.of("jobs", jobs.all().stream().map(JobJson::of).toList()));
  }

  private void submit(Exchange exchange) throws Exception {
    String name = exchange.parameter("name");
    JsonNode body = Json.object(exchange.body(LARGEST_BODY));
    String id = body.path("id").asText();
    if (!JOB_ID.matcher(id).matches()) {
      throw Refusal.of(
          Status.BAD_REQUEST_400,
          "give the job an id of your own: letters, digits, dots, dashes and underscores, at most"
              + " 253");
    }
    boolean execute = flag(body, "execute");
    boolean retry = flag(body, "retry");
    body.fieldNames()
        .forEachRemaining(
            field -> {
              if (!OF_JOB.contains(field)) {
                throw Refusal.of(
                    Status.BAD_REQUEST_400,
                    "%s is not known here; a job has %s"
                        .formatted(field, String.join(", ", OF_JOB)));
              }
            });
    JsonNode given = body.path("parameters");
    if (!given.isMissingNode() && !given.isObject()) {
      throw Refusal.of(Status.BAD_REQUEST_400, "parameters must be an object");
    }
    Map<String, Long> parameters = new TreeMap<>();
    for (Map.Entry<String, JsonNode> parameter : given.properties()) {
      if (!parameter.getValue().canConvertToLong() || !parameter.getValue().isIntegralNumber()) {
        throw Refusal.of(
            Status.BAD_REQUEST_400,
            "parameters.%s must be a whole number".formatted(parameter.getKey()));
      }
      parameters.put(parameter.getKey(), parameter.getValue().longValue());
    }
    try {
      JobState state =
          jobs.submit(name, id, new JobRequest(execute, parameters, body.path("subject"), retry))
              .orElseThrow(() -> noSuchVerb(name));
      exchange.json(Status.ACCEPTED_202, JobJson.of(state));
    } catch (NotFoundException e) {
      throw Refusal.of(Status.NOT_FOUND_404, String.valueOf(e.getMessage()));
    } catch (IllegalArgumentException e) {
      throw Refusal.of(Status.BAD_REQUEST_400, String.valueOf(e.getMessage()));
    } catch (RejectedExecutionException e) {
      throw Refusal.later("jobs are not taken just now: " + e.getMessage(), 10);
    }
  }

  private static boolean flag(JsonNode body, String name) {
    JsonNode value = body.path(name);
    if (!value.isMissingNode() && !value.isBoolean()) {
      throw Refusal.of(Status.BAD_REQUEST_400, name + " must be true or false");
    }
    return value.asBoolean(false);
  }

  private void job(Exchange exchange) {
    exchange.json(
        Status.OK_200,
        JobJson.of(
            jobs.find(exchange.parameter("name"), exchange.parameter("id"))
                .orElseThrow(AdminEndpoints::noSuchJob)));
  }

  private void cancel(Exchange exchange) {
    exchange.json(
        Status.ACCEPTED_202,
        JobJson.of(
            jobs.cancel(exchange.parameter("name"), exchange.parameter("id"))
                .orElseThrow(AdminEndpoints::noSuchJob)));
  }

  private Map<String, Object> identity(SiteSettings site) {
    Map<String, Object> identity = new LinkedHashMap<>();
    identity.put("siteId", site.siteId());
    identity.put("revision", site.revision());
    identity.put("generation", site.generation());
    identity.put("namespace", site.namespace());
    identity.put("ingestEnabled", site.ingest().enabled());
    identity.put("conflicts", sites.conflictsOf(site.siteId()));
    return identity;
  }

  private Refusal noSuchVerb(String name) {
    return Refusal.of(
        Status.NOT_FOUND_404,
        "no job is called %s; there are: %s"
            .formatted(quoted(name), String.join(", ", new TreeSet<>(jobs.names()))));
  }

  private static Refusal noSuchJob() {
    return Refusal.of(
        Status.NOT_FOUND_404, "no such job; only the last " + Jobs.REMEMBERED + " are remembered");
  }

  private static String quoted(String given) {
    return "'" + (given.length() > 100 ? given.substring(0, 100) + "…" : given) + "'";
  }
}
