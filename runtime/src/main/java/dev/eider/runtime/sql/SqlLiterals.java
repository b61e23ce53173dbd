package dev.eider.runtime.sql;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Puts values in the place of {@code $name} in a statement.
 *
 * <p>DuckDB's JDBC driver knows parameters by number only. What comes out is parsed and checked
 * like anything else that is run, so a mistake here could at worst refuse a statement.
 */
final class SqlLiterals {

  private final String text;
  private final Map<String, JsonNode> values;
  private final StringBuilder out = new StringBuilder();
  private int at;

  private SqlLiterals(String text, Map<String, JsonNode> values) {
    this.text = text;
    this.values = values;
  }

  /**
   * The statement with its values.
   *
   * @throws InvalidSql when there is none for a name, or it is none that SQL has
   */
  static String in(String statement, Map<String, JsonNode> values) {
    return new SqlLiterals(statement, values).fill();
  }

  private String fill() {
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c == '\'') {
        quoted('\'', false);
      } else if (c == '"') {
        quoted('"', false);
      } else if (text.startsWith("--", at)) {
        keepUntil(text.indexOf('\n', at), 1);
      } else if (text.startsWith("/*", at)) {
        comment();
      } else if (c == '$') {
        dollar();
      } else if (isStart(c)) {
        word();
      } else {
        keep(1);
      }
    }
    return out.toString();
  }

  private void keep(int characters) {
    int end = Math.min(text.length(), at + characters);
    out.append(text, at, end);
    at = end;
  }

  /** Keeps all up to a place, and so many characters there; all the rest where there is none. */
  private void keepUntil(int place, int characters) {
    keep(place < 0 ? text.length() - at : place - at + characters);
  }

  private void quoted(char quote, boolean backslashes) {
    int end = at + 1;
    while (end < text.length() && text.charAt(end) != quote) {
      end += backslashes && text.charAt(end) == '\\' ? 2 : 1;
    }
    // A doubled quote is two quoted texts, one right behind the other.
    keepUntil(Math.min(end, text.length()), 1);
  }

  /** They nest. */
  private void comment() {
    int depth = 0;
    do {
      if (text.startsWith("/*", at)) {
        depth++;
        keep(2);
      } else if (text.startsWith("*/", at)) {
        depth--;
        keep(2);
      } else {
        keep(1);
      }
    } while (depth > 0 && at < text.length());
  }

  private void word() {
    int end = at;
    while (end < text.length() && (isPart(text.charAt(end)) || text.charAt(end) == '$')) {
      end++;
    }
    boolean escapes =
        end == at + 1
            && Character.toLowerCase(text.charAt(at)) == 'e'
            && end < text.length()
            && text.charAt(end) == '\'';
    keep(end - at);
    if (escapes) {
      quoted('\'', true);
    }
  }

  private void dollar() {
    int end = at + 1;
    while (end < text.length() && isPart(text.charAt(end))) {
      end++;
    }
    String name = text.substring(at + 1, end);
    boolean quotedText =
        end < text.length()
            && text.charAt(end) == '$'
            && (name.isEmpty() || !Character.isDigit(name.charAt(0)));
    if (quotedText) {
      String tag = text.substring(at, end + 1);
      keepUntil(text.indexOf(tag, end + 1), tag.length());
      return;
    }
    if (name.isEmpty()) {
      keep(1);
      return;
    }
    JsonNode value = values.get(name);
    if (value == null) {
      throw new InvalidSql(
          "the query names $%s, and params has no \"%s\"; give it there".formatted(name, name));
    }
    out.append(literal(name, value));
    at = end;
  }

  private static String literal(String name, JsonNode value) {
    return switch (value.getNodeType()) {
      case NULL -> "NULL";
      case BOOLEAN -> value.asText();
      // Parentheses: a minus behind a minus would begin a comment.
      case NUMBER -> "(" + value.decimalValue().toPlainString() + ")";
      case STRING -> text(name, value.textValue());
      case ARRAY ->
          value
              .valueStream()
              .map(each -> literal(name, each))
              .collect(Collectors.joining(", ", "[", "]"));
      default ->
          throw new InvalidSql(
              "params has for \"%s\" what is no text, number, truth value, null or list"
                  .formatted(name));
    };
  }

  private static String text(String name, String value) {
    if (value.indexOf('\0') >= 0) {
      throw new InvalidSql("params has a text with a NUL for \"%s\"".formatted(name));
    }
    return "'" + value.replace("'", "''") + "'";
  }

  private static boolean isStart(char c) {
    return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_' || c >= 0x80;
  }

  private static boolean isPart(char c) {
    return isStart(c) || c >= '0' && c <= '9';
  }
}
