package dev.eider.runtime.web;

import com.fasterxml.jackson.databind.JsonNode;
import dev.eider.runtime.config.ConfigException;
import dev.eider.runtime.config.RetentionSettings;
import dev.eider.runtime.config.SiteSettings;
import dev.eider.runtime.config.Sites;
import io.helidon.http.Method;
import io.helidon.http.Status;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.Collectors;

/**
 * {@code PUT /api/sites/{siteId}/retention} with {@code {"days": 90}}, or with days of a
 * RetentionPolicy by the names that they have there. Every site is declared in YAML, in a cluster
 * or in the directory that a runtime was given, and what is changed elsewhere would be as before
 * with the next change there: so the answer is the YAML to change, with status 409.
 */
final class RetentionEndpoint {

  private static final int LARGEST_BODY = 1 << 12;
  private static final int MOST_DAYS = 36_500;
  private static final String RAW = "rawEventsDays";
  private static final String SESSIONS = "sessionsDays";
  private static final String HOURS = "hourlyRollupsDays";
  private static final String DAYS = "dailyRollupsDays";
  private static final List<String> FIELDS = List.of(RAW, SESSIONS, HOURS, DAYS);

  private final Sites sites;

  RetentionEndpoint(Sites sites) {
    this.sites = sites;
  }

  void on(Routes.Builder routes, AdminEndpoints admin) {
    routes.on(Method.PUT, "/api/sites/{siteId}/retention", admin.guarded(this::put));
  }

  private void put(Exchange exchange) throws Exception {
    Map<String, Integer> asked = days(Json.object(exchange.body(LARGEST_BODY)));
    SiteSettings site =
        sites
            .byId(exchange.parameter("siteId"))
            .orElseThrow(() -> Refusal.of(Status.NOT_FOUND_404, "no site has that id"));
    requireUsable(site.retention(), asked);
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("error", sentence(site));
    answer.put("yaml", yaml(site, asked));
    exchange.json(Status.CONFLICT_409, answer);
  }

  /** Fields of a policy, in its order. */
  private static Map<String, Integer> days(JsonNode body) {
    Map<String, Integer> asked = new LinkedHashMap<>();
    for (String field : FIELDS) {
      String name = field.equals(RAW) && !body.has(RAW) ? "days" : field;
      JsonNode days = body.path(name);
      if (days.isMissingNode()) {
        continue;
      }
      if (!days.isIntegralNumber()
          || !days.canConvertToInt()
          || days.asInt() < 1
          || days.asInt() > MOST_DAYS) {
        throw Refusal.of(
            Status.BAD_REQUEST_400, "%s is a whole number from 1 to %d".formatted(name, MOST_DAYS));
      }
      asked.put(field, days.asInt());
    }
    if (asked.isEmpty()) {
      throw Refusal.of(
          Status.BAD_REQUEST_400,
          "say how many days are kept: days, or any of " + String.join(", ", FIELDS));
    }
    return asked;
  }

  /** A policy that says so, too, would be taken. */
  private static void requireUsable(RetentionSettings now, Map<String, Integer> asked) {
    try {
      new RetentionSettings(
          now.policy(),
          days(asked, RAW, now.rawEventsDays()),
          days(asked, SESSIONS, now.sessionsDays()),
          days(asked, HOURS, now.hoursDays()),
          days(asked, DAYS, now.rollupsDays()),
          now.archive(),
          now.tier(),
          now.enforce(),
          now.maxDeletePercent(),
          now.known());
    } catch (ConfigException e) {
      throw Refusal.of(Status.BAD_REQUEST_400, String.valueOf(e.getMessage()));
    }
  }

  private static OptionalInt days(Map<String, Integer> asked, String name, OptionalInt now) {
    return asked.containsKey(name) ? OptionalInt.of(asked.get(name)) : now;
  }

  private static String sentence(SiteSettings site) {
    return "%s is declared %s, so its retention is changed there: %s"
        .formatted(
            site.siteId(),
            site.namespace().isEmpty()
                ? "in the directory that --sites names"
                : "by an AnalyticsSite in the namespace " + site.namespace(),
            site.retention().policy().isEmpty()
                ? "add this policy, and name it in the site's spec"
                : "set this in its policy");
  }

  private static String yaml(SiteSettings site, Map<String, Integer> asked) {
    RetentionSettings now = site.retention();
    String policy =
        now.policy().isEmpty()
            ? "keep-%d-days".formatted(asked.values().iterator().next())
            : now.policy();
    String days =
        asked.entrySet().stream()
            .map(field -> "  %s: %d\n".formatted(field.getKey(), field.getValue()))
            .collect(Collectors.joining());
    String namespace = site.namespace().isEmpty() ? "" : "\n  namespace: " + site.namespace();
    String change =
        """
        apiVersion: eider.dev/v1alpha1
        kind: RetentionPolicy
        metadata:
          name: %s%s
        spec:
        %s"""
            .formatted(policy, namespace, days);
    return now.policy().isEmpty()
        ? change
            + """
            ---
            # and in the AnalyticsSite of %s
            spec:
              retentionPolicyRef:
                name: %s
            """
                .formatted(site.siteId(), policy)
        : change;
  }
}
