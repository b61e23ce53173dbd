package dev.eider.runtime.sql;

import java.util.regex.Pattern;

/** How DuckDB's types are told in Arrow, where Arrow knows no such type or DuckDB tells another. */
final class ArrowTypes {

  /**
   * What would lose something, seen with DuckDB 1.5.5: UHUGEINT its upper half, BIT and BIGNUM
   * become DuckDB's own bytes, a time its zone, and an ENUM's values would have to come first.
   */
  private static final Pattern UNTOLD =
      Pattern.compile("\\b(?:UHUGEINT|BIGNUM|BIT|TIME WITH TIME ZONE|ENUM)\\b");

  private static final Pattern NESTED = Pattern.compile("(?s).*\\]|(?:STRUCT|MAP|UNION|LIST)\\(.*");
  private static final Pattern QUOTED = Pattern.compile("(?s)\"(?:[^\"]|\"\")*\"|'(?:[^']|'')*'");

  private ArrowTypes() {}

  /**
   * A column as it is selected: as a text where its type would be told wrongly.
   *
   * @throws InvalidSql when such a type is inside of another one
   */
  static String shown(SqlAnswer.Column column) {
    String name = Sandbox.name(column.name());
    // Names and values of other people are no types.
    String type = QUOTED.matcher(column.type()).replaceAll("");
    if (!UNTOLD.matcher(type).find()) {
      return name;
    }
    if (NESTED.matcher(type).matches()) {
      throw new InvalidSql(
          "%s is %s, which Arrow has no type for; ask for CAST(%s AS JSON)"
              .formatted(column.name(), column.type(), name));
    }
    return "CAST(%1$s AS VARCHAR) AS %1$s".formatted(name);
  }
}
