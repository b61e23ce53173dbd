package dev.eider.runtime.sql;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** How rows are written. */
public enum SqlFormat {
  /** One object with the rows by name, their columns and what has to be known about them. */
  JSON("application/json"),
  /** RFC 4180 with a line of names. Texts that a spreadsheet would run get an apostrophe. */
  CSV("text/csv; charset=utf-8"),
  /** One object a line. */
  NDJSON("application/x-ndjson"),
  /** Apache Parquet, ZSTD. */
  PARQUET("application/vnd.apache.parquet"),
  /** Apache Arrow's IPC stream, as {@link ArrowStream} writes it. */
  ARROW("application/vnd.apache.arrow.stream");

  private final String mediaType;

  SqlFormat(String mediaType) {
    this.mediaType = mediaType;
  }

  /** The one with that name, which is also the extension of its files. */
  public static Optional<SqlFormat> of(String name) {
    return Arrays.stream(values()).filter(format -> format.extension().equals(name)).findFirst();
  }

  /** All names, for sentences. */
  public static String names() {
    return Arrays.stream(values()).map(SqlFormat::extension).collect(Collectors.joining(", "));
  }

  /** For {@code Content-Type}. */
  public String mediaType() {
    return mediaType;
  }

  /** Without a dot. */
  public String extension() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The statement that writes a table to a file.
   *
   * @param limit most rows
   * @param file a literal
   */
  String copy(String table, List<SqlAnswer.Column> columns, long limit, String file) {
    return "COPY (%s) TO %s (%s)"
        .formatted(
            select(table, columns, limit),
            file,
            switch (this) {
              case JSON, NDJSON -> "FORMAT json";
              case CSV -> "FORMAT csv, HEADER";
              case PARQUET -> "FORMAT parquet, COMPRESSION zstd";
              case ARROW -> throw new IllegalStateException("DuckDB does not write Arrow itself");
            });
  }

  /** The rows of a table as they are shown in this format. */
  String select(String table, List<SqlAnswer.Column> columns, long limit) {
    return "SELECT %s FROM %s LIMIT %d"
        .formatted(
            columns.stream().map(this::shown).collect(Collectors.joining(", ")), table, limit);
  }

  private String shown(SqlAnswer.Column column) {
    String name = Sandbox.name(column.name());
    boolean fraction = column.type().equals("DOUBLE") || column.type().equals("FLOAT");
    if (fraction && (this == JSON || this == NDJSON)) {
      // JSON has no word for what is no number.
      return "CASE WHEN isfinite(%1$s) THEN %1$s END AS %1$s".formatted(name);
    }
    if (column.type().equals("VARCHAR") && this == CSV) {
      // Spreadsheets run what begins like a formula, and visitors choose these texts.
      return "CASE WHEN left(%1$s, 1) IN ('=', '+', '-', '@', chr(9), chr(13)) THEN chr(39) || %1$s ELSE %1$s END AS %1$s"
          .formatted(name);
    }
    if (this == PARQUET) {
      return inParquet(column.type(), name);
    }
    return this == ARROW ? ArrowTypes.shown(column) : name;
  }

  /** DuckDB writes whole numbers that Parquet has no type for as floating point. */
  private static String inParquet(String type, String name) {
    return switch (type) {
      case "HUGEINT" -> "CAST(%1$s AS DECIMAL(38,0)) AS %1$s".formatted(name);
      case "UHUGEINT", "BIGNUM" -> "CAST(%1$s AS VARCHAR) AS %1$s".formatted(name);
      default -> name;
    };
  }
}
