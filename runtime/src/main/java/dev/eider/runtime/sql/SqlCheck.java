package dev.eider.runtime.sql;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Looks at a statement as DuckDB understood it ({@code json_serialize_sql}), and refuses all that
 * is not known to be harmless: what reads anything but the views of the sites, and functions that
 * are not on the list. Whatever DuckDB may learn to say in a later version is refused until it is
 * named here.
 */
final class SqlCheck {

  /** The relations that there are. */
  static final Set<String> VIEWS = Set.of("events", "events_all", "counted_events", "sessions");

  /** Parts of a query and of what it selects from that do no more than hold other parts. */
  private static final Set<String> PLAIN =
      Set.of(
          "SELECT_NODE",
          "SET_OPERATION_NODE",
          "RECURSIVE_CTE_NODE",
          "CTE_NODE",
          "ORDER_MODIFIER",
          "LIMIT_MODIFIER",
          "LIMIT_PERCENT_MODIFIER",
          "DISTINCT_MODIFIER",
          "ASCENDING",
          "DESCENDING",
          "ORDER_DEFAULT",
          "EMPTY",
          "JOIN",
          "SUBQUERY",
          "EXPRESSION_LIST",
          "PIVOT");

  private static final Set<String> EXPRESSIONS =
      Set.of(
          "COLUMN_REF",
          "CONSTANT",
          "COMPARISON",
          "CONJUNCTION",
          "OPERATOR",
          "CAST",
          "CASE",
          "BETWEEN",
          "STAR",
          "SUBQUERY",
          "LAMBDA",
          "LAMBDA_REF",
          "COLLATE",
          "POSITIONAL_REFERENCE",
          "DEFAULT");

  /** Types, which hold nothing that is run. */
  private static final Set<String> TYPES = Set.of("cast_type", "expected_types");

  /** A name that a replacement scan takes for no file, and that is none of DuckDB's own views. */
  private static final Pattern NAME =
      Pattern.compile(
          "(?!duckdb_|sqlite_|pragma_|pg_|information_schema)[\\p{L}_][\\p{L}\\p{N}_]*");

  private final Set<String> used = new LinkedHashSet<>();
  private final SqlGrowth growth = new SqlGrowth();

  private SqlCheck() {}

  /**
   * Checks what {@code json_serialize_sql} made of a text.
   *
   * @param text that text, by which it is said where something is wrong
   * @return the views that the statement reads
   * @throws InvalidSql when it is to be run by nobody, and why
   */
  static Set<String> views(JsonNode serialised, String text) {
    if (serialised.path("error").asBoolean()) {
      String message = serialised.path("error_message").asText();
      throw new InvalidSql(
          message.startsWith("Only SELECT")
              ? "only a SELECT can be run here; PIVOT and UNPIVOT are possible inside of one, behind FROM, PIVOT with its values named: ON column IN ('a', 'b')"
              : "the query is no SQL: " + message + line(serialised.path("position"), text));
    }
    JsonNode statements = serialised.path("statements");
    if (statements.size() != 1) {
      throw new InvalidSql(
          "the query has %d statements; give exactly one SELECT".formatted(statements.size()));
    }
    SqlCheck check = new SqlCheck();
    check.walk(statements.get(0).path("node"), Set.of());
    return Set.copyOf(check.used);
  }

  /** Which line a position is in, where there are several. */
  private static String line(JsonNode position, String text) {
    int at = Math.min(position.asInt(-1), text.length());
    long breaks = text.chars().filter(each -> each == '\n').count();
    return at < 0 || breaks == 0
        ? ""
        : " in line " + (text.substring(0, at).chars().filter(each -> each == '\n').count() + 1);
  }

  private void walk(JsonNode node, Set<String> outerNames) {
    if (node.isArray()) {
      node.forEach(each -> walk(each, outerNames));
    } else if (node.isObject()) {
      Set<String> names = withNamesOf(node, outerNames);
      look(node, names);
      node.properties()
          .forEach(
              part -> {
                if (!isLeaf(node, part.getKey())) {
                  walk(part.getValue(), names);
                }
              });
    }
  }

  private static boolean isLeaf(JsonNode node, String part) {
    return TYPES.contains(part)
        || part.equals("value") && node.path("class").asText().equals("CONSTANT");
  }

