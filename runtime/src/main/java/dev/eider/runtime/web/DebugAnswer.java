package dev.eider.runtime.web;

import dev.eider.runtime.access.AdminToken;
import dev.eider.runtime.access.Bearer;
import dev.eider.runtime.collect.Adapted;
import dev.eider.runtime.collect.Explanation;
import dev.eider.runtime.collect.IngestKey;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * {@code X-Debug-Request: true}: 200 with what was seen of the client and, for who shows the site's
 * ingest key or the admin token, what would become of the event. Nothing is kept.
 */
final class DebugAnswer {

  private static final HeaderName ASKED = HeaderNames.create("X-Debug-Request");
  private static final String HOW_TO_SEE_MORE =
      "show the site's ingest key, or the admin token, as Authorization: Bearer KEY to see what"
          + " would become of the event";

  private final Intake intake;
  private final AdminToken adminToken;

  DebugAnswer(Intake intake, AdminToken adminToken) {
    this.intake = intake;
    this.adminToken = adminToken;
  }

  static boolean isWanted(Exchange exchange) {
    return exchange.header(ASKED).equalsIgnoreCase("true");
  }

  void send(Exchange exchange, Adapted adapted) {
    boolean admin =
        Bearer.token(exchange.header(HeaderNames.AUTHORIZATION))
            .filter(adminToken::admits)
            .isPresent();
    IngestKey key = admin ? siteId -> true : intake.ingestKey(exchange);
    exchange.json(Status.OK_200, answer(intake.explain(exchange, adapted, key)));
  }

  private static Map<String, Object> answer(Explanation seen) {
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("client", seen.client());
    answer.put("peer", seen.peer());
    answer.put("forwarded_for", seen.forwardedFor());
    if (seen.fates().isEmpty()) {
      answer.put("hint", HOW_TO_SEE_MORE);
    } else {
      answer.put("sites", seen.fates().stream().map(DebugAnswer::site).toList());
    }
    return answer;
  }

  private static Map<String, Object> site(Explanation.Fate fate) {
    Map<String, Object> site = new LinkedHashMap<>();
    site.put("site", fate.name());
    site.put("kept", fate.kept());
    if (!fate.reason().isEmpty()) {
      site.put("reason", fate.reason());
    }
    List<String> notes = fate.notes();
    if (!notes.isEmpty()) {
      site.put("notes", notes);
    }
    return site;
  }
}
