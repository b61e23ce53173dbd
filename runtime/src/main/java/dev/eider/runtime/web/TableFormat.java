package dev.eider.runtime.web;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.eider.runtime.sql.SqlAnswer;
import dev.eider.runtime.sql.SqlFormat;
import dev.eider.runtime.sql.Table;
import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Status;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.BiFunction;

/** How the answer to a query is written. */
enum TableFormat {
  /** As it is, with {@code meta} and {@code query}. */
  JSON("application/json", "json"),
  /** RFC 4180, with a line of names; money as its number. */
  CSV("text/csv; charset=utf-8", "csv"),
  /** One object a line, values by name. */
  NDJSON("application/x-ndjson", "ndjson"),
  /** Columns with types; money as its number. */
  PARQUET("application/vnd.apache.parquet", "parquet"),
  /** Apache Arrow's IPC stream; money as its number. */
  ARROW("application/vnd.apache.arrow.stream", "arrow");

  private final Header contentType;
  private final String extension;

  TableFormat(String contentType, String extension) {
    this.contentType = HeaderValues.createCached(HeaderNames.CONTENT_TYPE, contentType);
    this.extension = extension;
  }

  /** What the request wants: {@code ?format=}, then {@code Accept}. */
  static TableFormat of(Exchange exchange, TableFormat otherwise) {
    for (String part : exchange.rawQuery().split("&", -1)) {
      if (part.startsWith("format=")) {
        String word = part.substring("format=".length());
        for (TableFormat format : values()) {
          if (format.extension.equals(word.toLowerCase(Locale.ROOT))) {
            return format;
          }
        }
        throw Refusal.of(
            Status.BAD_REQUEST_400, "format is one of json, csv, ndjson, parquet, arrow");
      }
    }
    return Accept.best(exchange, List.of(values()), format -> format.contentType.get())
        .orElse(otherwise);
  }

  /**
   * Answers with it.
   *
   * @param name of the file that a browser would save, without its extension
   * @param tables writes a table as Parquet or Arrow
   */
  void send(
      Exchange exchange,
      JsonNode answer,
      String name,
      BiFunction<Table, SqlFormat, byte[]> tables) {
    if (this != JSON) {
      exchange.with(
          HeaderNames.CONTENT_DISPOSITION,
          "attachment; filename=\"" + name + "." + extension + "\"");
    }
    byte[] bytes =
        switch (this) {
          case PARQUET -> tables.apply(table(answer), SqlFormat.PARQUET);
          case ARROW -> tables.apply(table(answer), SqlFormat.ARROW);
          default -> write(answer);
        };
    exchange.send(Status.OK_200, contentType, bytes);
  }

  /** The answer's bytes. */
  byte[] write(JsonNode answer) {
    return switch (this) {
      case JSON -> Json.bytes(answer);
      case CSV -> csv(answer).getBytes(StandardCharsets.UTF_8);
      case NDJSON -> lines(answer, false);
      case PARQUET, ARROW -> throw new IllegalStateException(this + " is written by DuckDB");
    };
  }

  private static List<String> names(JsonNode answer) {
    List<String> names = new ArrayList<>();
    answer.at("/query/dimensions").forEach(name -> names.add(name.asText()));
    answer.at("/query/metrics").forEach(name -> names.add(name.asText()));
    return names;
  }

  private static List<JsonNode> values(JsonNode result) {
    List<JsonNode> values = new ArrayList<>();
    result.get("dimensions").forEach(values::add);
    result.get("metrics").forEach(values::add);
    return values;
  }

  private static String csv(JsonNode answer) {
    StringBuilder csv = new StringBuilder();
    csv.append(String.join(",", names(answer).stream().map(TableFormat::field).toList()));
    csv.append("\r\n");
    for (JsonNode result : answer.get("results")) {
      csv.append(
          String.join(
              ",",
              values(result).stream()
                  .map(
                      value ->
                          value.isTextual()
                              ? field(harmless(value.textValue()))
                              : value.isObject() ? value.path("value").asText() : number(value))
                  .toList()));
      csv.append("\r\n");
    }
    return csv.toString();
  }

  private static String number(JsonNode value) {
    return value.isNull() ? "" : value.asText();
  }

  private static String field(String text) {
    return text.chars().anyMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r')
        ? '"' + text.replace("\"", "\"\"") + '"'
        : text;
  }

  /** Spreadsheets run what begins like a formula, and visitors choose these texts. */
  private static String harmless(String text) {
    return !text.isEmpty() && "=+-@\t\r".indexOf(text.charAt(0)) >= 0 ? "'" + text : text;
  }

  /** Texts for dimensions; numbers for metrics, whole ones where all are. */
  private static Table table(JsonNode answer) {
    List<String> names = names(answer);
    int dimensions = answer.at("/query/dimensions").size();
    List<SqlAnswer.Column> columns = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      int at = i;
      boolean whole =
          answer
              .get("results")
              .valueStream()
              .map(result -> values(result).get(at))
              .allMatch(value -> value.isNull() || value.isIntegralNumber());
      columns.add(
          new SqlAnswer.Column(
              names.get(i), i < dimensions ? "VARCHAR" : whole ? "BIGINT" : "DOUBLE"));
    }
    return new Table(columns, lines(answer, true));
  }

  private static byte[] lines(JsonNode answer, boolean moneyAsNumber) {
    List<String> names = names(answer);
    ByteArrayOutputStream lines = new ByteArrayOutputStream();
    for (JsonNode result : answer.get("results")) {
      ObjectNode line = JsonNodeFactory.instance.objectNode();
      List<JsonNode> values = values(result);
      for (int i = 0; i < names.size(); i++) {
        JsonNode value = values.get(i);
        line.set(names.get(i), moneyAsNumber && value.isObject() ? value.path("value") : value);
      }
      lines.writeBytes(Json.bytes(line));
      lines.write('\n');
    }
    return lines.toByteArray();
  }
}