  private static Set<String> withNamesOf(JsonNode node, Set<String> outer) {
    JsonNode named = node.path("cte_map").path("map");
    if (named.isEmpty()) {
      return outer;
    }
    Set<String> names = new HashSet<>(outer);
    for (JsonNode each : named) {
      String name = lower(each.path("key"));
      if (!NAME.matcher(name).matches()) {
        throw new InvalidSql(
            "WITH names \"%s\"; use letters, digits and _ only, and no name of DuckDB's own"
                .formatted(brief(name)));
      }
      names.add(name);
    }
    return names;
  }

  private void look(JsonNode node, Set<String> names) {
    JsonNode kind = node.path("class");
    if (kind.isTextual()) {
      expression(kind.textValue(), node);
    } else if (node.path("type").isTextual()) {
      source(node.path("type").textValue(), node, names);
    }
  }

  private void expression(String kind, JsonNode node) {
    switch (kind) {
      case "FUNCTION", "WINDOW" -> {
        function(node, SqlFunctions.IN_EXPRESSIONS, "function");
        growth.add(lower(node.path("function_name")), node.path("children"));
      }
      // Table functions are looked at before their arguments are.
      case "TABLE_FUNCTION" -> {}
      case "PARAMETER" ->
          throw new InvalidSql(
              "the query has a parameter without a name; write it as $name and give params a \"name\"");
      default -> {
        if (!EXPRESSIONS.contains(kind)) {
          throw notPossible(kind);
        }
      }
    }
  }

  private void source(String type, JsonNode node, Set<String> names) {
    switch (type) {
      case "BASE_TABLE" -> table(node, names);
      case "TABLE_FUNCTION" -> tableFunction(node);
      case "SHOW_REF" -> {
        if (!node.path("query").isObject()) {
          throw new InvalidSql("what there is is not shown; possible is DESCRIBE events");
        }
      }
      default -> {
        if (!PLAIN.contains(type)) {
          throw notPossible(type);
        }
      }
    }
  }

  private void table(JsonNode node, Set<String> names) {
    String name = lower(node.path("table_name"));
    boolean plain =
        node.path("catalog_name").asText().isEmpty()
            && node.path("schema_name").asText().isEmpty()
            && node.path("at_clause").isNull();
    if (plain && names.contains(name)) {
      return;
    }
    if (!node.path("at_clause").isNull()) {
      throw new InvalidSql("AT is not possible here; ask with \"as_of\" beside the query");
    }
    if (!plain && VIEWS.contains(name)) {
      throw new InvalidSql("write %s without a catalog or schema before it".formatted(name));
    }
    if (!plain || !VIEWS.contains(name)) {
      throw new InvalidSql(
          "there is no table \"%s\" to be read here; there are counted_events, events, events_all and sessions"
              .formatted(brief(node.path("table_name").asText())));
    }
    used.add(name);
  }

  private static void tableFunction(JsonNode node) {
    if (!(node.path("function") instanceof ObjectNode called)
        || !called.path("class").asText().equals("FUNCTION")) {
      throw notPossible("TABLE_FUNCTION");
    }
    function(called, SqlFunctions.IN_FROM, "table function");
    called.put("class", "TABLE_FUNCTION");
  }

  private static void function(JsonNode node, Set<String> possible, String what) {
    String name = lower(node.path("function_name"));
    String schema = node.path("schema").asText();
    String catalog = node.path("catalog").asText();
    if (!possible.contains(name)
        || !(schema.isEmpty() || schema.equals("main"))
        || !(catalog.isEmpty() || catalog.equals("system"))) {
      throw new InvalidSql(
          "the %s \"%s\" is not possible here%s"
              .formatted(what, brief(name), SqlFunctions.hint(name)));
    }
  }

  private static InvalidSql notPossible(String what) {
    return new InvalidSql(
        "%s is not possible here"
            .formatted(brief(what.replace('_', ' ').toLowerCase(Locale.ROOT))));
  }

  private static String lower(JsonNode text) {
    return text.asText().toLowerCase(Locale.ROOT);
  }

  private static String brief(String text) {
    return text.length() <= 60 ? text : text.substring(0, 60) + "…";
  }
}
