package dev.eider.runtime.web;

import dev.eider.runtime.sql.SqlFormat;
import dev.eider.runtime.sql.Table;
import dev.eider.runtime.stats.Query;
import io.helidon.http.Method;
import io.helidon.http.Status;
import java.util.function.BiFunction;

/** {@code POST /api/v2/query}: Plausible's Stats API v2, also as CSV or JSON lines. */
final class QueryEndpoint {

  private final StatsAccess access;
  private final BiFunction<Table, SqlFormat, byte[]> tables;

  QueryEndpoint(StatsAccess access, BiFunction<Table, SqlFormat, byte[]> tables) {
    this.access = access;
    this.tables = tables;
  }

  void on(Routes.Builder routes) {
    routes.on(Method.POST, "/api/v2/query", this::answer);
  }

  private void answer(Exchange exchange) throws Exception {
    TableFormat format = TableFormat.of(exchange, TableFormat.JSON);
    format.send(exchange, access.ask(exchange, body -> query(body, format)), "query", tables);
  }

  private static Query query(byte[] body, TableFormat format) {
    Query query = Query.parse(body);
    if (format != TableFormat.JSON && query.isCompared()) {
      throw Refusal.of(
          Status.BAD_REQUEST_400,
          "a table has no place for include.comparisons: ask for JSON, or for each range by itself");
    }
    return query;
  }
}
