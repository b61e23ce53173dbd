package dev.eider.runtime.web;

import com.fasterxml.jackson.databind.JsonNode;
import dev.eider.runtime.sql.SqlFormat;
import dev.eider.runtime.sql.Table;
import dev.eider.runtime.stats.Behaviour;
import dev.eider.runtime.stats.Cohorts;
import dev.eider.runtime.stats.Commerce;
import dev.eider.runtime.stats.Excluded;
import dev.eider.runtime.stats.Parameters;
import dev.eider.runtime.stats.Question;
import dev.eider.runtime.stats.SiteViews;
import dev.eider.runtime.stats.StatsV1;
import dev.eider.runtime.stats.VisitList;
import io.helidon.http.Method;
import io.helidon.http.Status;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;

/** Statistics by GET: Plausible's Stats API v1, and the ready-made views of a site. */
final class StatsEndpoints {

  private final StatsAccess access;
  private final Figures figures;
  private final BiFunction<Table, SqlFormat, byte[]> tables;

  StatsEndpoints(StatsAccess access, Figures figures, BiFunction<Table, SqlFormat, byte[]> tables) {
    this.access = access;
    this.figures = figures;
    this.tables = tables;
  }

  void on(Routes.Builder routes) {
    get(routes, "/api/v1/stats/realtime/visitors", StatsV1::realtimeVisitors);
    get(routes, "/api/v1/stats/aggregate", StatsV1::aggregate);
    get(routes, "/api/v1/stats/timeseries", StatsV1::timeseries);
    get(routes, "/api/v1/stats/breakdown", StatsV1::breakdown);

    get(routes, "/api/stats/main", SiteViews::main);
    get(routes, "/api/stats/timeseries", SiteViews::timeseries);
    get(routes, "/api/stats/sessions", SiteViews::sessions);
    routes.on(
        Method.GET,
        "/api/stats/breakdown/{dimension}",
        exchange ->
            answer(
                exchange,
                parameters -> SiteViews.breakdown(exchange.parameter("dimension"), parameters)));
    get(routes, "/api/stats/ecommerce", Commerce::overview);
    get(routes, "/api/stats/funnel", Behaviour::funnel);
    get(routes, "/api/stats/sequences", Behaviour::sequences);
    get(routes, "/api/stats/flow", Behaviour::flow);
    routes.on(Method.GET, "/api/stats/export", this::export);

    get(routes, "/api/stats/realtime", unfiltered(SiteViews::realtime));
    routes.on(Method.GET, "/api/stats/excluded", this::excluded);
    get(routes, "/api/stats/visits", unfiltered(VisitList::of));
    get(routes, "/api/stats/funnels", unfiltered(Behaviour::funnels));
    get(routes, "/api/stats/retention", unfiltered(Cohorts::retention));
    get(routes, "/api/stats/products", unfiltered(Commerce::products));
  }

  /** Filters that are passed over would be taken for applied. */
  private static Function<Parameters, Question> unfiltered(
      Function<Parameters, Question> question) {
    return parameters -> {
      parameters.refuse(
          "filters", "this view has no filters; POST /api/v2/query and most others have them");
      return question.apply(parameters);
    };
  }

  private void get(Routes.Builder routes, String path, Function<Parameters, Question> question) {
    routes.on(Method.GET, path, exchange -> answer(exchange, question));
  }

  private void answer(Exchange exchange, Function<Parameters, Question> question) throws Exception {
    exchange.json(
        Status.OK_200,
        access.ask(exchange, body -> question.apply(StatsAccess.parameters(exchange))));
  }

  /** What is kept aside is in the lake; what is not kept is only counted, since the start. */
  private void excluded(Exchange exchange) throws Exception {
    Parameters parameters = StatsAccess.parameters(exchange);
    JsonNode kept = access.ask(exchange, body -> unfiltered(Excluded::of).apply(parameters));
    Map<String, Object> answer = new LinkedHashMap<>();
    kept.fields().forEachRemaining(field -> answer.put(field.getKey(), field.getValue()));
    answer.put("dropped_since_start", figures.dropped(access.site(exchange, parameters::siteId)));
    exchange.json(Status.OK_200, answer);
  }

  private void export(Exchange exchange) throws Exception {
    TableFormat format = TableFormat.of(exchange, TableFormat.CSV);
    format.send(
        exchange,
        access.ask(exchange, body -> SiteViews.daily(StatsAccess.parameters(exchange))),
        "daily",
        tables);
  }
}
