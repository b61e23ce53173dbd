package dev.eider.runtime.web;

import com.fasterxml.jackson.databind.JsonNode;
import dev.eider.runtime.config.SiteSettings;
import dev.eider.runtime.lake.AsOf;
import dev.eider.runtime.lake.LakeException;
import dev.eider.runtime.lake.PastGoneException;
import dev.eider.runtime.sql.InvalidSql;
import dev.eider.runtime.sql.SqlAnswer;
import dev.eider.runtime.sql.SqlCancel;
import dev.eider.runtime.sql.SqlFormat;
import dev.eider.runtime.sql.SqlRequest;
import dev.eider.runtime.stats.StatsUnavailable;
import dev.eider.runtime.stats.TooBusy;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.Method;
import io.helidon.http.Status;
import java.io.IOException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code POST /api/v1/sql}: one SELECT over the rows of a site. */
final class SqlEndpoint {

  private static final Logger LOG = LoggerFactory.getLogger(SqlEndpoint.class);
  private static final int LARGEST_BODY = 1 << 20;
  private static final HeaderName TRUNCATED = HeaderNames.create("X-Eider-Truncated");
  private static final HeaderName WARNING = HeaderNames.create("X-Eider-Warning");

  private final ReadAccess access;
  private final SqlSource source;
  private final Meters meters;

  SqlEndpoint(ReadAccess access, SqlSource source, Meters meters) {
    this.access = access;
    this.source = source;
    this.meters = meters;
  }

  void on(Routes.Builder routes) {
    routes.on(Method.POST, "/api/v1/sql", this::answer);
  }

  private void answer(Exchange exchange) throws Exception {
    long start = System.nanoTime();
    try {
      String key = access.key(exchange);
      JsonNode body = Json.object(exchange.body(LARGEST_BODY));
      List<SiteSettings> sites = access.sites(key, body.path("site_id"));
      SqlRequest request =
          new SqlRequest(text(body), params(body), format(exchange), limit(body), asOf(body));
      SqlCancel cancel = new SqlCancel();
      exchange.onDeparture(cancel::gone);
      try (SqlAnswer answer = source.answer(sites, request, cancel)) {
        meters.query(System.nanoTime() - start);
        send(exchange, answer);
      }
    } catch (InvalidSql e) {
      throw refused(Refusal.of(Status.BAD_REQUEST_400, String.valueOf(e.getMessage())));
    } catch (TooBusy e) {
      throw refused(Refusal.busy(String.valueOf(e.getMessage())));
    } catch (PastGoneException e) {
      throw refused(Refusal.of(Status.GONE_410, String.valueOf(e.getMessage())));
    } catch (StatsUnavailable e) {
      throw refused(Refusal.later("not answered: " + e.getMessage(), 5));
    } catch (LakeException e) {
      LOG.warn("a statement was not answered", e);
      throw refused(
          Refusal.later("not answered: the lake could not be read; the log says more", 5));
    } catch (Refusal refusal) {
      throw refused(refusal);
    }
  }

  private Refusal refused(Refusal refusal) {
    meters.queryFailed(Integer.toString(refusal.status().code()));
    return refusal;
  }

  private static void send(Exchange exchange, SqlAnswer answer) throws IOException {
    SqlFormat format = answer.format();
    if (format != SqlFormat.JSON) {
      exchange.with(
          HeaderNames.CONTENT_DISPOSITION,
          "attachment; filename=\"query.%s\"".formatted(format.extension()));
      exchange.with(TRUNCATED, Boolean.toString(answer.truncated()));
      if (!answer.missing().isEmpty()) {
        exchange.with(WARNING, answer.warning());
      }
    }
    exchange.stream(Status.OK_200, format.mediaType(), answer.size(), answer::writeTo);
  }

  private static String text(JsonNode body) {
    JsonNode query = body.path("query");
    if (!query.isMissingNode() && !query.isTextual()) {
      throw new InvalidSql("query must be a text");
    }
    return query.asText();
  }

  private static Map<String, JsonNode> params(JsonNode body) {
    JsonNode params = body.path("params");
    if (params.isMissingNode() || params.isNull()) {
      return Map.of();
    }
    if (!params.isObject()) {
      throw new InvalidSql("params must be an object: {\"name\": value} for $name");
    }
    Map<String, JsonNode> values = new HashMap<>();
    params.properties().forEach(entry -> values.put(entry.getKey(), entry.getValue()));
    return values;
  }

  private static int limit(JsonNode body) {
    JsonNode limit = body.path("limit");
    if (limit.isMissingNode()) {
      return SqlRequest.USUAL_ROWS;
    }
    // What is none is out of bounds, and refused as such.
    return limit.isInt() ? limit.intValue() : 0;
  }

  private static Optional<AsOf> asOf(JsonNode body) {
    JsonNode asOf = body.path("as_of");
    if (asOf.isMissingNode() || asOf.isNull()) {
      return Optional.empty();
    }
    if (asOf.canConvertToLong() && asOf.isIntegralNumber() && asOf.longValue() > 0) {
      return Optional.of(new AsOf.Snapshot(asOf.longValue()));
    }
    Instant at;
    try {
      at = OffsetDateTime.parse(asOf.asText()).toInstant();
    } catch (DateTimeParseException e) {
      throw new InvalidSql(
          "as_of is neither a time like \"2026-05-04T12:00:00Z\" nor the number of a snapshot");
    }
    if (at.isAfter(Instant.now())) {
      throw new InvalidSql("as_of lies in the future; leave it out to ask about now");
    }
    return Optional.of(new AsOf.Time(at));
  }

  private static SqlFormat format(Exchange exchange) {
    String asked = exchange.queryParameter("format");
    if (!asked.isEmpty()) {
      return SqlFormat.of(asked)
          .orElseThrow(() -> new InvalidSql("format is one of " + SqlFormat.names()));
    }
    Optional<SqlFormat> wanted =
        Accept.best(exchange, List.of(SqlFormat.values()), SqlFormat::mediaType);
    if (wanted.isEmpty()
        && exchange.header(HeaderNames.ACCEPT).startsWith("application/vnd.apache.arrow.file")) {
      throw Refusal.of(
          Status.NOT_ACCEPTABLE_406,
          "Arrow's files are not written here; ask for application/vnd.apache.arrow.stream, which"
              + " Arrow's libraries read too");
    }
    return wanted.orElse(SqlFormat.JSON);
  }
}
