package dev.eider.runtime.web;

import com.fasterxml.jackson.databind.JsonNode;
import dev.eider.runtime.config.RetentionSettings;
import dev.eider.runtime.config.SiteSettings;
import dev.eider.runtime.config.Sites;
import io.helidon.http.Method;
import io.helidon.http.Status;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * {@code PUT /api/sites/{siteId}/retention} with {@code {"days": 90}}. Every site is declared in
 * YAML, in a cluster or in the directory that a runtime was given, and what is changed elsewhere
 * would be as before with the next change there: so the answer is the YAML to change, with status
 * 409.
 */
final class RetentionEndpoint {

  private static final int LARGEST_BODY = 1 << 12;
  private static final int MOST_DAYS = 36_500;

  private final Sites sites;

  RetentionEndpoint(Sites sites) {
    this.sites = sites;
  }

  void on(Routes.Builder routes, AdminEndpoints admin) {
    routes.on(Method.PUT, "/api/sites/{siteId}/retention", admin.guarded(this::put));
  }

  private void put(Exchange exchange) throws Exception {
    JsonNode days = Json.object(exchange.body(LARGEST_BODY)).path("days");
    if (!days.isIntegralNumber()
        || !days.canConvertToInt()
        || days.asInt() < 1
        || days.asInt() > MOST_DAYS) {
      throw Refusal.of(
          Status.BAD_REQUEST_400, "days is a whole number from 1 to %d".formatted(MOST_DAYS));
    }
    SiteSettings site =
        sites
            .byId(exchange.parameter("siteId"))
            .orElseThrow(() -> Refusal.of(Status.NOT_FOUND_404, "no site has that id"));
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("error", sentence(site));
    answer.put("yaml", yaml(site, days.asInt()));
    exchange.json(Status.CONFLICT_409, answer);
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

  private static String yaml(SiteSettings site, int days) {
    RetentionSettings now = site.retention();
    String policy = now.policy().isEmpty() ? "keep-%d-days".formatted(days) : now.policy();
    String namespace = site.namespace().isEmpty() ? "" : "\n  namespace: " + site.namespace();
    String change =
        """
        apiVersion: eider.dev/v1alpha1
        kind: RetentionPolicy
        metadata:
          name: %s%s
        spec:
          rawEventsDays: %d
        """
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
