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
  private static final String AUDIT = "auditLogDays";
  private static final List<String> FIELDS = List.of(RAW, SESSIONS, HOURS, DAYS, AUDIT);

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
    RetentionSettings wanted = changed(site.retention(), asked);
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("error", sentence(site));
    answer.put("yaml", yaml(site, wanted));
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

  /**
   * The policy as it would be.
   *
   * @throws Refusal 400 when none can be so
   */
  private static RetentionSettings changed(RetentionSettings now, Map<String, Integer> asked) {
    try {
      return new RetentionSettings(
          now.policy().isEmpty()
              ? "keep-%d-days".formatted(asked.values().iterator().next())
              : now.policy(),
          days(asked, RAW, now.rawEventsDays()),
          days(asked, SESSIONS, now.sessionsDays()),
          days(asked, HOURS, now.hoursDays()),
          days(asked, DAYS, now.rollupsDays()),
          days(asked, AUDIT, now.auditLogDays()),
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

  /** All of it, since what is left out of a policy that is applied goes from it. */
  private static String yaml(SiteSettings site, RetentionSettings wanted) {
    StringBuilder yaml =
        new StringBuilder(
            """
            apiVersion: eider.dev/v1alpha1
            kind: RetentionPolicy
            metadata:
              name: %s%s
            spec:
            """
                .formatted(
                    wanted.policy(),
                    site.namespace().isEmpty() ? "" : "\n  namespace: " + site.namespace()));
    number(yaml, RAW, wanted.rawEventsDays());
    number(yaml, SESSIONS, wanted.sessionsDays());
    number(yaml, HOURS, wanted.hoursDays());
    number(yaml, DAYS, wanted.rollupsDays());
    number(yaml, AUDIT, wanted.auditLogDays());
    wanted
        .tier()
        .ifPresent(
            tier -> {
              yaml.append("  tiers:\n  - afterDays: %d\n    to: S3\n".formatted(tier.afterDays()));
              tier.storageClass()
                  .ifPresent(name -> yaml.append("    storageClass: " + name + "\n"));
            });
    if (!wanted.enforce()) {
      yaml.append("  mode: DryRun\n");
    }
    if (wanted.maxDeletePercent() != RetentionSettings.DEFAULT_MAX_DELETE_PERCENT) {
      yaml.append("  guard:\n    maxDeletePercent: %d\n".formatted(wanted.maxDeletePercent()));
    }
    if (wanted.archive().isPresent()) {
      // Where it is is not known here.
      yaml.append("  # and archive, schedule and timeZone as they are\n");
    }
    if (site.retention().policy().isEmpty()) {
      yaml.append(
          """
          ---
          # and in the AnalyticsSite of %s
          spec:
            retentionPolicyRef:
              name: %s
          """
              .formatted(site.siteId(), wanted.policy()));
    }
    return yaml.toString();
  }

  private static void number(StringBuilder yaml, String name, OptionalInt days) {
    days.ifPresent(number -> yaml.append("  %s: %d\n".formatted(name, number)));
  }
}
