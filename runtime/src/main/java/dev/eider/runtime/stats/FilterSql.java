package dev.eider.runtime.stats;

import java.util.List;

/** Writes filters as conditions; what the asker wrote goes into parameters, never into the text. */
final class FilterSql {

  private FilterSql() {}

  static void write(Filter filter, Sql sql) {
    switch (filter) {
      case Filter.And(List<Filter> all) -> join(all, " AND ", "true", sql);
      case Filter.Or(List<Filter> any) -> join(any, " OR ", "false", sql);
      case Filter.Not(Filter inner) -> {
        sql.add("NOT (");
        write(inner, sql);
        sql.add(")");
      }
      case Filter.Match match -> write(match, sql);
    }
  }

  private static void join(List<Filter> filters, String word, String whenNone, Sql sql) {
    if (filters.isEmpty()) {
      sql.add(whenNone);
      return;
    }
    for (int i = 0; i < filters.size(); i++) {
      sql.add(i == 0 ? "(" : word + "(");
      write(filters.get(i), sql);
      sql.add(")");
    }
  }

  private static void write(Filter.Match match, Sql sql) {
    String value = match.dimension().valueSql();
    if (!match.caseSensitive()) {
      value = "lower(" + value + ")";
    }
    String parameter = match.caseSensitive() ? "?" : "lower(?)";
    sql.add(match.negated() ? "NOT (" : "(");
    List<String> values = match.values();
    for (int i = 0; i < values.size(); i++) {
      sql.add(i == 0 ? "" : " OR ");
      sql.bind(
          switch (match.comparison()) {
            case IS -> value + " = " + parameter;
            case CONTAINS -> "contains(" + value + ", " + parameter + ")";
          },
          values.get(i));
    }
    sql.add(")");
  }
}
