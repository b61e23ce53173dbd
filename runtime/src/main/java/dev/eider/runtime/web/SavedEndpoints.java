package dev.eider.runtime.web;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.eider.runtime.config.SiteSettings;
import dev.eider.runtime.state.SavedItems;
import dev.eider.runtime.stats.Annotation;
import dev.eider.runtime.stats.InvalidQuery;
import dev.eider.runtime.stats.Segment;
import io.helidon.http.Method;
import io.helidon.http.Status;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code /api/stats/segments} and {@code /api/stats/annotations}: what people save for a site, for
 * whoever shows its stats key or the admin token.
 */
final class SavedEndpoints {

  private static final Logger LOG = LoggerFactory.getLogger(SavedEndpoints.class);
  private static final int LARGEST_BODY = 64 << 10;

  private final StatsAccess access;
  private final SavedItems segments;
  private final SavedItems annotations;

  SavedEndpoints(StatsAccess access, SavedItems segments, SavedItems annotations) {
    this.access = access;
    this.segments = segments;
    this.annotations = annotations;
  }

  void on(Routes.Builder routes) {
    new Kind(
            "segments",
            segments,
            sent -> Segment.of(0, sent).saved(),
            site -> site.segments().stream().map(SavedEndpoints::declared).toList())
        .on(routes);
    new Kind("annotations", annotations, sent -> Annotation.of(0, sent).saved(), site -> List.of())
        .on(routes);
  }

  /** A site's own segment as it is listed: its name is what questions call it. */
  private static ObjectNode declared(dev.eider.runtime.config.Segment segment) {
    ObjectNode json =
        JsonNodeFactory.instance.objectNode().put("id", segment.name()).put("name", segment.name());
    json.set("filters", segment.filters());
    return json;
  }

  /** Saves, or reads what is saved; the medium may refuse. */
  @FunctionalInterface
  private interface Work<T> {
    T work() throws IOException, SavedItems.FullException;
  }

  private final class Kind {

    private final String name;
    private final SavedItems items;
    private final UnaryOperator<JsonNode> checked;
    private final Function<SiteSettings, List<ObjectNode>> declared;

    /**
     * @param checked makes of what was sent what is saved; throws {@link InvalidQuery}
     * @param declared those in the site's spec, which are listed first and cannot be changed here
     */
    Kind(
        String name,
        SavedItems items,
        UnaryOperator<JsonNode> checked,
        Function<SiteSettings, List<ObjectNode>> declared) {
      this.name = name;
      this.items = items;
      this.checked = checked;
      this.declared = declared;
    }

    void on(Routes.Builder routes) {
      String all = "/api/stats/" + name;
      routes
          .on(Method.GET, all, this::list)
          .on(Method.POST, all, this::add)
          .on(Method.PUT, all + "/{id}", this::replace)
          .on(Method.DELETE, all + "/{id}", this::remove);
    }

    private void list(Exchange exchange) {
      SiteSettings site = site(exchange);
      List<JsonNode> list = new ArrayList<>(declared.apply(site));
      tried(() -> items.of(site.siteId())).forEach(item -> list.add(shown(item)));
      exchange.json(Status.OK_200, Map.of(name, list));
    }

    private void add(Exchange exchange) throws IOException {
      SiteSettings site = site(exchange);
      JsonNode value = sent(exchange);
      exchange.json(Status.CREATED_201, shown(tried(() -> items.add(site.siteId(), value))));
    }

    private void replace(Exchange exchange) throws IOException {
      SiteSettings site = site(exchange);
      long id = id(exchange, site);
      JsonNode value = sent(exchange);
      found(tried(() -> items.replace(site.siteId(), id, value)), id);
      exchange.json(Status.OK_200, shown(new SavedItems.Item(id, value)));
    }

    private void remove(Exchange exchange) {
      SiteSettings site = site(exchange);
      long id = id(exchange, site);
      found(tried(() -> items.remove(site.siteId(), id)), id);
      exchange.empty(Status.NO_CONTENT_204);
    }

    private SiteSettings site(Exchange exchange) {
      return access.site(exchange, StatsAccess.parameters(exchange)::siteId);
    }

    private JsonNode sent(Exchange exchange) throws IOException {
      try {
        return checked.apply(Json.object(exchange.body(LARGEST_BODY)));
      } catch (InvalidQuery e) {
        throw Refusal.of(Status.BAD_REQUEST_400, String.valueOf(e.getMessage()));
      }
    }

    private static JsonNode shown(SavedItems.Item item) {
      ObjectNode json = JsonNodeFactory.instance.objectNode().put("id", item.id());
      json.setAll((ObjectNode) item.value());
      return json;
    }

    private long id(Exchange exchange, SiteSettings site) {
      String text = exchange.parameter("id");
      if (declared.apply(site).stream().anyMatch(one -> one.path("id").textValue().equals(text))) {
        throw Refusal.of(
            Status.CONFLICT_409,
            "'%s' is declared in the site's spec under %s; change it there".formatted(text, name));
      }
      if (!text.matches("[0-9]{1,18}")) {
        throw none(text);
      }
      return Long.parseLong(text);
    }

    private void found(boolean there, long id) {
      if (!there) {
        throw none(Long.toString(id));
      }
    }

    private Refusal none(String id) {
      return Refusal.of(
          Status.NOT_FOUND_404,
          "the site has no %s of that number (%s); GET /api/stats/%s lists them"
              .formatted(name, id, name));
    }

    private <R> R tried(Work<R> work) {
      try {
        return work.work();
      } catch (SavedItems.FullException e) {
        throw Refusal.of(Status.CONFLICT_409, String.valueOf(e.getMessage()));
      } catch (IOException e) {
        LOG.error("{} could not be read or saved", name, e);
        throw Refusal.later("the runtime's disk refuses; try again later", 10);
      }
    }
  }
}
