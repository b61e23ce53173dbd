package dev.eider.runtime.sql;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;

/**
 * How many times as long as it was a statement may make a text by replacing parts of it, joining or
 * encoding it, as if all were done one inside the other. DuckDB counts that memory nowhere and
 * cannot interrupt it, so a text of some hundred KiB that is put in the place of each of its own
 * characters takes all there is of the process.
 */
final class SqlGrowth {

  /** Far more than who cleans up texts needs; far less than takes a process down. */
  private static final long MOST = 256;

  private long times = 1;

  /**
   * Takes a function into account.
   *
   * @param children its arguments, as {@code json_serialize_sql} tells them
   * @throws InvalidSql when it is too much
   */
  void add(String function, JsonNode children) {
    long factor =
        switch (function) {
          case "replace" -> replace(children);
          case "regexp_replace" -> regexpReplace(children);
          case "array_to_string", "list_string_agg", "string_agg", "group_concat", "listagg" ->
              joined(children, 1, function);
          case "list_aggr", "list_aggregate" -> joined(children, 2, function);
          case "bin", "to_binary" -> 8;
          case "url_encode" -> 3;
          case "hex", "to_hex", "base64", "to_base64", "json_quote", "to_json", "regexp_escape" ->
              2;
          default -> 1;
        };
    times = Math.min(times * factor, MOST + 1);
    if (times > MOST) {
      throw new InvalidSql(
          "the functions of this query could make a text more than %d times as long as it was; let them put in shorter ones, or fewer"
              .formatted(MOST));
    }
  }

  private static long replace(JsonNode children) {
    String to = literal(children, 2, "replace");
    JsonNode from = children.path(1);
    long shortest = isLiteral(from) ? Math.max(1, text(from).length()) : 1;
    return Math.max(1, (to.length() + shortest - 1) / shortest);
  }

  /** Where it is not global, what it puts in once may be the whole text several times. */
  private static long regexpReplace(JsonNode children) {
    boolean global =
        children.has(3)
            && (!isLiteral(children.path(3))
                || text(children.path(3)).toLowerCase(Locale.ROOT).contains("g"));
    if (!global) {
      return isLiteral(children.path(2))
          ? 1 + text(children.path(2)).chars().filter(each -> each == '\\').count()
          : 2;
    }
    return Math.max(1, literal(children, 2, "regexp_replace").length());
  }

  /** Each part of a list may be a letter, or nothing. */
  private static long joined(JsonNode children, int separator, String function) {
    return children.has(separator) ? 1 + literal(children, separator, function).length() : 1;
  }

  private static String literal(JsonNode children, int at, String function) {
    JsonNode child = children.path(at);
    if (!isLiteral(child)) {
      throw new InvalidSql(
          "what %s puts in is to be a text that is written out, since it may take more memory than can be watched"
              .formatted(function));
    }
    return text(child);
  }

  private static boolean isLiteral(JsonNode child) {
    return child.path("class").asText().equals("CONSTANT");
  }

  private static String text(JsonNode child) {
    return child.path("value").path("value").asText();
  }
}
