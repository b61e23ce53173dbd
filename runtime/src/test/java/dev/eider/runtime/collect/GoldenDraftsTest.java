package dev.eider.runtime.collect;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.eider.runtime.event.Action;
import dev.eider.runtime.event.Engagement;
import dev.eider.runtime.golden.GoldenVector;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What adapters make of the golden requests: all that a draft says and that is not the default. */
class GoldenDraftsTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  static Stream<GoldenVector> vectors() {
    return GoldenVector.all();
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void aRequestBecomesTheseDrafts(GoldenVector vector) throws IOException {
    ArrayNode drafts = JsonNodeFactory.instance.arrayNode();
    List<? extends Adapted> items =
        switch (adapted(vector)) {
          case Batch batch -> batch.items().stream().map(Adapted.class::cast).toList();
          case Adapted one -> List.of(one);
        };
    for (Adapted item : items) {
      drafts.add(
          switch (item) {
            case Draft draft -> json(draft);
            case Rejection rejection -> json(rejection);
            case Batch batch -> throw new AssertionError("a batch in a batch");
          });
    }
    vector.check("drafts", drafts);
  }

  private static Adapted adapted(GoldenVector vector) {
    byte[] body = vector.body(GoldenVector.INGEST_KEY);
    String referer = vector.headers("").getOrDefault("Referer", "");
    return switch (vector.method() + " " + vector.path()) {
      case "POST /api/event" -> PlausibleAdapter.post(body);
      case "GET /api/event" -> PlausibleAdapter.get(vector.query(), referer);
      case "POST /api/send" -> UmamiAdapter.send(body);
      case "POST /api/batch" -> UmamiAdapter.batch(body);
      case "GET /count", "POST /count" ->
          GoatCounterAdapter.count(vector.query(), GoldenVector.SITE, referer);
      case "POST /api/v0/count" -> GoatCounterAdapter.api(body, GoldenVector.SITE);
      case "GET /matomo.php", "POST /matomo.php", "GET /piwik.php" ->
          MatomoRequest.read(vector.query(), body, referer).adapted();
      case "POST /api/events" -> EventsAdapter.post(body);
      default -> throw new AssertionError("no protocol has " + vector.path());
    };
  }

  private static ObjectNode json(Rejection rejection) {
    ObjectNode json = JSON.createObjectNode();
    json.put("rejected", rejection.status() + " " + rejection.reason());
    json.set("errors", sorted(rejection.errors()));
    return json;
  }

  private static ObjectNode json(Draft draft) throws IOException {
    ObjectNode json = JSON.createObjectNode();
    draft.id().ifPresent(id -> json.put("id", id.toString()));
    ArrayNode sites = json.putArray("sites");
    draft.sites().forEach(site -> sites.add(site.kind() + " " + site.text()));
    json.put("type", draft.type().word());
    json.put("name", draft.name());
    json.put("url", draft.url().withoutPrivateParts());
    json.put("pathname", draft.url().pathname());
    text(json, "title", draft.title());
    text(json, "referrer", draft.referrer());
    if (!draft.props().isEmpty()) {
      json.set("props", JSON.readTree(draft.props()));
    }
    draft.money().ifPresent(money -> json.put("money", money.amount() + " " + money.currency()));
    if (!draft.interactive()) {
      json.put("interactive", false);
    }
    if (!draft.engagement().equals(Engagement.NONE)) {
      json.put(
          "engagement",
          draft.engagement().scrollDepth() + " % " + draft.engagement().millis() + " ms");
    }
    if (!draft.action().equals(Action.NONE)) {
      Action action = draft.action();
      ArrayNode parts = json.putArray("action");
      parts.add(action.category()).add(action.action()).add(action.label());
      parts.add(action.value().map(Object::toString).orElse(""));
    }
    if (draft.order().isPresent()) {
      ObjectNode order = json.putObject("order");
      text(order, "id", draft.order().get().id());
      draft.order().get().tax().ifPresent(tax -> order.put("tax", tax.toString()));
      draft.order().get().shipping().ifPresent(cost -> order.put("shipping", cost.toString()));
      if (!draft.order().get().items().isEmpty()) {
        order.set("items", JSON.readTree(draft.order().get().items()));
      }
    }
    map(json, "dimensions", draft.dimensions());
    map(json, "metrics", draft.metrics());
    text(json, "screenSize", draft.screenSize());
    text(json, "language", draft.language());
    text(json, "sdk", draft.sdk());
    text(json, "botRule", draft.botRule());
    draft.when().said().ifPresent(timestamp -> json.put("timestamp", timestamp.toString()));
    if (!draft.when().ago().isZero()) {
      json.put("ago", draft.when().ago().toString());
    }
    text(json, "needsKey", draft.needsKey());
    Draft.Sender sender = draft.sender();
    text(json, "userId", sender.userId());
    text(json, "address", sender.address());
    text(json, "userAgent", sender.userAgent());
    text(json, "country", sender.country());
    text(json, "region", sender.region());
    text(json, "city", sender.city());
    if (!draft.notes().isEmpty()) {
      draft.notes().forEach(json.putArray("notes")::add);
    }
    return json;
  }

  private static ObjectNode sorted(Map<String, List<String>> errors) {
    ObjectNode json = JSON.createObjectNode();
    errors.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(error -> json.set(error.getKey(), JSON.valueToTree(error.getValue())));
    return json;
  }

  private static void text(ObjectNode json, String field, String text) {
    if (!text.isEmpty()) {
      json.put(field, text);
    }
  }

  private static void map(ObjectNode json, String field, Map<String, String> map) {
    if (!map.isEmpty()) {
      json.set(field, JSON.valueToTree(map));
    }
  }
}
