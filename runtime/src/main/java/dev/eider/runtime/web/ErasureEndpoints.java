package dev.eider.runtime.web;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.eider.runtime.job.JobRequest;
import dev.eider.runtime.job.JobState;
import dev.eider.runtime.job.JobState.Phase;
import dev.eider.runtime.job.Jobs;
import dev.eider.runtime.job.NotFoundException;
import io.helidon.http.Method;
import io.helidon.http.Status;
import java.util.UUID;
import java.util.concurrent.RejectedExecutionException;

/**
 * {@code DELETE /api/v1/erase}: erases, answered with the receipt when it is done; and the same of
 * a site's days in an older form. The job is the one of {@code /admin/jobs/erase}, which suits what
 * may take longer than a connection lasts: by the same id it is the same erasure.
 */
final class ErasureEndpoints {

  private static final int LARGEST_BODY = 1 << 20;
  private static final String ID = "[A-Za-z0-9][A-Za-z0-9._-]{0,252}";

  private final AdminEndpoints admin;
  private final Jobs jobs;

  ErasureEndpoints(AdminEndpoints admin, Jobs jobs) {
    this.admin = admin;
    this.jobs = jobs;
  }

  void on(Routes.Builder routes) {
    routes
        .on(Method.DELETE, "/api/v1/erase", admin.guarded(this::erase))
        .on(Method.DELETE, "/api/gdpr/erase", admin.guarded(this::days));
  }

  private void erase(Exchange exchange) throws Exception {
    answer(exchange, Json.object(exchange.body(LARGEST_BODY)));
  }

  /** A site and days, both ends of which go. */
  private void days(Exchange exchange) throws Exception {
    ObjectNode subject = JsonNodeFactory.instance.objectNode();
    subject.putArray("sites").add(required(exchange, "site_id"));
    subject.put("from", required(exchange, "start_date"));
    subject.put("to", required(exchange, "end_date"));
    answer(exchange, subject);
  }

  private static String required(Exchange exchange, String name) {
    String value = exchange.queryParameter(name);
    if (value.isEmpty()) {
      throw Refusal.of(
          Status.BAD_REQUEST_400, "say which rows: ?site_id=…&start_date=…&end_date=…");
    }
    return value;
  }

  private void answer(Exchange exchange, JsonNode subject) throws InterruptedException {
    String dryRun = exchange.queryParameter("dry_run");
    if (!dryRun.isEmpty() && !dryRun.equals("true") && !dryRun.equals("false")) {
      throw Refusal.of(Status.BAD_REQUEST_400, "dry_run is true or false");
    }
    String id = exchange.queryParameter("id");
    if (!id.isEmpty() && !id.matches(ID)) {
      throw Refusal.of(
          Status.BAD_REQUEST_400, "id has letters, digits, dots, dashes and underscores");
    }
    exchange.json(
        Status.OK_200,
        run(id.isEmpty() ? "api-" + UUID.randomUUID() : id, !dryRun.equals("true"), subject));
  }

  private Object run(String id, boolean execute, JsonNode subject) throws InterruptedException {
    try {
      jobs.submit("erase", id, JobRequest.of(execute).with(subject).retrying());
    } catch (NotFoundException e) {
      throw Refusal.of(Status.NOT_FOUND_404, String.valueOf(e.getMessage()));
    } catch (IllegalArgumentException e) {
      throw Refusal.of(Status.BAD_REQUEST_400, String.valueOf(e.getMessage()));
    } catch (RejectedExecutionException e) {
      throw Refusal.later("erasures are not taken just now: " + e.getMessage(), 10);
    }
    JobState ended =
        jobs.await("erase", id)
            .orElseThrow(() -> Refusal.later("the job was forgotten; ask again", 1));
    if (ended.phase() == Phase.CANCELLED) {
      throw Refusal.later("the erasure was stopped; ask again", 10);
    }
    return ended
        .result()
        .orElseThrow(() -> Refusal.of(Status.INTERNAL_SERVER_ERROR_500, ended.error()));
  }
}
